"""The page's engine where it runs: the tests in TypeScript, in a browser instead of Node."""

from __future__ import annotations

import base64
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

from browser.live.pages import chromium, complaints

from .conftest import WIDGET

TESTS = sorted((WIDGET / "tests" / "engine").glob("*.test.ts"))
NODE = ("node:test", "node:assert/strict", "node:fs", "node:path")
"""What the tests import, for which a browser gets in_page.js."""


def bundle(folder: Path) -> None:
    """Make one script of the tests, the engine and what stands in for Node."""
    entry = folder / "all.js"
    entry.write_text("".join(f"import {json.dumps(str(path))};\n" for path in TESTS), "utf-8")
    stand_in = Path(__file__).with_name("in_page.js")
    subprocess.run(
        [
            WIDGET / "node_modules" / ".bin" / "esbuild",
            *(entry, f"--outfile={folder / 'tests.js'}", "--log-level=warning"),
            *("--bundle", "--format=iife", "--platform=browser", "--target=es2021"),
            *(f"--alias:{name}={stand_in}" for name in NODE),
            '--define:process.env.GDVIZ_GOLDENS="golden"',
        ],
        check=True,
    )


def test_engine_in_a_browser(
    tool: Callable[[str], str], node: str, golden: Path, tmp_path: Path
) -> None:
    bundle(tmp_path)
    files = {
        "golden/goldens.json": (golden / "goldens.json").read_text("utf-8"),
        "golden/runs.bin": base64.b64encode((golden / "runs.bin").read_bytes()).decode(),
    }
    (tmp_path / "files.js").write_text(f"files = {json.dumps(files)}", "utf-8")
    page = tmp_path / "page.html"
    page.write_text(
        '<!doctype html><meta charset="utf-8"><title>Engine</title>'
        '<script src="files.js"></script><script src="tests.js"></script>',
        "utf-8",
    )
    with chromium(tool("chromium")) as browser:
        window = browser.new_page()
        told = complaints(window)
        window.goto(page.as_uri(), timeout=120_000)
        results = window.evaluate("results")
    assert told == []
    assert [result for result in results if result["error"]] == []
    sources = [path.read_text("utf-8") for path in TESTS]
    names = re.findall(r'^test\("(.+?)"', "".join(sources), re.M)
    assert [result["name"] for result in results] == names
    for result in results:
        print(result["name"], *result["said"], sep="\n  ")
