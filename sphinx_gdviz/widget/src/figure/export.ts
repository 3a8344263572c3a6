/** What a reader takes away: a link, a directive, a program, numbers, pictures. */

import { button, make } from "./dom.ts";
import type { Live } from "./figure.ts";
import { pngOf, svgAddress, svgOf } from "./picture.ts";
import { toAddress } from "./address.ts";
import { say } from "./strings.ts";
import { csvText, directiveText, pythonText } from "./directive.ts";

export function makeAway(live: Live): HTMLElement {
  const { id, data } = live;
  const message = make("span", { role: "status" });
  const text = make("textarea", {
    class: "gdviz-copy",
    readonly: true,
    rows: 6,
    "aria-label": say("copyThis"),
  });
  text.hidden = true;

  const copy = (name: string, label: string, make: () => string) =>
    button(name, label, () => {
      const made = make();
      text.hidden = true;
      message.textContent = "";
      // Without the clipboard, on a page without HTTPS say, the text is there to be copied by hand.
      const byHand = () => {
        text.hidden = false;
        text.value = made;
        text.select();
        message.textContent = say(document.execCommand("copy") ? "copied" : "copyThis");
      };
      if (!navigator.clipboard) return byHand();
      navigator.clipboard.writeText(made).then(() => (message.textContent = say("copied")), byHand);
    });
  const save = (name: string, label: string, kind: string, make: () => string | Promise<string>) =>
    button(name, label, async () => download(`${id}.${kind}`, await make()));
  const csv = () => csvText(live.shown().map(({ path }) => path));
  const has = (name: string, ...elements: HTMLElement[]) => (live.has(name) ? elements : []);
  const buttons = [
    ...has(
      "share",
      copy(
        "link",
        say("link"),
        () => location.href.replace(/#.*/s, "") + `#${toAddress(id, live.state, data)}`,
      ),
    ),
    ...has(
      "copy",
      copy("directive", say("directive"), () => directiveText(live.state, data)),
      copy("python", say("python"), () => pythonText(live.state, data)),
      copy("csv", say("csv"), csv),
    ),
    ...has(
      "save",
      save(
        "save-csv",
        say("file"),
        "csv",
        () => `data:text/csv;charset=utf-8,${encodeURIComponent(csv())}`,
      ),
      save("save-png", say("png"), "png", () => pngOf(live)),
      save("save-svg", say("svg"), "svg", () => svgAddress(svgOf(live))),
    ),
  ];
  return make("div", { class: "gdviz-bar gdviz-away" }, ...buttons, message, text);
}

function download(name: string, address: string): void {
  make("a", { href: address, download: name }).click();
}
