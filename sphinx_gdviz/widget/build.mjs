// Builds sphinx_gdviz/static/gdviz.js. With --check it writes nothing and fails if that is not current.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(fileURLToPath(import.meta.url));
const target = join(root, "..", "static", "gdviz.js");

/** Of all sources by name, whatever the line endings of a checkout. */
function hash() {
  const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => `src/${path.replaceAll("\\", "/")}`);
  const sum = createHash("sha256");
  for (const path of [...sources, "package.json", "strings.json", "symbols.json"].sort()) {
    sum.update(`${path}\n${readFileSync(join(root, path), "utf8").replaceAll("\r\n", "\n")}\n`);
  }
  return sum.digest("hex");
}

const first = `// sphinx_gdviz, made by widget/build.mjs from sources with the SHA-256 ${hash()}\n`;

if (process.argv.includes("--check")) {
  let current = "";
  try {
    current = readFileSync(target, "utf8");
  } catch {
    // There is none.
  }
  if (!current.replaceAll("\r\n", "\n").startsWith(first)) {
    console.error("static/gdviz.js is out of date: run npm run build in sphinx_gdviz/widget");
    process.exitCode = 1;
  }
} else {
  const { build } = await import("esbuild");
  const { minify } = await import("terser");
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
  writeFileSync(target, `${first}${code}\n`);
}
