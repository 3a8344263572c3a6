/** The panels: a title and a canvas each, and what a pointer does there. */

import { factors } from "../engine/descent.ts";
import { measured } from "../engine/numbers.ts";
import { tolerance } from "../engine/verdict.ts";
import type { Pair } from "../types.ts";
import {
  arrowPoints,
  type Basins,
  type Contour,
  makeContour,
  type Vector,
} from "../chart/contour.ts";
import { drawCurve, type Series, suitsLog } from "../chart/curve.ts";
import { hold } from "../chart/field.ts";
import type { Trace } from "../chart/path.ts";
import { makeSurface } from "../chart/surface.ts";
import { START, type Theme } from "../chart/theme.ts";
import { make } from "./dom.ts";
import type { Live } from "./figure.ts";
import type { Shown, Shows } from "./scene.ts";
import { byHand, TILT, ZOOM } from "./address.ts";
import { say } from "./strings.ts";

const NAMES = ["θ₁", "θ₂"] as const;
const MARKS = { minimum: "minima", saddle: "saddles", maximum: "maxima" } as const;
/** Degrees to a pixel. */
const TURN = 0.5;

/** What is drawn at the moment. */
export interface Scene {
  readonly shown: readonly Shown[];
  readonly theme: Theme;
  readonly moving: boolean;
  readonly vectors: readonly Vector[];
  readonly basins: Basins | undefined;
}

export interface Drawn {
  readonly element: HTMLElement;
  readonly isSurface: boolean;
  draw(panel: Shows, scene: Scene): void;
  /** Give up all pixels until it is drawn again; its place on the page stays. */
  forget(): void;
}

/** Whether a panel shows the loss in colours. */
export const isColoured = (view: string) => /surface|contour|arrows/.test(view);
const isMap = (view: string) => /contour|arrows|basins/.test(view);

export function makePanel(live: Live, view: Shows["view"]): Drawn {
  const { data, model } = live;
  const { x, y } = data.frame;
  const canvas = make("canvas", { role: "img" });
  const title = make("p", { class: "gdviz-title" });
  const element = make("div", { class: "gdviz-panel", "data-view": view }, title, canvas);
  const points = data.points.filter(({ kind }) => data.marks.includes(MARKS[kind]));
  const isSurface = view === "surface";
  let render: ReturnType<typeof makeSurface> | undefined;
  let contour: Contour | undefined;
  const downhill = view === "arrows" ? arrows() : undefined;
  let own: Shows | undefined;
  let traces: Trace[] = [];
  const has = (name: string) => !data.hide.includes(name);
  if (isSurface && has("view")) turnable(live, canvas);
  if (isMap(view) && (has("start") || data.predict)) draggable();

  const keepRatio = () => void (canvas.style.aspectRatio = `${canvas.width}/${canvas.height}`);

  function arrows(): Float64Array {
    const places = arrowPoints(data.frame);
    const [gx, gy] = model.loss.over.gradient(
      places.filter((_, i) => !(i % 2)),
      places.filter((_, i) => i % 2),
    ) as [Float64Array, Float64Array];
    return places.map((_, i) => (i % 2 ? gy : gx)[i >> 1]!);
  }

  function draggable(): void {
    canvas.classList.add("gdviz-drag");
    let dragged = false;
    let pressed = false;
    const spot = (event: PointerEvent | Touch): Pair => {
      const box = canvas.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    const hit = (event: PointerEvent | Touch) => own!.runs[contour!.startAt(spot(event), traces)];
    const move = (event: PointerEvent) => {
      const [a, b] = contour!.toPoint(spot(event));
      const place: Pair = [byHand(a, x[1] - x[0]), byHand(b, y[1] - y[0])];
      if (live.isHidden()) live.guess(place);
      else live.setRun({ start: place }, true);
    };
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      const run = hit(event);
      if (live.isHidden()) {
        pressed = true;
        return;
      }
      if (!has("start")) return;
      live.select(run ?? (own!.runs.includes(live.selected) ? live.selected : own!.runs[0]!));
      // A finger that is not on the start may be about to scroll: then only a tap counts.
      if (event.pointerType === "mouse" || run !== undefined) {
        canvas.setPointerCapture(event.pointerId);
        dragged = true;
        if (run === undefined) move(event);
      } else pressed = true;
    });
    canvas.addEventListener("pointermove", (event) => dragged && move(event));
    canvas.addEventListener("pointerup", (event) => {
      if (pressed) move(event);
      if (dragged || pressed) live.rest();
      dragged = pressed = false;
    });
    canvas.addEventListener("pointercancel", () => {
      dragged = pressed = false;
      live.rest();
    });
    // The start can be drawn up and down by a finger, too, which would scroll anywhere else.
    canvas.addEventListener(
      "touchstart",
      (event) => hit(event.touches[0]!) !== undefined && event.preventDefault(),
      { passive: false },
    );
  }

  function trace(panel: Shows, { shown }: Scene): Trace[] {
    const { state } = live;
    return panel.runs.map((place) => {
      const { path, look, sound } = shown[place]!;
      const count = live.isHidden() ? 1 : Math.min(state.step + 1, sound);
      const isWhole = state.step >= Math.min(sound, state.steps);
      return {
        points: path.points,
        shown: count,
        ended: isWhole && !live.isHidden(),
        lost: sound <= state.steps,
        look,
        start: model.isApart(state) ? look.colour : START,
      };
    });
  }

  return {
    element,
    isSurface,
    forget() {
      render = contour = undefined;
      canvas.width = canvas.height = 0;
    },
    draw(panel, scene) {
      own = panel;
      if (title.textContent !== panel.title) title.textContent = panel.title;
      element.classList.toggle(
        "gdviz-selected",
        scene.shown.length > 1 && panel.runs.length === 1 && panel.runs[0] === live.selected,
      );
      const width = element.clientWidth;
      if (!width) return;
      const { theme, shown } = scene;
      canvas.setAttribute(
        "aria-label",
        say("canvas", { title: panel.title, loss: data.loss.name }),
      );
      if (!isMap(view) && !isSurface) {
        drawCurves(
          live,
          canvas,
          width,
          view,
          panel.runs.map((place) => shown[place]!),
          theme,
        );
        return keepRatio();
      }
      traces = trace(panel, scene);
      const names = [...NAMES, say("loss")] as const;
      const common = { field: model.field(), traces, points, theme, names, width };
      if (isSurface) {
        render ??= makeSurface(canvas);
        render({
          ...common,
          height: Math.round(0.85 * width),
          camera: live.state.camera,
          moving: scene.moving,
        });
        return keepRatio();
      }
      const ratio = (y[1] - y[0]) / (x[1] - x[0]);
      const aspect = ratio >= 0.5 && ratio <= 1.5 ? ratio : 1;
      contour ??= makeContour(canvas);
      contour.draw({
        ...common,
        height: Math.round((width - 6 * theme.size) * aspect + 4.6 * theme.size),
        arrows: downhill,
        basins: scene.basins,
        vectors: panel.runs.includes(live.selected) ? scene.vectors : [],
      });
      keepRatio();
    },
  };
}

/** Draw losses, gradient norms or rates of runs against the step. */
export function drawCurves(
  live: Live,
  canvas: HTMLCanvasElement,
  width: number,
  view: string,
  shown: readonly Shown[],
  theme: Theme,
): void {
  const { steps, step } = live.state;
  const series: Series[] = shown.map(({ path, look, run }) => {
    if (view === "loss") return { values: path.losses, first: 0, look };
    if (view === "rate")
      return {
        values: factors(live.data.schedule, steps).map((factor) => factor * run.lr),
        first: 1,
        look,
      };
    const norm = (_: number, i: number) =>
      Math.hypot(path.gradients[2 * i]!, path.gradients[2 * i + 1]!);
    return { values: path.losses.map(norm), first: 0, look };
  });
  drawCurve(canvas, {
    series: live.isHidden() ? [] : series,
    steps,
    step: step < steps && !live.isHidden() ? step : -1,
    log: suitsLog(series),
    theme,
    names: [say("step"), say(view === "loss" ? "loss" : view === "rate" ? "rateName" : "slope")],
    width,
    height: Math.round(Math.min(0.68 * width, 300)),
  });
}

/** Turn, tilt and zoom a surface by pointers. */
function turnable(live: Live, canvas: HTMLCanvasElement): void {
  canvas.classList.add("gdviz-turn");
  const pointers = new Map<number, Pair>();
  const apart = () => {
    const [a, b] = [...pointers.values()] as [Pair, Pair];
    return Math.hypot(a[0] - b[0], a[1] - b[1]);
  };
  const zoomBy = (factor: number) => {
    const { camera } = live.state;
    live.set({ camera: { ...camera, zoom: hold(camera.zoom * factor, ...ZOOM) } }, true);
  };
  canvas.addEventListener("pointerdown", (event) => {
    pointers.set(event.pointerId, [event.clientX, event.clientY]);
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const wide = pointers.size === 2 && apart();
    pointers.set(event.pointerId, [event.clientX, event.clientY]);
    if (wide) return zoomBy(apart() / wide);
    const { camera } = live.state;
    const azimuth = camera.azimuth - TURN * (event.clientX - before[0]);
    live.set(
      {
        camera: {
          ...camera,
          azimuth: ((((azimuth + 180) % 360) + 360) % 360) - 180,
          elevation: hold(camera.elevation + TURN * (event.clientY - before[1]), ...TILT),
        },
      },
      true,
    );
  });
  const release = (event: PointerEvent) => {
    pointers.delete(event.pointerId);
    live.rest();
  };
  canvas.addEventListener("pointerup", release);
  canvas.addEventListener("pointercancel", release);
  canvas.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      zoomBy(Math.exp(-event.deltaY / 300));
      live.rest();
    },
    { passive: false },
  );
}

/** The arrows at the current step: downhill, what is remembered, and the step itself. */
export function vectorsOf(
  live: Live,
  shown: Shown,
  before: Record<string, ArrayLike<number>>,
  after: Record<string, ArrayLike<number>>,
): Vector[] {
  const { x, y } = live.data.frame;
  const at = pair(before["theta"]!);
  const to = pair(after["theta"]!);
  const memory = ["b", "m"].find((name) => (after[name]?.length ?? 0) > 1);
  const size = ([a, b]: Pair) => Math.hypot(a / (x[1] - x[0]), b / (y[1] - y[0]));
  const slopes = [before["g"]!, ...(memory ? [after[memory]!] : [])].map(pair);
  // Slopes have another unit than parameters: the longest is drawn a sixth of the frame long, and
  // none where all of them are as good as zero.
  const isFlat = slopes.every(([a, b]) => Math.hypot(a, b) < tolerance(live.model.loss));
  const factor = isFlat ? 0 : 0.16 / Math.max(...slopes.map(size));
  const labels = ["−∇L", `−${memory}`];
  const colours = ["#e8f4ff", "#ffd1f4"];
  const found = slopes.map(([a, b], i) => ({
    at,
    by: [-factor * a, -factor * b] as Pair,
    colour: colours[i]!,
    label: labels[i]!,
    side: -i,
  }));
  return [
    ...found,
    { at, by: [to[0] - at[0], to[1] - at[1]], colour: shown.look.colour, label: "Δθ", side: 1 },
  ];
}

const pair = (column: ArrayLike<number>): Pair => [column[0]!, column[1]!];

export const distanceText = (a: Pair, b: Pair) => measured(Math.hypot(a[0] - b[0], a[1] - b[1]));
