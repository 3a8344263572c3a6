// Builds sphinx_gdviz/static/gdviz.js. With --check it writes nothing, and fails if that is not what
// the sources build to.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { minify } from "terser";

const root = dirname(fileURLToPath(import.meta.url));
const target = join(root, "..", "static", "gdviz.js");

/** Of all sources by name, whatever the line endings of a checkout. */
function hash() {
  const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => `src/${path.replaceAll("\\", "/")}`);
  const sum = createHash("sha256");
  for (const path of [...sources, "package.json"].sort()) {
    sum.update(`${path}\n${readFileSync(join(root, path), "utf8").replaceAll("\r\n", "\n")}\n`);
  }
  return sum.digest("hex");
}

/** What the sources build to. */
async function built() {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ["src/main.ts"],
    bundle: true,
    format: "iife",
    target: "es2021",
    charset: "utf8",
    write: false,
    logLevel: "warning",
  });
  // A twentieth smaller than what esbuild's own minifier makes.
  const compress = { ecma: 2020, passes: 3, toplevel: true, unsafe_arrows: true };
  const { code } = await minify(outputFiles[0].text, { compress, mangle: { toplevel: true } });
  return `// sphinx_gdviz, made by widget/build.mjs from sources with the SHA-256 ${hash()}\n${code}\n`;
}

/** What was built before, whatever the line endings of a checkout; nothing if there is none. */
function before() {
  return existsSync(target) ? readFileSync(target, "utf8").replaceAll("\r\n", "\n") : "";
}

const text = await built();
if (!process.argv.includes("--check")) writeFileSync(target, text);
else if (before() !== text) {
  console.error("static/gdviz.js is out of date: run npm run build in sphinx_gdviz/widget");
  process.exitCode = 1;
}
