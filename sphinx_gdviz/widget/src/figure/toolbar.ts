/** The toolbar: what most readers want. It speaks of the selected run. */

import { given, spoken } from "../engine/numbers.ts";
import { button, icon, make, numberField, slider } from "./dom.ts";
import type { Live, Part } from "./figure.ts";
import { limitOf, placeFrom, placeOf, PLACES, rateAt } from "./rates.ts";
import { say } from "./strings.ts";

export function makeBar(live: Live): Part {
  const { data, model } = live;
  const step = (by: number) => () => {
    live.playing = false;
    const { step, steps } = live.state;
    live.set({ step: Math.min(steps, Math.max(0, step + by)) });
  };
  const play = button("play", icon("play"), () => live.play(), say("play"));
  const back = button("back", icon("back"), step(-1), say("back"));
  const forward = button("forward", icon("forward"), step(1), say("forward"));
  const scrub = slider("scrub", "", [0, 1, 1], (value) => {
    live.playing = false;
    live.set({ step: value }, true);
  });
  scrub.input.setAttribute("aria-label", say("step"));
  const now = make("span", { class: "gdviz-now" });
  const rate = slider("rate", say("rate"), [...PLACES, 1], (place) =>
    live.setRun({ lr: rateAt(placeFrom(live.state.runs[live.selected]!.lr, place)) }, true),
  );
  const exact = numberField("lr", "", (lr) => lr > 0 && live.setRun({ lr }), {
    min: 0,
    "aria-label": say("exact"),
  });
  const stable = make("small", { class: "gdviz-stable", id: `${live.id}-stable` });
  rate.input.setAttribute("aria-describedby", stable.id);
  rate.element.classList.add("gdviz-rate");
  const optimizer = make(
    "select",
    {
      "data-gdviz": "optimizer",
      onchange: () => live.setRun({ rule: optimizer.value, settings: {} }),
    },
    ...Object.entries(model.rules).map(([name, { title }]) =>
      make("option", { value: name }, title),
    ),
  );
  const has = (name: string, ...elements: HTMLElement[]) => (live.has(name) ? elements : []);
  const reset = button("reset", say("reset"), live.reset);
  const bars = [
    [
      ...has("play", play),
      ...has("step", back),
      ...has("scrub", scrub.element),
      ...has("step", forward),
      now,
    ],
    [
      ...has("rate", make("div", { class: "gdviz-rates" }, rate.element, exact.element, stable)),
      ...has("optimizer", make("label", {}, say("optimizer"), optimizer)),
      reset,
    ],
  ].map((items) => make("div", { class: "gdviz-bar" }, ...items));

  return {
    element: make("div", { class: "gdviz-bars" }, ...bars),
    update(shown) {
      const { step, steps } = live.state;
      const { run, path } = shown[live.selected]!;
      const title = live.playing ? "pause" : "play";
      if (play.title !== say(title)) {
        play.replaceChildren(icon(title));
        play.title = say(title);
        play.setAttribute("aria-label", say(title));
      }
      const text = say("stepOf", { step, steps, loss: spoken(path.losses[step]!) });
      scrub.input.max = `${steps}`;
      scrub.show(step, text);
      now.textContent = live.isHidden() ? "" : text;
      for (const control of [play, back, forward, scrub.input]) control.disabled = live.isHidden();
      rate.show(Math.round(placeOf(run.lr)), given(run.lr));
      exact.show(run.lr);
      optimizer.value = run.rule;
      const minimum = minimumOf();
      const limit = minimum?.stable ? limitOf(run.rule, run.settings, minimum.stable) : 0;
      stable.textContent = limit ? say("stable", { rate: spoken(limit) }) : "";
      const share = limit ? (placeOf(limit) - PLACES[0]) / (PLACES[1] - PLACES[0]) : 0;
      rate.element.classList.toggle("gdviz-known", !!limit);
      rate.element.style.setProperty("--gdviz-stable", `${Math.max(0, Math.min(1, share))}`);

      /** The minimum that the run comes to, or the lowest there is. */
      function minimumOf() {
        const minima = data.points.filter(({ kind }) => kind === "minimum");
        const [x, y] = path.points.slice(-2) as unknown as [number, number];
        const far = (point: readonly number[]) => Math.hypot(point[0]! - x, point[1]! - y) || 0;
        return minima.sort((a, b) => far(a.point) - far(b.point) || a.loss - b.loss)[0];
      }
    },
  };
}
