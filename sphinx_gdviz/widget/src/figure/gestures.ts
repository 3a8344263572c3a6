/** What pointers do on the canvas of a panel: turn a surface, move the start of a run. */

import { clamp } from "../engine/interval.ts";
import { byHand } from "../engine/numbers.ts";
import type { Pair } from "../types.ts";
import type { Contour } from "../chart/contour.ts";
import type { Trace } from "../chart/path.ts";
import { type Store, TILT, ZOOM } from "./store.ts";

/** Degrees to a pixel. */
const TURN = 0.5;

/** What a map has drawn last, which pointers are about; nothing once its pixels are given up. */
export interface Drawn {
  contour?: Contour | undefined;
  /** Places of the runs that it shows, and how. */
  runs: readonly number[];
  traces: readonly Trace[];
}

/** Turn, tilt and zoom a surface. */
export function turnable(store: Store, canvas: HTMLCanvasElement): void {
  canvas.classList.add("gdviz-turn");
  const pointers = new Map<number, Pair>();
  const apart = () => {
    const [a, b] = [...pointers.values()] as [Pair, Pair];
    return Math.hypot(a[0] - b[0], a[1] - b[1]);
  };
  const zoomBy = (factor: number) => {
    const { camera } = store.state;
    store.set({ camera: { ...camera, zoom: clamp(camera.zoom * factor, ...ZOOM) } }, true);
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
    const { camera } = store.state;
    const azimuth = camera.azimuth - TURN * (event.clientX - before[0]);
    const elevation = clamp(camera.elevation + TURN * (event.clientY - before[1]), ...TILT);
    const turned = ((((azimuth + 180) % 360) + 360) % 360) - 180;
    store.set({ camera: { ...camera, azimuth: turned, elevation } }, true);
  });
  const release = (event: PointerEvent) => {
    pointers.delete(event.pointerId);
    store.notify();
  };
  canvas.addEventListener("pointerup", release);
  canvas.addEventListener("pointercancel", release);
  canvas.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      zoomBy(Math.exp(-event.deltaY / 300));
      store.notify();
    },
    { passive: false },
  );
}

/** Move the start of a run on a map, or guess where it ends. */
export function draggable(store: Store, canvas: HTMLCanvasElement, drawn: Drawn): void {
  const { x, y } = store.data.frame;
  canvas.classList.add("gdviz-drag");
  let isDragged = false;
  let isPressed = false;
  const spot = (event: PointerEvent | Touch): Pair => {
    const box = canvas.getBoundingClientRect();
    // A page may be scaled, or a part of it.
    const scale = canvas.offsetWidth / box.width;
    return [scale * (event.clientX - box.left), scale * (event.clientY - box.top)];
  };
  const hit = (event: PointerEvent | Touch) =>
    drawn.runs[drawn.contour!.startAt(spot(event), drawn.traces)];
  const move = (event: PointerEvent) => {
    const [a, b] = drawn.contour!.toPoint(spot(event));
    const place: Pair = [byHand(a, x[1] - x[0]), byHand(b, y[1] - y[0])];
    if (store.isHidden) store.reveal(place);
    else store.setRun({ start: place }, true);
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    const run = hit(event);
    if (store.isHidden) isPressed = true;
    if (store.isHidden || !store.has("start")) return;
    store.select(
      run ?? (drawn.runs.includes(store.selected) ? store.selected : drawn.runs[0]!),
    );
    // A finger that is not on the start may be about to scroll: then only a tap counts.
    if (event.pointerType === "mouse" || run !== undefined) {
      canvas.setPointerCapture(event.pointerId);
      isDragged = true;
      if (run === undefined) move(event);
    } else isPressed = true;
  });
  canvas.addEventListener("pointermove", (event) => isDragged && move(event));
  canvas.addEventListener("pointerup", (event) => {
    if (isPressed) move(event);
    if (isDragged || isPressed) store.notify();
    isDragged = isPressed = false;
  });
  canvas.addEventListener("pointercancel", () => {
    isDragged = isPressed = false;
    store.notify();
  });
  // The start can be drawn up and down by a finger, too, which would scroll anywhere else.
  canvas.addEventListener(
    "touchstart",
    (event) => hit(event.touches[0]!) !== undefined && event.preventDefault(),
    { passive: false },
  );
}
