"""The real book: built once, whichever test needs it first."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
Once = Callable[[str, Callable[[Path], None]], Path]
Build = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def build() -> Build:
    """Build the book as the README's command does."""

    def build(
        output: Path, *options: str, source: Path = ROOT, seed: str = "0"
    ) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "sphinx_gdviz.editions", "-W", "-c", str(source), *options]
        return subprocess.run(
            [*command, str(source / "book"), str(output)],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )

    return build


@pytest.fixture(scope="session")
def workshop(once: Once, build: Build) -> Path:
    """A copy of the sources, all editions of it, and a copy of these, which nobody changes."""

    def fill(folder: Path) -> None:
        source = folder / "source"
        shutil.copytree(ROOT / "book", source / "book")
        shutil.copy(ROOT / "conf.py", source)
        done = build(folder / "editions", source=source)
        assert done.returncode == 0, done.stdout + done.stderr
        assert not done.stderr, "a build without a warning"
        shutil.copytree(folder / "editions", folder / "kept")

    return once("book", fill)


@pytest.fixture(scope="session")
def book(workshop: Path) -> Path:
    """All editions."""
    return workshop / "kept"
