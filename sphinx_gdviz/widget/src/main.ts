/** The reader's figure: each printed figure of a page that has its data becomes a live one. */

import type { FigureData } from "./types.ts";
import { LiveFigure } from "./figure/figure.ts";
import { translate } from "./figure/strings.ts";

/** A figure is set up when it is nearly in view. */
const AHEAD = "400px";

function json(script: Element): unknown {
  return JSON.parse(script.textContent!);
}

function start(): void {
  document
    .querySelectorAll("script.gdviz-strings")
    .forEach((script) => translate(json(script) as Record<string, string>));
  const waiting = new Map<Element, () => void>();
  const watcher =
    "IntersectionObserver" in window &&
    new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries)
          if (isIntersecting) waiting.get(target)?.();
      },
      { rootMargin: AHEAD },
    );
  for (const script of document.querySelectorAll<HTMLElement>("script.gdviz-data")) {
    const figure = document.getElementById(script.dataset["figure"]!);
    if (!figure) continue;
    const open = () => {
      waiting.delete(figure);
      if (watcher) watcher.unobserve(figure);
      try {
        new LiveFigure(figure, json(script) as FigureData);
      } catch (error) {
        // The printed figure is there still.
        figure.classList.remove("gdviz-alive");
        console.error(error);
      }
    };
    const isWanted = () => location.hash.startsWith(`#${figure.id}:`);
    waiting.set(figure, open);
    if (isWanted()) {
      open();
      figure.scrollIntoView();
    } else if (watcher) watcher.observe(figure);
    else open();
    addEventListener("hashchange", () => {
      if (!isWanted() || !waiting.has(figure)) return;
      open();
      figure.scrollIntoView();
    });
  }
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
