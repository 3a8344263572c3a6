/** A live figure: makes all its parts, and brings them up to date when its store changes. */

import { drawColorbar } from "../chart/colorbar.ts";
import { themeOf } from "../chart/theme.ts";
import type { FigureData } from "../types.ts";
import { fromAddress, toAddress } from "./address.ts";
import { basinFinder, basinKey } from "./basins.ts";
import { makeDetails } from "./details.ts";
import { make } from "./dom.ts";
import { makeMaps } from "./map.ts";
import { Model, type Part, type Scene } from "./model.ts";
import { isColoured, makePanel, type Panel } from "./panels.ts";
import { svgOf } from "./picture.ts";
import { makePlayer } from "./player.ts";
import { makeRuns } from "./runs.ts";
import { type Change, Store } from "./store.ts";
import { say } from "./strings.ts";
import { reach, replaceAddress, watchAddress, watchNearness, watchTheme } from "./surroundings.ts";
import { makeToolbar } from "./toolbar.ts";
import { makeUpdate } from "./update.ts";
import { vectorsOf } from "./vectors.ts";
import { makePrediction, makeVerdict } from "./verdict.ts";

/** Milliseconds after which something is still. */
const REST = 200;

export class LiveFigure {
  private readonly store: Store;
  private readonly model: Model;
  private readonly grid = make("div", { class: "gdviz-panels" });
  private readonly colorbar = make("canvas", { role: "img", "aria-label": say("loss") });
  private readonly scale = make("div", { class: "gdviz-scale" }, this.colorbar);
  private readonly basinKey = make("div", { class: "gdviz-key gdviz-ends" });
  private readonly verdict: ReturnType<typeof makeVerdict>;
  private readonly parts: Part[];
  private readonly element: HTMLElement;
  private readonly findBasins: ReturnType<typeof basinFinder>;
  private panels: Panel[] = [];
  private scene!: Scene;
  private frame = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Whether nothing but the camera has moved since it was drawn. */
  private isCameraOnly = false;
  /** Whether it is near what is seen: pixels are kept only there, a page may have many figures. */
  private isNear = true;
  /** How wide the panels were when they were drawn. */
  private width = 0;

  /** Make a figure live; it opens as the address has it, or as it was printed. */
  constructor(
    private readonly figure: HTMLElement,
    data: FigureData,
  ) {
    const store = (this.store = new Store(figure.id, data));
    store.state = this.addressed() ?? store.state;
    this.model = new Model(store);
    this.verdict = makeVerdict(store);
    const [prediction, runs] = [makePrediction(store), makeRuns(store)];
    const controls = [
      makeToolbar(store),
      makeUpdate(store),
      makeDetails(store, () => svgOf(this.element, () => this.redraw())),
    ];
    this.parts = [prediction, runs, this.verdict, ...controls];
    const caption = figure.querySelector("figcaption");
    const label = (caption?.querySelector(".caption-text") ?? caption)?.textContent?.trim();
    this.element = make(
      "div",
      { class: "gdviz-live", role: "group", "aria-label": label || data.loss.name },
      ...[this.grid, this.scale, prediction.element, this.basinKey, runs.element],
      ...[this.verdict, ...controls].map((part) => part.element),
      ...tasks(data),
    );
    this.findBasins = basinFinder(store, this.model, this.element);
    this.place();
    makePlayer(store);
    store.subscribe((change) => this.changed(change));
    this.render();
    this.verdict.tell(this.scene);
    this.timer = setTimeout(() => this.settle(), REST);
    this.watch();
  }

  /** Put it behind the picture, which stays for print; what holds that alone, a link say, too. */
  private place(): void {
    const { figure, store } = this;
    let still: HTMLElement | null = figure.querySelector("img.gdviz");
    while (still?.parentElement && still.parentElement !== figure) still = still.parentElement;
    if (still && store.data.maps.length) {
      const maps = makeMaps(store, still);
      this.parts.push(maps);
      still = maps.element;
    } else still?.classList.add("gdviz-still");
    if (still) still.after(this.element);
    else figure.prepend(this.element);
  }

  private changed({ isCamera, isUrgent }: Change): void {
    this.isCameraOnly &&= isCamera;
    this.frame ||= requestAnimationFrame(() => this.render());
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.settle(), REST);
    if (isUrgent) this.render();
  }

  /** Draw all panels anew, at once and finely. */
  private redraw(): void {
    this.store.isMoving = this.isCameraOnly = false;
    this.render();
  }

  /** When nothing moves the picture becomes fine, the address new, and the verdict is said. */
  private settle(): void {
    const { store } = this;
    if (store.isPlaying) return;
    if (store.isMoving) {
      store.isMoving = false;
      this.render();
    }
    this.verdict.tell(this.scene);
    if (store.has("share")) this.keepAddress();
  }

  private addressed() {
    const { id, data, rules } = this.store;
    return fromAddress(location.hash, id, data, rules);
  }

  private keepAddress(): void {
    const { id, data, state } = this.store;
    const address = `#${toAddress(id, state, data)}`;
    const { hash } = location;
    const isOurs = hash.replace(/:.*/, "") === `#${id}`;
    // A figure as it was printed leaves the address as it is, unless that says something else.
    if (address !== hash && (address.includes(":") || isOurs)) replaceAddress(address);
  }

  private render(): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    const { store, model } = this;
    const scene = (this.scene = model.scene());
    const states = model.panels();
    if (this.panels.length !== states.length) {
      this.panels = states.map(({ view }) => makePanel(store, model, view));
      this.grid.replaceChildren(...this.panels.map((panel) => panel.element));
      this.isCameraOnly = false;
    }
    if (!this.isNear) return;
    const basins = states.map(this.findBasins);
    // It opens as it was printed: the picture stays until the basins are found.
    if (!this.width && states.some(({ view }, i) => view === "basins" && !basins[i])) return;
    this.figure.classList.add("gdviz-alive");
    this.width = this.grid.clientWidth;
    const theme = themeOf(this.element);
    const vectors = vectorsOf(store, model, scene);
    this.panels.forEach((panel, i) => {
      if (this.isCameraOnly && !panel.isSurface) return;
      panel.draw({ panel: states[i]!, scene, theme, vectors, basins: basins[i] });
    });
    if (!this.isCameraOnly) {
      // Each panel has basins of its own: those of the selected run are explained.
      const own = states.findIndex(({ runs }, i) => basins[i] && runs.includes(store.selected));
      this.basinKey.replaceChildren(...basinKey(basins[own] ?? basins.find(Boolean)));
      const { scale, colorbar } = this;
      scale.hidden = !states.some(({ view }, i) => isColoured(view) && !basins[i]);
      const width = scale.clientWidth;
      if (width) drawColorbar(colorbar, model.field, theme, say("loss"), width);
    }
    this.element.classList.toggle("gdviz-guessing", store.isHidden);
    for (const part of this.parts) part.update(scene);
    this.isCameraOnly = true;
  }

  /** Follow what changes around the figure: its width, what is seen, the theme, the address. */
  private watch(): void {
    const { store, figure, grid } = this;
    const again = () => store.notify();
    new ResizeObserver(() => grid.clientWidth !== this.width && again()).observe(grid);
    watchNearness(figure, (isNear) => {
      if (this.isNear === isNear) return;
      this.isNear = isNear;
      if (isNear) return again();
      for (const panel of this.panels) panel.forget();
      this.colorbar.width = this.colorbar.height = 0;
    });
    watchTheme(again);
    watchAddress(() => {
      const state = this.addressed();
      if (!state) return;
      store.set(state);
      reach(figure);
    });
  }
}

/** What an author proposes to try. */
function tasks(data: FigureData): HTMLElement[] {
  if (!data.tasks.length) return [];
  const items = data.tasks.map((task) => make("li", {}, task));
  const title = make("strong", {}, say("tasks"));
  return [make("div", { class: "gdviz-tasks" }, title, make("ul", {}, ...items))];
}
