"""The tests in TypeScript; those of the page's engine compare it with goldens made here."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from sphinx_gdviz.core.export.rule_data import rule_data
from sphinx_gdviz.core.methods.rule import register
from sphinx_gdviz.widget import generate

from .conftest import WIDGET


def test_scripts(node: str, golden: Path) -> None:
    run = subprocess.run(
        [node, "test.mjs"],
        cwd=WIDGET,
        env={**os.environ, "GDVIZ_GOLDENS": str(golden)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "# fail 0" in run.stdout
    print(run.stdout)


@pytest.mark.parametrize(
    "command",
    [["node_modules/typescript/bin/tsc", "--noEmit", "-p", "."], ["build.mjs", "--check"]],
    ids=["types", "bundle"],
)
def test_sources_are_sound_and_the_bundle_is_theirs(node: str, command: list[str]) -> None:
    run = subprocess.run(
        [node, *command],
        cwd=WIDGET,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stdout


def test_what_is_generated_is_current() -> None:
    assert (WIDGET / "src" / generate.TARGET.name).read_text("utf-8") == generate.generated()


def test_rule_of_an_author() -> None:
    def half(theta, g, lr, memory, t, *, share=0.5):  # type: ignore[no-untyped-def]
        return theta - share * (lr * g), memory

    data = rule_data(register("half", half))
    assert data["update"] == [
        [
            "theta",
            ["subtract", "theta", ["multiply", "share", ["multiply", "lr", "g"]]],
            *["{theta} − {(share}·{(lr}·{(g}"] * 2,
        ]
    ]
