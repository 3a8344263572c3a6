/** What the selected run did, and how far from a reader's guess it ended. */

import { measured } from "../engine/numbers.ts";
import { button, make, numberField } from "./dom.ts";
import { endOf, type Part, type Scene } from "./model.ts";
import type { Store } from "./store.ts";
import { say } from "./strings.ts";

/** The sentence, which screen readers speak; it changes only when nothing moves. */
export function makeVerdict(store: Store): Part & { tell(scene: Scene): void } {
  const element = make("p", { class: "gdviz-verdict", role: "status" });
  const sentence = ({ runs, selected: { name, outcome, path } }: Scene): string => {
    const { guess } = store;
    if (store.isHidden) return "";
    const [x, y] = endOf(path);
    if (guess && isFinite(x + y)) {
      return say("off", { distance: measured(Math.hypot(guess[0] - x, guess[1] - y)), outcome });
    }
    return say(runs.length > 1 ? "it" : "one", { run: name, outcome });
  };
  return {
    element,
    // The list of runs says what each of several did.
    update: ({ runs }) =>
      void element.classList.toggle("gdviz-spoken", runs.length > 1 && !store.guess),
    tell(scene) {
      const text = sentence(scene);
      if (element.textContent !== text) element.textContent = text;
    },
  };
}

/** What asks for a guess: a click into the contours, or two numbers. */
export function makePrediction(store: Store): Part {
  const { start } = store.printed.runs[0]!;
  const [x, y] = store.data.loss.symbols.map((name, i) =>
    numberField(`guess-${"xy"[i]}`, name, () => {}, { value: start[i]! }),
  );
  const reveal = button("reveal", say("reveal"), () =>
    store.reveal([+x!.input.value, +y!.input.value]),
  );
  const element = make(
    "div",
    { class: "gdviz-bar gdviz-predict" },
    make("span", {}, say("predict")),
    x!.element,
    y!.element,
    reveal,
  );
  return { element, update: () => void (element.hidden = !store.isHidden) };
}
