/** A live figure: its state, and everything that shows or changes it. */

import { outcome } from "../engine/outcome.ts";
import { updateAt } from "../engine/descent.ts";
import { type Basins as Found, basins as findBasins } from "../engine/basins.ts";
import type { FigureData, Pair } from "../types.ts";
import type { Basins, Vector } from "../chart/contour.ts";
import { drawBar } from "../chart/colorbar.ts";
import { hold } from "../chart/field.ts";
import { themeOf } from "../chart/theme.ts";
import { makeBar } from "./toolbar.ts";
import { makeDeep } from "./details.ts";
import { button, make, numberField } from "./dom.ts";
import { makeModel, type Model, type Shown, type Shows } from "./scene.ts";
import { distanceText, type Drawn, isColoured, makePanel, vectorsOf } from "./panels.ts";
import { makeMaps } from "./map.ts";
import { keyOf, makeRuns } from "./runs.ts";
import { fromAddress, methodOf, type RunState, type State, toAddress } from "./address.ts";
import { say, STRINGS } from "./strings.ts";
import { makeWhy } from "./update.ts";

/** Milliseconds after which something is still. */
const REST = 200;
/** Milliseconds between two steps that are not to be seen as motion. */
const PAUSE = 500;
/** How long work may hold up the page. */
const SLICE = 8;

/** What the parts of a figure know of each other. */
export interface Live {
  readonly id: string;
  readonly data: FigureData;
  readonly model: Model;
  readonly element: HTMLElement;
  state: State;
  selected: number;
  linked: boolean;
  playing: boolean;
  has(control: string): boolean;
  /** Change the state; `moving` while a hand is still at it. */
  set(change: Partial<State>, moving?: boolean): void;
  /** Change the selected run, and linked ones that were the same in this. */
  setRun(change: Partial<RunState>, moving?: boolean): void;
  select(place: number): void;
  /** A hand has let go. */
  rest(): void;
  /** Draw all panels anew, at once. */
  draw(): void;
  play(): void;
  reset(): void;
  /** Whether the paths are hidden until the reader has guessed. */
  isHidden(): boolean;
  guess(place: Pair): void;
  shown(): readonly Shown[];
  said(shown: Shown): string;
}

/** A part of a figure, which is brought up to date when something has changed. */
export interface Part {
  readonly element: HTMLElement;
  update(shown: readonly Shown[]): void;
}

/** Bring a figure alive; it opens as the address has it, or as it was printed. */
export function bringAlive(figure: HTMLElement, data: FigureData): void {
  const { id } = figure;
  const model = makeModel(data);
  let guessed: Pair | undefined;
  let isRevealed = !data.predict;
  let frame = 0;
  let isCameraOnly = true;
  /** At first it is drawn as coarse as what moves, so that it is there at once. */
  let isMoving = true;
  let isNear = true;
  /** How wide the panels were when they were drawn. */
  let width = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let shown: readonly Shown[] = [];
  let panels: Drawn[] = [];
  const maps = new Map<string, (Basins & Found) | undefined>();

  const live: Live = {
    id,
    data,
    model,
    get element() {
      return element;
    },
    state: fromAddress(location.hash, id, data, model.rules) ?? model.usual,
    selected: 0,
    linked: true,
    playing: false,
    has: (control) => !data.hide.includes(control),
    set(change, moving = false) {
      const before = live.state;
      live.state = { ...before, ...change };
      if ("steps" in change && !("step" in change)) {
        // Who sees the whole of a run wants to see the whole of a longer one.
        const { steps } = live.state;
        live.state = {
          ...live.state,
          step: before.step === before.steps ? steps : Math.min(before.step, steps),
        };
      }
      changed(moving, "camera" in change);
      // At once, so that what is written into a field next is not written over.
      if (!moving) render();
    },
    setRun(change, moving) {
      const old = live.state.runs[live.selected]!;
      const names = Object.keys(change) as (keyof RunState)[];
      const isShared = live.linked && !names.includes("lr");
      const same = (run: RunState) =>
        names.every((name) => JSON.stringify(run[name]) === JSON.stringify(old[name]));
      const runs = live.state.runs.map((run) =>
        run === old || (isShared && same(run)) ? { ...run, ...change } : run,
      );
      guessed = undefined;
      live.set({ runs }, moving);
    },
    select(place) {
      live.selected = Math.min(place, live.state.runs.length - 1);
      changed(isMoving, false);
      render();
    },
    rest() {
      isMoving = false;
      changed(false, false);
    },
    draw() {
      isMoving = isCameraOnly = false;
      render();
    },
    play() {
      live.playing = !live.playing;
      if (!live.playing) return changed(false, false);
      if (live.state.step >= live.state.steps) live.set({ step: 0 });
      requestAnimationFrame(tick);
    },
    reset() {
      live.playing = false;
      guessed = undefined;
      isRevealed = !data.predict;
      live.selected = 0;
      live.set(model.usual);
    },
    isHidden: () => !isRevealed,
    guess(place) {
      guessed = place;
      isRevealed = true;
      changed(false, false);
    },
    shown: () => shown,
    said: ({ path }) => outcome(path.verdict, path.losses[path.losses.length - 1]!, STRINGS),
  };

  let begun = 0;
  let from = 0;
  /** A run is played in two to eight seconds; two steps a second for readers who want less motion. */
  function tick(now: number): void {
    if (!live.playing) {
      begun = 0;
      return;
    }
    const { step, steps } = live.state;
    if (!begun) [begun, from] = [now, step];
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const whole = isCalm ? PAUSE * Math.min(steps, 50) : hold(150 * steps, 2000, 8000);
    const passed = isCalm ? PAUSE * Math.floor((now - begun) / PAUSE) : now - begun;
    const next = Math.min(steps, from + Math.floor((passed * steps) / whole));
    if (next === steps) live.playing = false;
    if (next !== step) live.set({ step: next }, live.playing);
    if (live.playing) requestAnimationFrame(tick);
    else begun = 0;
  }

  function changed(moving: boolean, isCamera: boolean): void {
    isMoving = moving;
    isCameraOnly &&= isCamera;
    frame ||= requestAnimationFrame(render);
    clearTimeout(timer);
    timer = setTimeout(settle, REST);
  }

  /** When nothing moves the picture becomes fine, the address new, and the verdict is said. */
  function settle(): void {
    if (isMoving) {
      isMoving = false;
      if (live.playing) return;
      render();
    }
    if (live.playing) return;
    tell();
    if (live.has("share")) keepAddress();
  }

  function tell(): void {
    const text = say(shown.length > 1 ? "it" : "one", {
      run: shown[live.selected]!.name,
      outcome: live.said(shown[live.selected]!),
    });
    const { path } = shown[live.selected]!;
    const end = path.points.slice(-2);
    const off = guessed &&
      isFinite(end[0]! + end[1]!) && {
        distance: distanceText(guessed, [end[0]!, end[1]!]),
        outcome: live.said(shown[live.selected]!),
      };
    const words = live.isHidden() ? "" : off ? say("off", off) : text;
    if (verdict.textContent !== words) verdict.textContent = words;
  }

  function keepAddress(): void {
    const address = `#${toAddress(id, live.state, data)}`;
    const { hash } = location;
    const isOurs = hash.replace(/:.*/, "") === `#${id}`;
    // A figure as it was printed leaves the address as it is, unless that says something else.
    if (address === hash || (!address.includes(":") && !isOurs)) return;
    try {
      history.replaceState(history.state, "", address);
    } catch {
      // Some pages may not: in a frame, say.
    }
  }

  const grid = make("div", { class: "gdviz-panels" });
  const bar = make("canvas", { role: "img", "aria-label": say("loss") });
  const scale = make("div", { class: "gdviz-scale" }, bar);
  const verdict = make("p", { class: "gdviz-verdict", role: "status" });
  const parts: Part[] = [makeRuns(live), makeBar(live), makeWhy(live), makeDeep(live)];
  const predict = makePrediction(live);
  const ends = make("div", { class: "gdviz-key gdviz-ends" });
  const caption = figure.querySelector("figcaption");
  const label = (caption?.querySelector(".caption-text") ?? caption)?.textContent?.trim();
  const element = make(
    "div",
    { class: "gdviz-live", role: "group", "aria-label": label || data.loss.name },
    grid,
    scale,
    predict,
    ends,
    parts[0]!.element,
    verdict,
    ...parts.slice(1).map((part) => part.element),
  );
  if (data.tasks.length) {
    const tasks = data.tasks.map((task) => make("li", {}, task));
    element.append(
      make(
        "div",
        { class: "gdviz-tasks" },
        make("strong", {}, say("tasks")),
        make("ul", {}, ...tasks),
      ),
    );
  }

  function render(): void {
    cancelAnimationFrame(frame);
    frame = 0;
    const { state } = live;
    shown = model.shown(state);
    live.selected = Math.min(live.selected, shown.length - 1);
    const shows = model.panels(state);
    if (panels.length !== shows.length) {
      panels = shows.map(({ view }) => makePanel(live, view));
      grid.replaceChildren(...panels.map((panel) => panel.element));
      isCameraOnly = false;
    }
    if (!isNear) return;
    const basins = shows.map(basinsOf);
    // It opens as it was printed: the picture stays until the basins are found.
    if (!width && shows.some(({ view }, i) => view === "basins" && !basins[i])) return;
    figure.classList.add("gdviz-alive");
    width = grid.clientWidth;
    const theme = themeOf(element);
    const common = { shown, theme, moving: isMoving, vectors: vectorsNow() };
    panels.forEach((panel, i) => {
      if (!isCameraOnly || panel.isSurface)
        panel.draw(shows[i]!, { ...common, basins: basins[i] });
    });
    if (!isCameraOnly) {
      // Each panel has basins of its own: those of the selected run are explained.
      const own = shows.findIndex(({ runs }, i) => basins[i] && runs.includes(live.selected));
      ends.replaceChildren(...keyOf(basins[own] ?? basins.find(Boolean)));
      scale.hidden = !shows.some(({ view }, i) => isColoured(view) && !basins[i]);
      if (scale.clientWidth) drawBar(bar, model.field(), theme, say("loss"), scale.clientWidth);
    }
    element.classList.toggle("gdviz-guessing", live.isHidden());
    predict.hidden = !live.isHidden();
    // The list of runs says what each of several did.
    verdict.classList.toggle("gdviz-spoken", shown.length > 1 && !guessed);
    for (const part of parts) part.update(shown);
    isCameraOnly = true;
  }

  function vectorsNow(): Vector[] {
    const one = shown[live.selected]!;
    const { state } = live;
    const found: Vector[] = [];
    if (state.arrows && !live.isHidden() && state.step < one.sound) {
      const { before, after } = updateAt(
        model.loss,
        model.rules,
        { ...model.descentOf(one.run, state), start: one.run.start },
        state.step + 1,
      );
      found.push(...vectorsOf(live, one, before, after));
    }
    const { points } = one.path;
    const [x, y] = [points[points.length - 2]!, points[points.length - 1]!];
    if (guessed && isFinite(x + y)) {
      found.push({
        at: guessed,
        by: [x - guessed[0], y - guessed[1]],
        colour: "#ffffff",
        label: "",
        side: 0,
      });
    }
    return found;
  }

  /** The basins of a panel: nothing until they have been found, which this begins. */
  function basinsOf({ view, runs }: Shows): (Basins & Found) | undefined {
    if (view !== "basins" && (!live.state.basins || live.isHidden())) return;
    const run = live.state.runs[runs[0]!]!;
    const key = `${methodOf(run)} ${live.state.steps}`;
    if (!maps.has(key)) {
      // Only those that are seen are kept.
      if (maps.size > 8) maps.clear();
      maps.set(key, undefined);
      const work = findBasins(
        model.loss,
        model.rules,
        model.descentOf(run, live.state),
        data.frame,
      );
      const go = () => {
        const end = performance.now() + SLICE;
        for (;;) {
          const { value, done } = work.next();
          if (done) {
            maps.set(key, { n: value.size, ...value });
            element.removeAttribute("aria-busy");
            return changed(false, false);
          }
          if (performance.now() > end) return setTimeout(go);
        }
      };
      element.setAttribute("aria-busy", "true");
      setTimeout(go);
    }
    return maps.get(key);
  }

  // The picture stays for print; what holds it alone, a link say, goes with it.
  let still: HTMLElement | null = figure.querySelector("img.gdviz");
  while (still?.parentElement && still.parentElement !== figure) still = still.parentElement;
  if (still && data.maps.length) {
    const maps = makeMaps(live, still);
    parts.push(maps);
    still = maps.element;
  } else still?.classList.add("gdviz-still");
  if (still) still.after(element);
  else figure.prepend(element);
  render();
  tell();
  timer = setTimeout(settle, REST);

  const again = () => changed(false, false);
  new ResizeObserver(() => grid.clientWidth !== width && again()).observe(grid);
  // Pixels are kept only near what is seen: a page may have many figures.
  if ("IntersectionObserver" in window) {
    new IntersectionObserver(
      (entries) => {
        const { isIntersecting } = entries[entries.length - 1]!;
        if (isNear === isIntersecting) return;
        isNear = isIntersecting;
        if (isNear) again();
        else {
          for (const panel of panels) panel.forget();
          bar.width = bar.height = 0;
        }
      },
      { rootMargin: "100%" },
    ).observe(figure);
  }
  // The theme's colours may fade into each other for a while.
  const themed = () => [0, 400].forEach((wait) => setTimeout(again, wait));
  const watcher = new MutationObserver(themed);
  for (const root of [document.documentElement, document.body]) {
    watcher.observe(root, { attributeFilter: ["class", "data-theme", "data-mode", "dir"] });
  }
  for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"])
    matchMedia(query).addEventListener("change", themed);
  addEventListener("hashchange", () => {
    const state = fromAddress(location.hash, id, data, model.rules);
    if (!state) return;
    live.set(state);
    figure.scrollIntoView();
  });
}

/** What asks for a guess: a click into the contours, or two numbers. */
function makePrediction(live: Live): HTMLElement {
  const [x, y] = ["θ₁", "θ₂"].map((name, i) =>
    numberField(`guess-${"xy"[i]}`, name, () => {}, { value: live.data.runs[0]!.start[i]! }),
  );
  const reveal = button("reveal", say("reveal"), () =>
    live.guess([+x!.input.value, +y!.input.value]),
  );
  return make(
    "div",
    { class: "gdviz-bar gdviz-predict" },
    make("span", {}, say("predict")),
    x!.element,
    y!.element,
    reveal,
  );
}
