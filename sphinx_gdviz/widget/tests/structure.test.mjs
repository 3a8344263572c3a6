// The house rules of src/: no circular imports, no function over 60 lines, no file over 400.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "src");
const sources = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts"))
  .map((path) => {
    const text = readFileSync(join(root, path), "utf8");
    return ts.createSourceFile(join(root, path), text, ts.ScriptTarget.Latest, true);
  });

/** Which files a file imports, those of which it only has types among them. */
const imports = new Map(
  sources.map((source) => [
    source.fileName,
    source.statements
      .filter((statement) => ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement))
      .map(({ moduleSpecifier }) => moduleSpecifier?.text)
      .filter((path) => path?.endsWith(".ts"))
      .map((path) => join(dirname(source.fileName), path)),
  ]),
);

const sound = new Set();

/** A way from a file along imports back to a file on the way; nothing if there is none. */
function circle(file, way = []) {
  if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
  if (sound.has(file)) return undefined;
  for (const imported of imports.get(file)) {
    const found = circle(imported, [...way, file]);
    if (found) return found;
  }
  sound.add(file);
  return undefined;
}

test("no file imports itself by way of others", () => {
  for (const file of imports.keys()) assert.deepEqual(circle(file), undefined);
});

test("the engine and the charts know nothing of the figure, and the store nothing beside it", () => {
  const foreign = { engine: /\/(chart|figure)\//, chart: /\/figure\//, "figure/store.ts": /\/figure\// };
  for (const [file, imported] of imports) {
    for (const [part, pattern] of Object.entries(foreign)) {
      if (!file.startsWith(join(root, part))) continue;
      assert.deepEqual(imported.filter((path) => pattern.test(path)), [], file);
    }
  }
});

test("no function has over 60 lines, and no file over 400", () => {
  const long = [];
  for (const source of sources) {
    const lineOf = (position) => source.getLineAndCharacterOfPosition(position).line + 1;
    const lines = lineOf(source.end);
    if (lines > 400) long.push(`${source.fileName}: ${lines}`);
    const visit = (node) => {
      const first = lineOf(node.getStart());
      const count = lineOf(node.end) - first + 1;
      if (ts.isFunctionLike(node) && count > 60) long.push(`${source.fileName}:${first}: ${count}`);
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  assert.deepEqual(long, []);
});
