/** Pictures of a figure as it is at the moment. */

import { themeOf } from "../view/theme.ts";
import type { Live } from "./live.ts";

const AIR = 12;
const TITLE = 22;

/** Where each panel is put, in pixels of CSS: as the page has them. */
function laidOut(live: Live) {
  const boxes = live.panels.map(({ element, canvas }) => ({
    canvas,
    box: canvas.getBoundingClientRect(),
    title: element.firstElementChild!.textContent!,
  }));
  const left = Math.min(...boxes.map(({ box }) => box.left)) - AIR;
  const top = Math.min(...boxes.map(({ box }) => box.top)) - AIR - TITLE;
  const places = boxes.map(({ canvas, box, title }) => ({
    canvas,
    title,
    x: box.left - left,
    y: box.top - top,
    width: box.width,
    height: box.height,
  }));
  const width = Math.ceil(Math.max(...places.map(({ x, width }) => x + width)) + AIR);
  const height = Math.ceil(Math.max(...places.map(({ y, height }) => y + height)) + AIR);
  const theme = themeOf(live.panels[0]!.element);
  return { places, width, height, theme, paper: paperOf(live.panels[0]!.element) };
}

/** The colour that an element stands on. */
function paperOf(element: Element | null): string {
  for (; element; element = element.parentElement) {
    const { backgroundColor } = getComputedStyle(element);
    if (!/^(transparent|rgba\(.*, 0\))$/.test(backgroundColor)) return backgroundColor;
  }
  return "white";
}

export function pngOf(live: Live): string {
  const { places, width, height, theme, paper } = laidOut(live);
  const canvas = document.createElement("canvas");
  canvas.width = 2 * width;
  canvas.height = 2 * height;
  const context = canvas.getContext("2d")!;
  context.scale(2, 2);
  context.fillStyle = paper;
  context.fillRect(0, 0, width, height);
  context.fillStyle = theme.ink;
  context.font = `bold 14px ${theme.font}`;
  context.textAlign = "center";
  for (const { canvas, title, x, y, width, height } of places) {
    context.drawImage(canvas, x, y, width, height);
    context.fillText(title, x + width / 2, y - 8, width);
  }
  return canvas.toDataURL();
}

export function svgOf(live: Live): string {
  const { places, width, height, theme, paper } = laidOut(live);
  const escape = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const parts = places.map(
    ({ canvas, title, x, y, width, height }) =>
      `<image href="${canvas.toDataURL()}" x="${x}" y="${y}" width="${width}" height="${height}"/>` +
      `<text x="${x + width / 2}" y="${y - 8}">${escape(title)}</text>`,
  );
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
    `font-family="${escape(theme.font)}" font-size="14" font-weight="bold" text-anchor="middle" fill="${theme.ink}">` +
    `<rect width="100%" height="100%" fill="${paper}"/>${parts.join("")}</svg>`
  );
}
