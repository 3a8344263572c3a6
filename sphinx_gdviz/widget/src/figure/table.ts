/** The steps of the selected run as a table, so many at a time. */

import { measured } from "../engine/numbers.ts";
import { button, make } from "./dom.ts";
import type { Part, Shown } from "./model.ts";
import type { Store } from "./store.ts";
import { say } from "./strings.ts";

const ROWS = 50;

export function makeTable(store: Store): Part {
  const table = make("table");
  const earlier = button("earlier", say("earlier"), () => turn(-1));
  const later = button("later", say("later"), () => turn(1));
  const pages = make("div", { class: "gdviz-bar" }, earlier, later);
  const scroll = make(
    "div",
    { class: "gdviz-scroll", tabindex: 0, role: "group", "aria-label": say("table") },
    table,
  );
  const element = make(
    "details",
    { "data-gdviz": "table", ontoggle: () => fill() },
    make("summary", {}, say("table")),
    scroll,
    pages,
  );
  let page = 0;
  let one: Shown | undefined;

  function turn(by: number): void {
    page += by;
    fill();
  }

  function fill(): void {
    if (!element.open || !one) return;
    const { points, losses, gradients } = one.path;
    const last = Math.floor((losses.length - 1) / ROWS);
    page = Math.min(page, last);
    earlier.disabled = !page;
    later.disabled = page === last;
    pages.hidden = !last;
    const heads = [say("step"), ...store.data.loss.symbols, say("loss"), say("slope")];
    const rows = Array.from({ length: Math.min(ROWS, losses.length - page * ROWS) }, (_, row) => {
      const i = page * ROWS + row;
      const slope = Math.hypot(gradients[2 * i]!, gradients[2 * i + 1]!);
      const cells = [points[2 * i]!, points[2 * i + 1]!, losses[i]!, slope].map((value) =>
        make("td", { dir: "ltr" }, measured(value)),
      );
      return make("tr", {}, make("th", { scope: "row" }, `${i}`), ...cells);
    });
    table.replaceChildren(
      make("caption", {}, one.name),
      make("thead", {}, make("tr", {}, ...heads.map((head) => make("th", { scope: "col" }, head)))),
      make("tbody", {}, ...rows),
    );
  }

  return {
    element,
    update({ selected }) {
      one = selected;
      if (!store.isPlaying && !store.isHidden) fill();
    },
  };
}
