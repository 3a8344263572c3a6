"""What importing and running the mathematics loads, and what it does not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import sphinx_gdviz.core

CORE = Path(sphinx_gdviz.core.__file__).parent
MODULES = sorted(
    ".".join(("sphinx_gdviz", "core", *path.relative_to(CORE).with_suffix("").parts))
    for path in CORE.rglob("*.py")
    if path.stem != "__init__"
)
HEAVY = ("sympy", "matplotlib", "sphinx", "docutils")


def loaded_by(script: str) -> set[str]:
    """Which of the heavy packages a fresh Python has loaded after a script."""
    ask = f"import sys; print(*(name for name in {HEAVY!r} if name in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", f"{script}\n{ask}"], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("module", MODULES)
def test_importing_loads_nothing_heavy(module: str) -> None:
    assert loaded_by(f"import {module}") == set()


def test_reading_a_formula_loads_nothing_heavy() -> None:
    script = "from sphinx_gdviz import find_loss; find_loss('x*y').gradient((1.0, 2.0))"
    assert loaded_by(script) == set()


def test_a_descent_loads_nothing_heavy() -> None:
    assert loaded_by("from sphinx_gdviz import descend; descend().verdict") == set()
