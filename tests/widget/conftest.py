"""What tests of the page's engine share: Node, and what they compare with."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from . import goldens

WIDGET = Path(__file__).parents[2] / "sphinx_gdviz" / "widget"


@pytest.fixture(scope="session")
def node(tool: Callable[[str], str]) -> str:
    """Node, with the packages that the tests in TypeScript need."""
    path = tool("node")
    if not (WIDGET / "node_modules" / "esbuild").is_dir():
        said = f"its packages are missing: npm ci in {WIDGET.name}/"
        if os.environ.get("CI"):
            pytest.fail(f"{said}; in CI nothing is skipped")
        pytest.skip(said)
    return path


@pytest.fixture(scope="session")
def golden(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the goldens."""
    folder = tmp_path_factory.mktemp("goldens")
    goldens.write(folder)
    return folder
