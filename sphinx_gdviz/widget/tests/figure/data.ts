/** A figure of a bowl, for tests. */
import type { FigureData } from "../../src/types.ts";

export function figureData(change: Partial<FigureData> = {}): FigureData {
  const run = (lr: number) => ({
    method: { rule: "gd", settings: {}, lr },
    start: [1.5, 1.5] as const,
    verdict: { kind: "slow" as const, step: 50 },
  });
  return {
    loss: {
      name: "a bowl",
      parameters: ["theta1", "theta2"],
      symbols: ["θ₁", "θ₂"],
      value: { code: [["x"], ["multiply", 0, 0]], out: [1] },
      derivatives: { code: [], out: [] },
      xlim: [-2, 2],
      ylim: [-2, 2],
      steepness: 4,
    },
    frame: { x: [-2, 2], y: [-2, 2] },
    aspect: 1,
    scale: { low: 0, high: 4, linearThreshold: null },
    palette: ["#440154", "#31688e", "#35b779", "#fde725"],
    camera: [-60, 40],
    steps: 50,
    schedule: 1,
    clip: null,
    noise: 0,
    batch: null,
    seed: 0,
    points: [],
    marks: [],
    runs: [run(0.1)],
    maps: [],
    panels: [
      { view: "surface", title: "Loss surface", runs: [0] },
      { view: "contour", title: "Contours", runs: [0] },
    ],
    directive: {
      text: "```{gdviz-figure}\n{options}\n\nA bowl.\n```\n",
      options: { name: "fig-bowl", lr: "0.1", expect: "slow" },
    },
    hide: [],
    tasks: [],
    predict: false,
    maxSteps: 1000,
    ...change,
  };
}

/** The figure of two rates, a panel each. */
export function twoRates(): FigureData {
  const { runs } = figureData();
  const second = { ...runs[0]!, method: { ...runs[0]!.method, lr: 0.3 } };
  return figureData({
    runs: [runs[0]!, second],
    panels: [
      { view: "contour", title: "Slow", runs: [0] },
      { view: "contour", title: "Fast", runs: [1] },
    ],
    directive: { text: "", options: { lr: "0.1, 0.3", titles: "Slow; Fast" } },
  });
}
