/** What a reader takes away: a link, a directive, a program, numbers, pictures. */

import { toAddress } from "./address.ts";
import { csvText, directiveText, pythonText } from "./directive.ts";
import { button, make } from "./dom.ts";
import type { Part, Scene } from "./model.ts";
import { pngOf, svgAddress } from "./picture.ts";
import type { Store } from "./store.ts";
import { say } from "./strings.ts";

/**
 * @param picture - What gives the figure as SVG.
 */
export function makeExports(store: Store, picture: () => string): Part {
  const { id, data } = store;
  let scene: Scene;
  const message = make("span", { role: "status" });
  const text = make("textarea", {
    class: "gdviz-copy",
    readonly: true,
    rows: 6,
    "aria-label": say("copyThis"),
  });
  text.hidden = true;

  // Without the clipboard, on a page without HTTPS say, the text is there to be copied by hand.
  const copyByHand = (made: string) => {
    text.hidden = false;
    text.value = made;
    text.select();
    message.textContent = say(document.execCommand("copy") ? "copied" : "copyThis");
  };
  const copy = (name: "link" | "directive" | "python" | "csv", write: () => string) =>
    button(name, say(name), () => {
      const made = write();
      text.hidden = true;
      message.textContent = "";
      if (!navigator.clipboard) return copyByHand(made);
      navigator.clipboard.writeText(made).then(
        () => (message.textContent = say("copied")),
        () => copyByHand(made),
      );
    });
  const save = (kind: "csv" | "png" | "svg", write: () => string | Promise<string>) =>
    button(`save-${kind}`, say(kind === "csv" ? "file" : kind), async () => {
      const href = await write();
      const suffix = /svg/.test(href.slice(0, 20)) ? "svg" : kind;
      make("a", { href, download: `${id}.${suffix}` }).click();
    });
  const csv = () => csvText(scene.runs.map(({ path }) => path), data);
  const link = () => `${location.href.replace(/#.*/s, "")}#${toAddress(id, store.state, data)}`;
  const buttons = [
    ...store.ifHas("share", copy("link", link)),
    ...store.ifHas(
      "copy",
      copy("directive", () => directiveText(store.state, data)),
      copy("python", () => pythonText(store.state, data)),
      copy("csv", csv),
    ),
    ...store.ifHas(
      "save",
      save("csv", () => `data:text/csv;charset=utf-8,${encodeURIComponent(csv())}`),
      save("png", () => pngOf(picture())),
      save("svg", () => svgAddress(picture())),
    ),
  ];
  return {
    element: make("div", { class: "gdviz-bar gdviz-away" }, ...buttons, message, text),
    update: (shown) => void (scene = shown),
  };
}
