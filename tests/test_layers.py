"""The layers of the house: core <- draw <- ext, and who may know Matplotlib and Sphinx."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import sphinx_gdviz

ROOT = Path(sphinx_gdviz.__file__).parent
OURS = tuple(f"sphinx_gdviz.{room}" for room in ("ext", "editions", "widget"))
FORBIDDEN = {
    "core": (*OURS, "sphinx_gdviz.draw", "matplotlib", "mpl_toolkits", "sphinx", "docutils"),
    "draw": (*OURS, "sphinx", "docutils"),
}


def imported(source: str, package: str) -> set[str]:
    """Every module that a source in `package` imports, also within functions, by full name.

    Of ``from a import b`` both a and a.b, for b may be a module.
    """
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) - node.level + 1]
            start = ".".join(parents) if node.level else ""
            base = ".".join(part for part in (start, node.module) if part)
            names.add(base)
            names.update(f"{base}.{alias.name}" for alias in node.names)
    return names


def broken(names: set[str], layer: str) -> list[str]:
    return sorted(
        name
        for name in names
        if any(name == bad or name.startswith(f"{bad}.") for bad in FORBIDDEN[layer])
    )


FILES = [
    pytest.param(layer, path, id=path.relative_to(ROOT).as_posix())
    for layer in FORBIDDEN
    for path in sorted((ROOT / layer).rglob("*.py"))
]


@pytest.mark.parametrize(("layer", "path"), FILES)
def test_arrows_run_one_way(layer: str, path: Path) -> None:
    package = ".".join(path.parent.relative_to(ROOT.parent).parts)
    assert broken(imported(path.read_text(encoding="utf-8"), package), layer) == []


def test_there_are_files_to_look_at() -> None:
    assert len(FILES) > 10


@pytest.mark.parametrize(
    ("source", "layer"),
    [
        ("import matplotlib.pyplot as plt", "core"),
        ("def f():\n    from sphinx.util import logging", "core"),
        ("from ..draw import page", "core"),
        ("from ..draw.page import draw", "core"),
        ("from .. import draw", "core"),
        ("from sphinx_gdviz import ext", "draw"),
        ("from ..ext.figure import setup", "draw"),
        ("from docutils import nodes", "draw"),
        ("from mpl_toolkits.mplot3d import Axes3D", "core"),
    ],
)
def test_a_forbidden_import_is_seen(source: str, layer: str) -> None:
    assert broken(imported(source, f"sphinx_gdviz.{layer}"), layer)


@pytest.mark.parametrize(
    ("source", "layer"),
    [
        ("from .formula import parse_formula\nfrom . import losses\nimport sympy", "core"),
        ("from ..core.descent import descend\nimport matplotlib", "draw"),
        ("import sphinxlike", "core"),
    ],
)
def test_an_allowed_import_is_not(source: str, layer: str) -> None:
    assert broken(imported(source, f"sphinx_gdviz.{layer}"), layer) == []
