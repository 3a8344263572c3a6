"""What importing and running the mathematics loads, and what it does not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import sphinx_gdviz.core

CORE = Path(sphinx_gdviz.core.__file__).parent
MODULES = sorted(
    ".".join(("sphinx_gdviz", "core", *path.relative_to(CORE).with_suffix("").parts))
    for path in CORE.rglob("*.py")
    if path.stem != "__init__"
)
HEAVY = ("sympy", "matplotlib", "sphinx", "docutils")


ASK = f"import sys; print(*(name for name in {HEAVY!r} if name in sys.modules))"
IN_FORKS = f"""\
import os, numpy
for name in {MODULES}:
    if not os.fork():
        print(name, end=": ")
        __import__(name)
        {ASK}
        break
    if os.wait()[1]:
        print(name, "cannot be imported")
"""
"""Imports each module in a fork of its own: a Python that has loaded NumPy, and none of ours."""


def loaded_by(script: str) -> set[str]:
    """Which of the heavy packages a fresh Python has loaded after a script."""
    done = subprocess.run(
        [sys.executable, "-c", f"{script}\n{ASK}"], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_importing_a_module_loads_nothing_heavy() -> None:
    """Whichever is imported first."""
    done = subprocess.run(
        [sys.executable, "-c", IN_FORKS], capture_output=True, text=True, check=True
    )
    assert len(MODULES) > 20
    assert done.stdout.splitlines() == [f"{module}: " for module in MODULES], done.stderr


def test_reading_a_formula_loads_nothing_heavy() -> None:
    script = "from sphinx_gdviz import find_loss; find_loss('x*y').gradient((1.0, 2.0))"
    assert loaded_by(script) == set()


def test_a_descent_loads_nothing_heavy() -> None:
    assert loaded_by("from sphinx_gdviz import descend; descend().verdict") == set()
