// The plugin for mystmd. It knows nothing of figures: one process of Python, asked in lines of
// JSON, has the nodes that stand in the place of each directive.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { createInterface } from "node:readline";

// generated from Python: begin
const VERSION = "0.1.0";
const DECLARED = [
  {"name": "gdviz-figure", "doc": "Gradient descent, run and drawn.", "options": {"loss": {"type": "string"}, "parameters": {"type": "string"}, "optimizer": {"type": "string"}, "lr": {"type": "string"}, "schedule": {"type": "string"}, "start": {"type": "string"}, "runs": {"type": "string"}, "steps": {"type": "string"}, "clip": {"type": "string"}, "constraint": {"type": "string"}, "noise": {"type": "string"}, "batch": {"type": "string"}, "seed": {"type": "string"}, "view": {"type": "string"}, "against": {"type": "string"}, "overlay": {"type": "string"}, "sweep": {"type": "string"}, "titles": {"type": "string"}, "xlim": {"type": "string"}, "ylim": {"type": "string"}, "levels": {"type": "string"}, "scale": {"type": "string"}, "aspect": {"type": "string"}, "camera": {"type": "string"}, "mark": {"type": "string"}, "arrows": {"type": "string"}, "model": {"type": "string"}, "label": {"type": "string"}, "numbers": {"type": "string"}, "labels": {"type": "string"}, "width": {"type": "string"}, "expect": {"type": "string"}, "name": {"type": "string"}, "alt": {"type": "string"}, "class": {"type": "string"}, "align": {"type": "string"}, "figclass": {"type": "string"}, "figwidth": {"type": "string"}, "chapter": {"type": "string"}, "code": {"type": "string"}, "notebook": {"type": "string"}, "static": {"type": "string"}, "hide": {"type": "string"}, "try": {"type": "string"}, "predict": {"type": "string"}}, "body": {"type": "myst"}},
  {"name": "gdviz-experiment", "doc": "A run that is not shown, for a book to quote.", "arg": {"type": "string", "required": true}, "options": {"loss": {"type": "string"}, "parameters": {"type": "string"}, "optimizer": {"type": "string"}, "lr": {"type": "string"}, "schedule": {"type": "string"}, "start": {"type": "string"}, "runs": {"type": "string"}, "steps": {"type": "string"}, "clip": {"type": "string"}, "constraint": {"type": "string"}, "noise": {"type": "string"}, "batch": {"type": "string"}, "seed": {"type": "string"}, "view": {"type": "string"}, "against": {"type": "string"}, "overlay": {"type": "string"}, "sweep": {"type": "string"}, "titles": {"type": "string"}, "xlim": {"type": "string"}, "ylim": {"type": "string"}, "levels": {"type": "string"}, "scale": {"type": "string"}, "aspect": {"type": "string"}, "camera": {"type": "string"}, "mark": {"type": "string"}, "arrows": {"type": "string"}, "model": {"type": "string"}, "label": {"type": "string"}, "numbers": {"type": "string"}, "labels": {"type": "string"}, "width": {"type": "string"}, "expect": {"type": "string"}}, "body": {"type": "myst"}},
  {"name": "gdviz-table", "doc": "The runs of a figure, a row for each.", "arg": {"type": "string", "required": true}, "options": {"columns": {"type": "string"}, "sort": {"type": "string"}, "titles": {"type": "string"}, "name": {"type": "string"}, "class": {"type": "string"}, "align": {"type": "string"}, "width": {"type": "string"}}, "body": {"type": "myst"}},
  {"name": "gdviz-steps", "doc": "The first steps of a run, worked out.", "arg": {"type": "string", "required": true}, "options": {"run": {"type": "string"}, "lr": {"type": "string"}, "optimizer": {"type": "string"}, "start": {"type": "string"}, "steps": {"type": "string"}, "format": {"type": "string"}, "as": {"type": "string"}, "name": {"type": "string"}, "class": {"type": "string"}, "align": {"type": "string"}, "width": {"type": "string"}, "label": {"type": "string"}}, "body": {"type": "myst"}},
  {"name": "gdviz-rule", "doc": "The update rule of an optimizer, or of a run with its settings.", "arg": {"type": "string", "required": true}, "options": {"run": {"type": "string"}, "lr": {"type": "string"}, "optimizer": {"type": "string"}, "start": {"type": "string"}, "label": {"type": "string"}, "class": {"type": "string"}}, "body": {"type": "myst"}},
];
// generated: end

const PYTHON = process.env.GDVIZ_PYTHON ?? (process.platform === "win32" ? "python" : "python3");
/** A worker that says nothing for so long hangs. */
const PATIENCE = 1000 * Number(process.env.GDVIZ_TIMEOUT ?? 600);
/** A picture of nothing, in the place of one that can't be made: some exports need one. */
const NOTHING =
  "iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAQAAAC1+jfqAAAADklEQVR42mNgGAWjAAEAAhAAAZrhHsYAAAAASUVORK5CYII=";

// The worker ------------------------------------------------------------------------------------

let worker, timer, last = 0;
/** Why the worker can't be asked any more, until that has been told. */
let broken = "", isTold = false;
const waiting = new Map();

function stop(why) {
  broken ||= why;
  clearTimeout(timer);
  worker?.kill("SIGKILL");
  for (const done of waiting.values()) done({});
  waiting.clear();
}

function hold() {
  // A process that nobody waits for must not keep the build from its end.
  const change = waiting.size ? "ref" : "unref";
  for (const each of [worker, worker.stdin, worker.stdout]) each[change]?.();
  clearTimeout(timer);
  if (waiting.size) timer = setTimeout(() => stop(`it has not answered for ${PATIENCE / 1000} s`), PATIENCE);
}

function read(line) {
  let reply;
  try {
    reply = JSON.parse(line);
  } catch {
    return stop(`it said ${JSON.stringify(line.slice(0, 60))}`);
  }
  if (reply.version && reply.version !== VERSION)
    return stop(`it is sphinx_gdviz ${reply.version}, and the plugin is of ${VERSION}; write python -m sphinx_gdviz.mystmd init`);
  waiting.get(reply.id)?.(reply);
  waiting.delete(reply.id);
  hold();
}

function start() {
  worker = spawn(PYTHON, ["-m", "sphinx_gdviz.mystmd", "worker"], { stdio: ["pipe", "pipe", "pipe"] });
  let said = "";
  worker.stderr.on("data", (data) => (said = (said + data).slice(-2000)));
  worker.stderr.unref?.();
  worker.stdin.on("error", () => {}); // it has ended, which is told below
  createInterface({ input: worker.stdout }).on("line", read);
  worker.on("error", (error) => stop(error.message));
  worker.on("close", (code, signal) => {
    const words = said.trim().split("\n").at(-1);
    stop(`it ended with ${signal ?? code}${words ? `: ${words}` : ""}`);
  });
  process.once("exit", () => worker.kill());
}

/** The worker's reply; an empty one if it can't give any. */
function ask(request) {
  if (broken) return Promise.resolve({});
  if (!worker) start();
  const id = ++last;
  return new Promise((done) => {
    waiting.set(id, done);
    hold();
    worker.stdin.write(`${JSON.stringify({ id, ...request })}\n`);
  });
}

/** The address of a picture of nothing in a page. */
function nothing(page) {
  const path = join(rootOf(page), "_build", "gdviz", "gdviz-nothing.png");
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.${process.pid}`, Buffer.from(NOTHING, "base64"));
    renameSync(`${path}.${process.pid}`, path);
  }
  return relative(dirname(page), path).replaceAll("\\", "/");
}

// Places and messages ---------------------------------------------------------------------------

function rootOf(page) {
  for (let folder = dirname(resolve(page)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "myst.yml"))) return folder;
    if (folder === dirname(folder)) return dirname(resolve(page));
  }
}

function tell(vfile, text, line) {
  const place = { start: { line, column: 1 }, end: { line, column: 1 } };
  const message = vfile.message(text, place, "gdviz:gdviz");
  message.fatal = true; // so that --strict fails
}

/** Ask for what stands in the place of a directive or role, and give its messages. */
async function answer(asked, vfile) {
  const reply = await ask(asked);
  for (const [option, text] of reply.messages ?? [])
    tell(vfile, `${asked.name}: ${text}`, asked.lines[option] ?? asked.line);
  if (broken && !isTold) {
    isTold = true;
    tell(vfile, `gdviz: ${PYTHON} can't make the figures: ${broken}`, asked.line);
  }
  return reply;
}

function requestOf(name, data, vfile) {
  const options = {}, lines = {};
  for (const child of data.node.children ?? [])
    if (child.type === "mystOption") {
      options[child.name] = child.value === true ? "" : String(child.value);
      lines[child.name] = child.position?.start.line;
    }
  const page = resolve(vfile.path);
  return {
    name, options, lines, page,
    root: rootOf(page),
    arg: String(data.arg ?? (data.body && !Array.isArray(data.body) ? data.body : "")),
    line: data.node.position?.start.line ?? 1,
    hasBody: Array.isArray(data.body) && data.body.length > 0,
  };
}

// Directives ------------------------------------------------------------------------------------

function named(label) {
  if (!label) return {};
  const identifier = label.replace(/['‘’"“”]+/g, "").trim().toLowerCase().replace(/\s+/g, " ");
  return { label, identifier };
}

/** The first paragraph, and all that follows. */
function split(body) {
  const [first, ...rest] = body ?? [];
  return first?.type === "paragraph" ? [[first], rest] : [[], body ?? []];
}

function captioned(body) {
  const [caption, legend] = split(body);
  return [
    ...(caption.length ? [{ type: "caption", children: caption }] : []),
    ...(legend.length ? [{ type: "legend", children: legend }] : []),
  ];
}

const makers = {
  "gdviz-figure": (gdviz, body) => ({
    type: "container", kind: "figure", ...named(gdviz.options.name), class: gdviz.options.figclass,
    children: [{ type: "image", url: nothing(gdviz.page), alt: "" }, ...captioned(body)],
    gdviz: { ...gdviz, hasBody: split(body)[0].length > 0 },
  }),
  "gdviz-experiment": (gdviz) => ({ type: "comment", value: "", gdviz }),
  "gdviz-table": (gdviz, body) => ({
    type: "container", kind: "table", ...named(gdviz.options.name), class: gdviz.options.class,
    children: [{ type: "table", align: gdviz.options.align, children: [], gdviz }, ...captioned(body)],
  }),
  "gdviz-steps": (gdviz, body) =>
    gdviz.options.as?.trim() === "table"
      ? makers["gdviz-table"](gdviz, body)
      : { type: "div", class: gdviz.options.class, children: [], gdviz },
  "gdviz-rule": (gdviz) => ({ type: "div", class: gdviz.options.class, children: [], gdviz }),
};

function find(tree, found = []) {
  if (tree.gdviz) found.push(tree);
  for (const child of tree.children ?? []) find(child, found);
  return found;
}

// Numbers ---------------------------------------------------------------------------------------

/** For each chapter how many figures of each page have its numbers. */
const pinned = new Map();
/** For each book its pages in order: as the table of contents has them, then as they are asked for. */
const orders = new Map();

function orderOf(root) {
  if (!orders.has(root)) {
    const files = ["myst.yml", "_toc.yml"].map((name) => join(root, name)).filter((path) => existsSync(path));
    const texts = files.map((path) => readFileSync(path, "utf8").replace(/^[^]*?(?=^ *(toc|root):)/m, ""));
    const names = texts.flatMap((text) => [...text.matchAll(/\b(?:file|root):\s*(["']?)([^"'\n#,}]+?)\1\s*(?=$|[#,}])/gm)]);
    const found = names.map((match) => resolve(root, match[2]));
    orders.set(root, found.map((path) => [path, `${path}.md`, `${path}.ipynb`].find((each) => existsSync(each))));
  }
  return orders.get(root);
}

/** Give the figures of a page that have a chapter their numbers. */
function pin(figures, page) {
  const order = orderOf(rootOf(page)), counts = new Map();
  for (const [node, chapter] of figures) {
    const nth = (counts.get(chapter) ?? 0) + 1;
    counts.set(chapter, nth);
    // mystmd asks once all pages have been read.
    Object.defineProperty(node, "enumerator", {
      configurable: true, enumerable: true,
      get() {
        if (!order.includes(page)) order.push(page);
        const pages = pinned.get(chapter), before = order.slice(0, order.indexOf(page));
        return `${chapter}.${nth + before.reduce((sum, each) => sum + (pages.get(each) ?? 0), 0)}`;
      },
      set() {},
    });
  }
  for (const pages of pinned.values()) pages.delete(page);
  for (const [chapter, count] of counts) {
    if (!pinned.has(chapter)) pinned.set(chapter, new Map());
    pinned.get(chapter).set(page, count);
  }
}

/** LaTeX counts by itself, and Typst would go on from a number that it is given. */
function around(number) {
  return [
    { type: "raw",
      tex: `\\begingroup\\renewcommand{\\thefigure}{${number}}\\def\\theHfigure{gdviz.${number}}`,
      typst: `#context [#let gdvizbefore = counter(figure.where(kind: "figure")).get()\n#set figure(numbering: (..n) => "${number}")\n` },
    { type: "raw",
      tex: "\\addtocounter{figure}{-1}\\endgroup\n\n",
      typst: `\n#counter(figure.where(kind: "figure")).update(gdvizbefore)]\n\n` },
  ];
}

// Transforms ------------------------------------------------------------------------------------

let settings;
/** Pages read so far, each as often as it was. */
let turns = 0;

/** Figures are made while a page is read. */
const figures = {
  name: "gdviz-figures", stage: "document",
  plugin: () => async (tree, vfile) => {
    const page = resolve(vfile.path), turn = ++turns;
    const found = find(tree).filter(({ gdviz }) => ["gdviz-figure", "gdviz-experiment"].includes(gdviz.name));
    if (found.length && !settings) {
      settings = true;
      await answer({ ...found[0].gdviz, name: "gdviz", options: {} }, vfile);
    }
    const replies = await Promise.all(found.map(({ gdviz }) => answer({ ...gdviz, turn }, vfile)));
    const numbered = [];
    for (const [index, node] of found.entries()) {
      const { image, probe, mistake, chapter, extras = [] } = replies[index];
      delete node.gdviz;
      if (node.type === "comment") continue;
      if (chapter) numbered.push([node, chapter]);
      node.gdvizFigure = true;
      const said = mistake ?? (image ? "" : "This figure could not be made.");
      node.children[0] = image ?? { type: "image", url: nothing(page), alt: said };
      if (said) node.children.push({ type: "legend", children: [{ type: "paragraph", children: [{ type: "text", value: said }] }] });
      if (probe) node.children.push({ type: "image", url: probe, alt: "", gdvizProbe: true });
      node.gdvizExtras = extras;
    }
    pin(numbered, page);
  },
};

/** What is quoted may be of any page: it is asked for when all have been read. */
const quotations = {
  name: "gdviz-quotations", stage: "project",
  plugin: () => async (tree, vfile) => {
    settle(tree);
    await Promise.all(find(tree).map(async (node) => {
      const { nodes } = await answer(node.gdviz, vfile);
      node.children = nodes ?? missing(node);
    }));
    unwrap(tree);
  },
};

function missing(node) {
  const sign = { type: "text", value: "?" };
  if (node.type === "span") return [sign];
  if (node.type === "div") return [{ type: "paragraph", children: [sign] }];
  return [{ type: "tableRow", children: [{ type: "tableCell", children: [sign] }] }];
}

/** For whom a page is written, which no transform is told: by the format of the probe. */
const TARGETS = { webp: "web", svg: "typst", pdf: "tex" };

function targetOf(node) {
  const probe = node.children.find((child) => child.gdvizProbe);
  node.children = node.children.filter((child) => child !== probe);
  return TARGETS[/\.(\w+)$/.exec(probe?.url ?? "")?.[1]] ?? "other";
}

function settle(parent) {
  for (const node of [...(parent.children ?? [])]) {
    settle(node);
    if (!node.gdvizFigure) continue;
    const target = targetOf(node), kind = target === "web" ? "web" : "print";
    const extras = (node.gdvizExtras ?? []).filter((each) => each.gdvizOnly === kind);
    for (const each of extras) delete each.gdvizOnly;
    const counts = ["tex", "typst"].includes(target) && Object.getOwnPropertyDescriptor(node, "enumerator")?.get;
    const [before, after] = counts ? around(node.enumerator) : [];
    if (counts) delete node.enumerator;
    delete node.gdvizFigure;
    delete node.gdvizExtras;
    // Not every export knows legends.
    const legends = target === "other" ? node.children.filter((child) => child.type === "legend") : [];
    node.children = node.children.filter((child) => !legends.includes(child));
    const behind = [...(after ? [after] : []), ...legends.flatMap((each) => each.children), ...extras];
    parent.children.splice(parent.children.indexOf(node), 1, ...(before ? [before] : []), node, ...behind);
  }
}

function unwrap(parent) {
  if (!parent.children) return;
  parent.children = parent.children.flatMap((node) => {
    unwrap(node);
    const isOurs = node.gdviz && (node.type === "span" || (node.type === "div" && !node.class));
    delete node.gdviz;
    return isOurs ? node.children : [node];
  });
}

export default {
  name: "Gradient descent, run and drawn",
  directives: DECLARED.map((declared) => ({
    ...declared,
    run: (data, vfile) => [makers[declared.name](requestOf(declared.name, data, vfile), data.body)],
  })),
  roles: [{
    name: "gdviz-value",
    doc: "A number of a figure, as in fig-descent loss:.4f step=10.",
    body: { type: "string", required: true },
    run: (data, vfile) => [{ type: "span", children: [], gdviz: requestOf("gdviz-value", data, vfile) }],
  }],
  transforms: [figures, quotations],
};
