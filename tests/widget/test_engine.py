"""The page's engine against the build's: the tests in TypeScript, on goldens made here."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from sphinx_gdviz.core.optimizers import Rule
from sphinx_gdviz.core.typeset import SYMBOLS
from sphinx_gdviz.widget import rules

from . import goldens

WIDGET = Path(__file__).parents[2] / "sphinx_gdviz" / "widget"


@pytest.fixture(scope="module")
def node(tool: Callable[[str], str]) -> str:
    """Node, with the packages that the tests in TypeScript need."""
    path = tool("node")
    if not (WIDGET / "node_modules" / "esbuild").is_dir():
        said = f"its packages are missing: npm ci in {WIDGET.name}/"
        if os.environ.get("CI"):
            pytest.fail(f"{said}; in CI nothing is skipped")
        pytest.skip(said)
    return path


def test_engine(node: str, tmp_path: Path) -> None:
    goldens.write(tmp_path)
    run = subprocess.run(
        [node, "test.mjs", "engine"],
        cwd=WIDGET,
        env={**os.environ, "GDVIZ_GOLDENS": str(tmp_path)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "# fail 0" in run.stdout
    print(run.stdout)


def test_types(node: str) -> None:
    compiler = WIDGET / "node_modules" / "typescript" / "bin" / "tsc"
    run = subprocess.run(
        [node, str(compiler), "--noEmit", "-p", "."],
        cwd=WIDGET,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stdout


def test_generated_rules_are_current() -> None:
    written = (WIDGET / "src" / "engine" / rules.TARGET.name).read_text("utf-8")
    assert written == rules.generated()


def test_symbols_are_those_of_print() -> None:
    symbols = json.loads((WIDGET / "symbols.json").read_text("utf-8"))
    assert set(symbols) == set(SYMBOLS)


def test_rule_of_an_author() -> None:
    def half(theta, g, lr, memory, t, *, share=0.5):  # type: ignore[no-untyped-def]
        return theta - share * (lr * g), memory

    data = rules.rule_data(Rule.of("half", half))
    assert data["later"] == [
        ["theta", ["subtract", "theta", ["multiply", "share", ["multiply", "lr", "g"]]]]
    ]
