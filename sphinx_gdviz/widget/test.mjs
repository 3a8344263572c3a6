// Bundles the tests that match (all, or those whose path holds an argument) and runs them: Node 20
// does not take TypeScript. Goldens are in the folder that GDVIZ_GOLDENS names.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(fileURLToPath(import.meta.url));
const wanted = process.argv.slice(2);
const tests = readdirSync(join(root, "tests"), { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".test.ts"))
  .filter((path) => !wanted.length || wanted.some((part) => path.includes(part)));
const folder = mkdtempSync(join(tmpdir(), "gdviz-tests-"));
try {
  await build({
    absWorkingDir: join(root, "tests"),
    entryPoints: tests,
    outdir: folder,
    outbase: ".",
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    sourcemap: "inline",
    logLevel: "warning",
  });
  const files = [
    ...(wanted.length ? [] : [join(root, "tests", "structure.test.mjs")]),
    ...tests.map((path) => join(folder, path.replace(/\.ts$/, ".mjs"))),
  ];
  const { status } = spawnSync(process.execPath, ["--enable-source-maps", "--test", ...files], {
    stdio: "inherit",
  });
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true });
}
