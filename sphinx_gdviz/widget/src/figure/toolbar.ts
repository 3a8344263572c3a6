/** The toolbar: what most readers want. It speaks of the selected run. */

import { allows } from "../engine/bounds.ts";
import { clamp, normalize } from "../engine/interval.ts";
import { given, spoken } from "../engine/numbers.ts";
import { button, icon, make, numberField, slider } from "./dom.ts";
import { endOf, type Part, type Scene } from "./model.ts";
import { limitOf, placeFrom, placeOf, PLACES, rateAt } from "./rates.ts";
import type { Store } from "./store.ts";
import { say } from "./strings.ts";

export function makeToolbar(store: Store): Part {
  const [steps, rate] = [stepControls(store), rateControls(store)];
  const optimizer = make(
    "select",
    {
      "data-gdviz": "optimizer",
      onchange: () => store.setRun({ rule: optimizer.value, settings: {} }),
    },
    ...Object.entries(store.rules).map(([value, { title }]) => make("option", { value }, title)),
  );
  const choice = make("label", {}, say("optimizer"), optimizer);
  const reset = button("reset", say("reset"), () => store.reset());
  const second = make(
    "div",
    { class: "gdviz-bar" },
    ...store.ifHas("rate", rate.element),
    ...store.ifHas("optimizer", choice),
    reset,
  );
  return {
    element: make("div", { class: "gdviz-bars" }, steps.element, second),
    update(scene) {
      steps.update(scene);
      rate.update(scene);
      optimizer.value = scene.selected.run.rule;
    },
  };
}

/** The player's buttons, and a slider for the step. */
function stepControls(store: Store): Part {
  const by = (count: number) => () => store.goTo(store.state.step + count);
  const play = button("play", icon("play"), () => store.play(), say("play"));
  const back = button("back", icon("back"), by(-1), say("back"));
  const forward = button("forward", icon("forward"), by(1), say("forward"));
  const scrub = slider("scrub", "", [0, 1, 1], (step) => store.goTo(step, true));
  scrub.input.setAttribute("aria-label", say("step"));
  const now = make("span", { class: "gdviz-now" });
  const element = make(
    "div",
    { class: "gdviz-bar" },
    ...store.ifHas("play", play),
    ...store.ifHas("step", back),
    ...store.ifHas("scrub", scrub.element),
    ...store.ifHas("step", forward),
    now,
  );
  return {
    element,
    update({ selected }) {
      const { step, steps } = store.state;
      const action = store.isPlaying ? "pause" : "play";
      if (play.title !== say(action)) {
        play.replaceChildren(icon(action));
        play.title = say(action);
        play.setAttribute("aria-label", say(action));
      }
      const text = say("stepOf", { step, steps, loss: spoken(selected.path.losses[step]!) });
      scrub.input.max = `${steps}`;
      scrub.show(step, text);
      now.textContent = store.isHidden ? "" : text;
      for (const control of [play, back, forward, scrub.input]) control.disabled = store.isHidden;
    },
  };
}

/** A slider for the learning rate, which shows up to where it is stable, and a field beside it. */
function rateControls(store: Store): Part {
  const slide = slider("rate", say("rate"), [...PLACES, 1], (place) =>
    store.setRun({ lr: rateAt(placeFrom(store.run.lr, place)) }, true),
  );
  const exact = numberField(
    "lr",
    "",
    (lr) => store.setRun({ lr }),
    { "aria-label": say("exact") },
    (lr) => allows(store.run.rule, "lr", lr),
  );
  const stable = make("small", { class: "gdviz-stable", id: `${store.id}-stable` });
  slide.input.setAttribute("aria-describedby", stable.id);
  slide.element.classList.add("gdviz-rate");
  return {
    element: make("div", { class: "gdviz-rates" }, slide.element, exact.element, stable),
    update({ selected }) {
      const { run } = selected;
      slide.show(Math.round(placeOf(run.lr)), given(run.lr));
      exact.show(run.lr);
      const minimum = minimumOf(store, selected);
      const limit = minimum?.stable ? limitOf(run.rule, run.settings, minimum.stable) : 0;
      stable.textContent = limit ? say("stable", { rate: spoken(limit) }) : "";
      const place = limit ? normalize(PLACES, placeOf(limit)) : 0;
      slide.element.classList.toggle("gdviz-known", !!limit);
      slide.element.style.setProperty("--gdviz-stable", `${clamp(place, 0, 1)}`);
    },
  };
}

/** The minimum that a run comes to, or the lowest there is. */
function minimumOf({ data }: Store, { path }: Scene["selected"]) {
  const [x, y] = endOf(path);
  const far = ([a, b]: readonly [number, number]) => Math.hypot(a - x, b - y) || 0;
  return data.points
    .filter(({ kind }) => kind === "minimum")
    .sort((a, b) => far(a.point) - far(b.point) || a.loss - b.loss)[0];
}
