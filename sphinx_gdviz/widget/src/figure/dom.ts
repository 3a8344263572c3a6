/** Elements and the controls that are made of them. All have `data-gdviz` for a name. */

type Attributes = Record<string, string | number | boolean | ((event: never) => void)>;
type Child = Node | string;

/** An element; handlers are named like attributes, `onclick`, but set by script: pages may forbid the attribute. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  return dress(document.createElement(tag), attributes, children);
}

/** A picture of one symbol. */
export function draw(
  tag: string,
  attributes: Attributes,
  ...children: readonly Child[]
): SVGElement {
  return dress(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function dress<E extends Element>(
  element: E,
  attributes: Attributes,
  children: readonly Child[],
): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function")
      element.addEventListener(name.slice(2), value as EventListener);
    else if (value !== false) element.setAttribute(name, value === true ? "" : `${value}`);
  }
  element.append(...children);
  return element;
}

/** Outlines of the buttons' icons, in a square of 16. */
const ICONS = {
  play: "M4 2l10 6-10 6z",
  pause: "M3 2h4v12H3zM9 2h4v12H9z",
  back: "M12 2L5 8l7 6zM3 2h2v12H3z",
  forward: "M4 2l7 6-7 6zM11 2h2v12h-2z",
};

export function icon(name: keyof typeof ICONS): SVGElement {
  return draw(
    "svg",
    { viewBox: "0 0 16 16", width: 14, height: 14, "aria-hidden": "true", fill: "currentColor" },
    draw("path", { d: ICONS[name] }),
  );
}

export function button(name: string, label: Child, act: () => void, title = ""): HTMLButtonElement {
  return make(
    "button",
    {
      type: "button",
      "data-gdviz": name,
      onclick: act,
      ...(title && { "aria-label": title, title }),
    },
    label,
  );
}

/**
 * A field for a number, which keeps what is written as long as it is being written. What can't be is
 * marked, and gives way to what there was.
 */
export function numberField(
  name: string,
  label: string,
  act: (value: number) => void,
  attributes: Attributes = {},
  allows: (value: number) => boolean = isFinite,
) {
  const check = () => {
    input.setCustomValidity(input.value && allows(+input.value) ? "" : name);
    return input.validity.valid;
  };
  const input = make("input", {
    type: "number",
    step: "any",
    // As all numbers; and not by the style sheet, since EPUB forbids it there.
    dir: "ltr",
    "data-gdviz": name,
    oninput: () => check() && act(+input.value),
    onchange: () => {
      if (!check()) input.value = input.defaultValue;
      check();
    },
    ...attributes,
  });
  const element = make("label", {}, ...(label ? [label] : []), input);
  const show = (value: number) => {
    input.defaultValue = `${value}`;
    if (document.activeElement !== input || +input.value !== value) input.value = `${value}`;
  };
  return { element, input, show };
}

export function slider(
  name: string,
  label: string,
  [low, high, step]: readonly [number, number, number],
  act: (value: number) => void,
) {
  const input = make("input", {
    type: "range",
    min: low,
    max: high,
    step,
    "data-gdviz": name,
    oninput: () => act(+input.value),
  });
  const element = make(
    "label",
    {},
    ...(label ? [label] : []),
    make("span", { class: "gdviz-range" }, input),
  );
  const show = (value: number, text: string) => {
    input.value = `${value}`;
    input.setAttribute("aria-valuetext", text);
  };
  return { element, input, show };
}

export function checkbox(name: string, label: string, act: (on: boolean) => void) {
  const input = make("input", {
    type: "checkbox",
    "data-gdviz": name,
    onchange: () => act(input.checked),
  });
  return { element: make("label", { class: "gdviz-check" }, input, label), input };
}
