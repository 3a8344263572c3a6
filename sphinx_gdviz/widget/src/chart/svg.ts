/** A pen that writes SVG: what views draw is recorded as lines, shapes and text, and not as pixels. */

import type { Context } from "./pen.ts";

/** What `save` keeps: the style, where text is moved to, and what is cut off. */
const STYLE = {
  fillStyle: "",
  strokeStyle: "",
  lineWidth: 1,
  globalAlpha: 1,
  font: "",
  dashes: [] as number[],
  moved: "",
  clipped: "",
};

export const escaped = (text: string) =>
  text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

const short = (value: number) => +value.toFixed(2);

type Attributes = Record<string, string | number>;

const written = (attributes: Attributes) =>
  Object.entries(attributes)
    .filter(([, value]) => value !== "")
    .map(([name, value]) => ` ${name}="${typeof value === "number" ? short(value) : escaped(value)}"`)
    .join("");

/**
 * A placeholder for the context of a canvas, with what `pen.ts` and the views use of one; `markup`
 * gives what has been drawn.
 *
 * @param measure - A context that tells how wide text is.
 * @param name - For clips, whose names must be no others' in the picture.
 */
export function makeRecorder(measure: Context, name: string) {
  const self = { ...STYLE };
  const { parts, add } = makeWriter(self);
  const drawing = { ...pathMethods(self, add), ...textMethods(self, add, measure) };
  const kept: (typeof STYLE)[] = [];
  let clips = 0;
  const context = Object.assign(self, drawing, {
    setTransform() {},
    clearRect() {},
    fillRect: (x: number, y: number, width: number, height: number) =>
      add("rect", { x, y, width, height, fill: self.fillStyle }),
    setLineDash: (dashes: number[]) => void (self.dashes = dashes),
    save() {
      const keys = Object.keys(STYLE) as (keyof typeof STYLE)[];
      kept.push(Object.fromEntries(keys.map((key) => [key, self[key]])) as typeof STYLE);
    },
    restore: () => void Object.assign(self, kept.pop()),
    translate: (x: number, y: number) =>
      void (self.moved += `translate(${short(x)} ${short(y)})`),
    rotate: (angle: number) => void (self.moved += `rotate(${short((angle * 180) / Math.PI)})`),
    clip() {
      const id = `${name}-${clips++}`;
      parts.push(`<clipPath id="${id}"><path d="${drawing.outline()}"/></clipPath>`);
      self.clipped = `url(#${id})`;
    },
    /** Pixels stay pixels: with four numbers a whole canvas, with eight a part of it. */
    drawImage(image: HTMLCanvasElement, ...box: number[]) {
      const [x, y, width, height] = box.slice(-4) as [number, number, number, number];
      const from = box.length > 4 ? box : [0, 0, image.width, image.height];
      const part = document.createElement("canvas");
      [part.width, part.height] = from.slice(2, 4) as [number, number];
      part.getContext("2d")!.drawImage(image, -from[0]!, -from[1]!);
      const href = part.toDataURL();
      add("image", { href, x, y, width, height, preserveAspectRatio: "none" });
    },
  });
  return { context: context as unknown as Context, markup: () => parts.join("") };
}

type Add = (tag: string, attributes: Attributes, inside?: string) => void;

/** What adds elements in the style of the moment. */
function makeWriter(style: typeof STYLE) {
  const parts: string[] = [];
  const add: Add = (tag, attributes, inside = "") => {
    const { globalAlpha, moved: transform, clipped } = style;
    const opacity = globalAlpha === 1 ? "" : globalAlpha;
    const all = { ...attributes, opacity, transform, "clip-path": clipped };
    parts.push(`<${tag}${written(all)}>${inside}</${tag}>`);
  };
  return { parts, add };
}

const outlined = (style: typeof STYLE) => ({
  fill: "none",
  stroke: style.strokeStyle,
  "stroke-width": style.lineWidth,
  "stroke-dasharray": style.dashes.map(short).join(" "),
});

function pathMethods(style: typeof STYLE, add: Add) {
  let path = "";
  const point = (letter: string, x: number, y: number) =>
    void (path += `${letter}${short(x)} ${short(y)}`);
  return {
    outline: () => path,
    beginPath: () => void (path = ""),
    moveTo: (x: number, y: number) => point("M", x, y),
    // A line without a beginning begins where it is drawn to.
    lineTo: (x: number, y: number) => point(path ? "L" : "M", x, y),
    closePath: () => void (path += "Z"),
    // All arcs of the views are whole circles.
    arc(x: number, y: number, r: number) {
      const half = (by: number) => `a${short(r)} ${short(r)} 0 1 1 ${short(by)} 0`;
      point("M", x - r, y);
      path += half(2 * r) + half(-2 * r);
    },
    rect(x: number, y: number, width: number, height: number) {
      point("M", x, y);
      path += `h${short(width)}v${short(height)}h${short(-width)}Z`;
    },
    fill: () => add("path", { d: path, fill: style.fillStyle }),
    stroke: () => add("path", { d: path, ...outlined(style) }),
  };
}

function textMethods(style: typeof STYLE, add: Add, measure: Context) {
  const write = (text: string, x: number, y: number, paint: Attributes) => {
    const font = `font:${style.font}`;
    add("text", { x, y, "dominant-baseline": "central", style: font, ...paint }, escaped(text));
  };
  return {
    fillText: (text: string, x: number, y: number) => write(text, x, y, { fill: style.fillStyle }),
    strokeText: (text: string, x: number, y: number) => write(text, x, y, outlined(style)),
    measureText(text: string) {
      measure.font = style.font;
      return measure.measureText(text);
    },
  };
}
