/** The reader's figure: each printed figure of a page that has its data becomes a live one. */

import type { FigureData } from "./types.ts";
import { LiveFigure } from "./figure/figure.ts";
import { translate } from "./figure/strings.ts";
import { reach } from "./figure/surroundings.ts";

/** A figure is set up when it is nearly in view. */
const AHEAD = "400px";

function json(script: Element): unknown {
  return JSON.parse(script.textContent!);
}

/** What to do with each figure that is a picture still, once it is nearly in view. */
const waiting = new Map<Element, () => void>();
const watcher = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) if (isIntersecting) waiting.get(target)?.();
  },
  { rootMargin: AHEAD },
);
const seen = new WeakSet<Element>();

/** Set up what a page has, or has got meanwhile: some themes swap pages in place. */
function scan(): void {
  const scripts = [...document.querySelectorAll<HTMLElement>("script.gdviz-data")];
  const found = scripts.filter((script) => !seen.has(script));
  const root = getComputedStyle(document.documentElement);
  // Without its style sheet a figure stays a picture.
  if (!found.length || !root.getPropertyValue("--gdviz")) return;
  document
    .querySelectorAll("script.gdviz-strings")
    .forEach((script) => translate(json(script) as Record<string, string>));
  for (const script of found) {
    seen.add(script);
    const figure = document.getElementById(script.dataset["figure"]!);
    if (!figure) continue;
    waiting.set(figure, () => {
      waiting.delete(figure);
      watcher.unobserve(figure);
      try {
        new LiveFigure(figure, json(script) as FigureData);
      } catch (error) {
        // The printed figure is there still.
        figure.classList.remove("gdviz-alive");
        console.error(error);
      }
    });
    watcher.observe(figure);
  }
  follow();
}

/** Wake the figure that the address is about. */
function follow(): void {
  waiting.forEach((wake, figure) => {
    if (!location.hash.startsWith(`#${figure.id}:`)) return;
    wake();
    reach(figure);
    // What hides it may be made by other scripts.
    if (document.readyState !== "complete") addEventListener("load", () => reach(figure));
  });
}

function start(): void {
  scan();
  addEventListener("hashchange", follow);
  addEventListener("load", scan, true); // of a style sheet, too
  new MutationObserver(scan).observe(document.body, { childList: true, subtree: true });
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
