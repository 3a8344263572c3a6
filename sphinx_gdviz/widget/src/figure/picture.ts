/** Pictures of a figure as it is at the moment. */

import { placeholders } from "../chart/pen.ts";
import { escaped, makeRecorder } from "../chart/svg.ts";
import { themeOf } from "../chart/theme.ts";

const AIR = 12;
/** Pixels of a saved picture to one of CSS. */
const FINE = 2;

/** What belongs into a picture; what is folded or hidden has no place, and is left out. */
const CANVASES = ".gdviz-panels canvas, .gdviz-scale canvas";
const SIGNS = ".gdviz-key svg, .gdviz-list svg";
const TEXTS = ".gdviz-title, .gdviz-key > span, .gdviz-list span";

/** The colour that an element stands on. */
function backgroundOf(element: Element | null): string {
  for (; element; element = element.parentElement) {
    const { backgroundColor } = getComputedStyle(element);
    if (!/^(transparent|rgba\(.*, 0\))$/.test(backgroundColor)) return backgroundColor;
  }
  return "white";
}

/**
 * The figure as SVG: the panels, the colour bar and what the marks mean, where the page has them.
 *
 * @param draw - What draws all panels anew.
 */
export function svgOf(element: HTMLElement, draw: () => void): string {
  const all = <E extends Element>(kinds: string) =>
    [...element.querySelectorAll<E>(kinds)]
      .map((part) => ({ part, box: part.getBoundingClientRect() }))
      .filter(({ box }) => box.width);
  const [canvases, signs] = [all<HTMLCanvasElement>(CANVASES), all(SIGNS)];
  const measure = canvases[0]!.part.getContext("2d")!;
  /** Text stands where it is on the page, but in one line. */
  const texts = all(TEXTS).map(({ part, box }) => {
    const range = document.createRange();
    range.selectNodeContents(part.lastChild!);
    const { left } = range.getBoundingClientRect();
    const { font } = getComputedStyle(part);
    const text = part.textContent!;
    measure.font = font;
    const right = Math.max(box.right, left + measure.measureText(text).width);
    return { text, font, box: { left, right, top: box.top, bottom: box.bottom } };
  });
  const boxes = [...canvases, ...signs, ...texts].map(({ box }) => box);
  const left = Math.min(...boxes.map((box) => box.left)) - AIR;
  const top = Math.min(...boxes.map((box) => box.top)) - AIR;
  const width = Math.ceil(Math.max(...boxes.map((box) => box.right)) + AIR - left);
  const height = Math.ceil(Math.max(...boxes.map((box) => box.bottom)) + AIR - top);
  const { foreground } = themeOf(element);
  const at = (x: number, y: number) => `${(x - left).toFixed(2)} ${(y - top).toFixed(2)}`;
  const moved = (box: DOMRect, inside: string) =>
    `<g transform="translate(${at(box.left, box.top)})">${inside}</g>`;
  const marks = signs.map(({ part, box }) =>
    moved(box, new XMLSerializer().serializeToString(part)),
  );
  const words = texts.map(
    ({ text, font, box: { left, top, bottom } }) =>
      `<text transform="translate(${at(left, (top + bottom) / 2)})" text-anchor="start" ` +
      `dominant-baseline="central" style="${escaped(`font:${font}`)}" fill="${foreground}">` +
      `${escaped(text)}</text>`,
  );

  const recorders = canvases.map((_, i) => makeRecorder(measure, `clip-${i}`));
  canvases.forEach(({ part }, i) => placeholders.set(part, recorders[i]!.context));
  draw();
  placeholders.clear();
  draw(); // on the page a surface may have been coarse still
  const drawn = canvases.map(({ box }, i) => moved(box, recorders[i]!.markup()));
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" ` +
    `width="${width}" height="${height}" color="${foreground}" text-anchor="middle" stroke-linejoin="round">` +
    `<rect width="100%" height="100%" fill="${backgroundOf(element)}"/>` +
    [...drawn, ...marks, ...words].join("") +
    "</svg>"
  );
}

/** As a link to the data of an SVG. */
export const svgAddress = (svg: string) =>
  `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;

/** The same picture in pixels, as a link to its data; as it is where the page allows no more. */
export async function pngOf(svg: string): Promise<string> {
  const image = new Image();
  image.src = svgAddress(svg);
  try {
    await image.decode();
  } catch {
    return image.src; // its policy forbids pictures from data
  }
  const canvas = document.createElement("canvas");
  canvas.width = FINE * image.width;
  canvas.height = FINE * image.height;
  canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL();
}
