/** The panels: a title and a canvas each, which show the runs on a surface, a map or as curves. */

import { arrowPoints, type Basins, Contour, type Vector } from "../chart/contour.ts";
import { drawCurve, type Series, suitsLog } from "../chart/curve.ts";
import type { Trace } from "../chart/path.ts";
import { makeSurface } from "../chart/surface.ts";
import type { Theme } from "../chart/theme.ts";
import { factors } from "../engine/descent.ts";
import { START } from "../generated.ts";
import { make } from "./dom.ts";
import { draggable, type Drawn, turnable } from "./gestures.ts";
import type { Model, PanelState, Scene, Shown } from "./model.ts";
import type { Store } from "./store.ts";
import { say } from "./strings.ts";

const MARKS = { minimum: "minima", saddle: "saddles", maximum: "maxima" } as const;

/** What a panel shows, and where. */
export interface Picture {
  readonly panel: PanelState;
  readonly scene: Scene;
  readonly theme: Theme;
  readonly width: number;
  readonly vectors: readonly Vector[];
  readonly basins: Basins | undefined;
}

export interface Panel {
  readonly element: HTMLElement;
  readonly isSurface: boolean;
  draw(picture: Omit<Picture, "width">): void;
  /** Give up all pixels until it is drawn again; its place on the page stays. */
  forget(): void;
}

/** Whether a panel shows the loss in colours. */
export const isColoured = (view: string) => /surface|contour|arrows/.test(view);
const isMap = (view: string) => /contour|arrows|basins/.test(view);

export function makePanel(store: Store, model: Model, view: PanelState["view"]): Panel {
  const canvas = make("canvas", { role: "img" });
  const title = make("p", { class: "gdviz-title" });
  const element = make("div", { class: "gdviz-panel", "data-view": view }, title, canvas);
  const isSurface = view === "surface";
  // A tall map is narrower, or it would not fit on a screen; a flat one has the width to itself.
  const { aspect } = store.data;
  if (isMap(view) && aspect > 1.5) element.style.maxWidth = `${45 / aspect}rem`;
  if (isMap(view) && aspect < 0.45) element.style.flexBasis = "100%";
  const drawn: Drawn = { runs: [], traces: [] };
  if (isSurface && store.has("view")) turnable(store, canvas);
  if (isMap(view) && (store.has("start") || store.data.predict)) draggable(store, canvas, drawn);
  const renderer = () => {
    if (isSurface) return surfaceRenderer(store, model, canvas);
    if (isMap(view)) return mapRenderer(store, model, canvas, view, drawn);
    return ({ panel: { runs }, scene, width, theme }: Picture) => {
      const shown = runs.map((place) => scene.runs[place]!);
      drawCurves(store, canvas, width, view, shown, theme);
    };
  };
  let render: ((picture: Picture) => void) | undefined;
  return {
    element,
    isSurface,
    forget() {
      render = drawn.contour = undefined;
      canvas.width = canvas.height = 0;
    },
    draw(picture) {
      const { panel, scene } = picture;
      if (title.textContent !== panel.title) title.textContent = panel.title;
      const isSelected = panel.runs.length === 1 && panel.runs[0] === store.selected;
      element.classList.toggle("gdviz-selected", isSelected && scene.runs.length > 1);
      const width = element.clientWidth;
      if (!width) return;
      const label = say("canvas", { title: panel.title, loss: store.data.loss.name });
      canvas.setAttribute("aria-label", label);
      render ??= renderer();
      render({ ...picture, width });
    },
  };
}

/** What the surface and the maps have in common. */
function common({ data, state, isHidden }: Store, model: Model, picture: Picture) {
  const { panel, scene, theme, width } = picture;
  const traces = panel.runs.map((place): Trace => {
    const { path, look, sound } = scene.runs[place]!;
    const isWhole = state.step >= Math.min(sound, state.steps);
    return {
      points: path.points,
      shown: isHidden ? 1 : Math.min(state.step + 1, sound),
      ended: isWhole && !isHidden,
      lost: sound <= state.steps,
      look,
      start: scene.isApart ? look.colour : START,
    };
  });
  const points = data.points.filter(({ kind }) => data.marks.includes(MARKS[kind]));
  const names = [...data.loss.symbols, say("loss")] as const;
  return { field: model.field, traces, points, names, theme, width };
}

function surfaceRenderer(store: Store, model: Model, canvas: HTMLCanvasElement) {
  const render = makeSurface(canvas);
  return (picture: Picture) =>
    render({
      ...common(store, model, picture),
      height: Math.round(0.85 * picture.width),
      camera: store.state.camera,
      moving: store.isMoving,
    });
}

function mapRenderer(
  store: Store,
  model: Model,
  canvas: HTMLCanvasElement,
  view: string,
  drawn: Drawn,
) {
  const { frame, aspect } = store.data;
  const contour = (drawn.contour = new Contour(canvas));
  const arrows = view === "arrows" ? model.gradients(arrowPoints(frame)) : undefined;
  return (picture: Picture) => {
    const { panel, theme, width, basins, vectors } = picture;
    const shown = common(store, model, picture);
    Object.assign(drawn, { runs: panel.runs, traces: shown.traces });
    contour.draw({
      ...shown,
      height: Math.round((width - 6 * theme.size) * aspect + 4.6 * theme.size),
      arrows,
      basins,
      vectors: panel.runs.includes(store.selected) ? vectors : [],
    });
  };
}

/** Draw losses, gradient norms or rates of runs against the step. */
export function drawCurves(
  { state, data, isHidden }: Store,
  canvas: HTMLCanvasElement,
  width: number,
  view: string,
  shown: readonly Shown[],
  theme: Theme,
): void {
  const { steps, step } = state;
  const valuesOf = ({ path: { losses, gradients }, run }: Shown): ArrayLike<number> => {
    if (view === "loss") return losses;
    if (view === "rate") return factors(data.schedule, steps).map((factor) => factor * run.lr);
    return losses.map((_, i) => Math.hypot(gradients[2 * i]!, gradients[2 * i + 1]!));
  };
  const series: Series[] = shown.map((one) => ({
    values: valuesOf(one),
    first: +(view === "rate"),
    look: one.look,
  }));
  drawCurve(canvas, {
    series: isHidden ? [] : series,
    steps,
    step: step < steps && !isHidden ? step : -1,
    log: suitsLog(series),
    theme,
    names: [say("step"), say(view === "loss" ? "loss" : view === "rate" ? "rateName" : "slope")],
    width,
    height: Math.round(Math.min(0.68 * width, 300)),
  });
}
