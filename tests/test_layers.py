"""The rooms of the house: arrows run one way, nothing runs in a circle, no room is too large."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import sphinx_gdviz

ROOT = Path(sphinx_gdviz.__file__).parent
LAYERS = (
    ("files", "messages"),
    ("core.budget", "core.expr"),
    ("core.losses", "core.methods"),
    ("core.descent",),
    (
        *(
            "core.engine",
            "core.experiment",
            "core.local_model",
            "core.places",
            "core.result",
            "core.scale",
        ),
        "core.frames",
        "core.views",
    ),
    ("core.options", "core.report", "core.export", "store"),
    ("draw",),
    ("api",),
    ("ext", "editions", "widget", "mystmd"),
)
"""The rooms, the lowest first: each knows those below it and its neighbours."""

PLOTTING = ("matplotlib", "mpl_toolkits", "contourpy", "PIL", "fontTools")
HOSTS = ("sphinx", "docutils", "myst_nb")
STRANGERS = {
    "core": (*PLOTTING, *HOSTS),
    **dict.fromkeys(("store", "draw", "api"), HOSTS),
    "mystmd": (*HOSTS, "sphinx_gdviz.ext"),
    "ext": ("sphinx_gdviz.mystmd",),
}
"""What parts of the house know nothing of."""

LONGEST_FILE, LONGEST_FUNCTION = 400, 60
TO_BE_MENDED: dict[str, set[str]] = {
    "arrows": set(),
    "names": set(),
    "files": set(),
    "functions": set(),
}
"""What does not hold yet. A name that is no longer needed here is a failure, too."""


def module_name(path: Path) -> str:
    """Name of a file's module, from the root of the package."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


PYTHON = {module_name(path): path for path in sorted(ROOT.rglob("*.py"))}
SOURCES = [
    *PYTHON.values(),
    *(path for path in sorted((ROOT / "widget/src").rglob("*.ts")) if "generated" not in path.name),
]


TYPESCRIPT = re.compile(
    r"^( *)(?:export |async |static |private |readonly )*(?:function |const )?"
    r"(?!if\b|for\b|while\b|switch\b|catch\b)(?P<name>\w+)(?: = (?:async )?)?(?:<[^\n]*>)?"
    r"\((?:[^\n]*|\n(?:\1 [^\n]*\n)*?\1\)[^\n]*)\{\n(?:(?!\1\})[^\n]*\n)*\1\}",
    re.M,
)
"""A function or a method, as Prettier sets it: its end is indented as its beginning is."""


def imported(nodes: Iterable[ast.AST], package: str) -> set[str]:
    """Every module that statements in `package` import, by full name.

    Of ``from a import b`` both a and a.b, for b may be a module.
    """
    names: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) - node.level + 1]
            start = ".".join(parents) if node.level else ""
            base = ".".join(part for part in (start, node.module) if part)
            names.add(base)
            names.update(f"{base}.{alias.name}" for alias in node.names)
    return names


def of_ours(names: set[str]) -> set[str]:
    """Those that are modules of the package, from its root."""
    return {n for name in names if (n := name.removeprefix("sphinx_gdviz.")) in PYTHON} - {""}


def layer_of(module: str) -> int | None:
    """Layer of a module; None of those that only hold rooms."""
    for layer, rooms in enumerate(LAYERS):
        if any(module == room or module.startswith(f"{room}.") for room in rooms):
            return layer
    return None


def wrong(names: set[str], module: str) -> list[str]:
    """What a module must not import."""
    layer = layer_of(module)
    strangers = STRANGERS.get(module.partition(".")[0], ())
    above = {
        name
        for name in names
        if name.startswith("sphinx_gdviz.")
        and (other := layer_of(name.removeprefix("sphinx_gdviz."))) is not None
        and layer is not None
        and other > layer
    }
    foreign = {n for n in names if any(n == s or n.startswith(f"{s}.") for s in strangers)}
    return sorted(above | foreign)


def package_of(module: str) -> str:
    """Package in which a module's relative imports start."""
    is_package = PYTHON[module].stem == "__init__"
    full = f"sphinx_gdviz.{module}".rstrip(".")
    return full if is_package else full.rpartition(".")[0]


def tree(module: str) -> ast.Module:
    """Source of a module."""
    return ast.parse(PYTHON[module].read_text("utf-8"))


def at_import(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Statements that run when a module is imported."""
    for node in nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        yield node
        yield from at_import(ast.iter_child_nodes(node))


def hold(found: set[str], rule: str) -> None:
    """Fail unless a rule is broken by those alone that are still to be mended."""
    assert found == TO_BE_MENDED[rule], {
        "broken": sorted(found - TO_BE_MENDED[rule]),
        "mended, take it out of the list": sorted(TO_BE_MENDED[rule] - found),
    }


def test_every_module_has_its_room() -> None:
    outside = {name for name in PYTHON if layer_of(name) is None}
    assert outside == {"", "core"}
    assert len(PYTHON) > 60


def test_arrows_run_one_way() -> None:
    found = {
        f"{module} -> {name}"
        for module in PYTHON
        for name in wrong(imported(ast.walk(tree(module)), package_of(module)), module)
    }
    hold(found, "arrows")


def test_no_imports_run_in_a_circle() -> None:
    graph = {
        module: of_ours(imported(at_import(tree(module).body), package_of(module))) - {module}
        for module in PYTHON
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_no_two_files_have_one_name() -> None:
    count = Counter(path.name for path in PYTHON.values())
    hold({n for n, times in count.items() if times > 1} - {"__init__.py", "__main__.py"}, "names")


def test_no_file_is_too_long() -> None:
    hold(
        {
            path.relative_to(ROOT).as_posix()
            for path in SOURCES
            if len(path.read_text("utf-8").splitlines()) > LONGEST_FILE
        },
        "files",
    )


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Name and length of each function of a file."""
    text = path.read_text("utf-8")
    if path.suffix == ".ts":
        for match in TYPESCRIPT.finditer(text):
            yield match["name"], match[0].count("\n") + 1
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or 0) - node.lineno + 1


def test_no_function_is_too_long() -> None:
    found = {
        f"{path.relative_to(ROOT).as_posix()}: {name}"
        for path in SOURCES
        for name, length in functions(path)
        if length > LONGEST_FUNCTION
    }
    hold(found, "functions")


@pytest.mark.parametrize(
    ("source", "module"),
    [
        ("import matplotlib.pyplot as plt", "core.report.numbers"),
        ("def f():\n    from sphinx.util import logging", "core.result"),
        ("from ...draw import figure", "core.descent.run"),
        ("from ...draw.figure import draw", "core.descent.run"),
        ("from ... import draw", "core.descent.run"),
        ("from ..descent.run import descend", "core.losses.base"),
        ("from .options import read", "core.result"),
        ("from sphinx_gdviz import ext", "draw.figure"),
        ("from ..ext.domain import setup", "draw.figure"),
        ("from docutils import nodes", "draw.figure"),
        ("from mpl_toolkits.mplot3d import Axes3D", "core.result"),
        ("from .domain import Figure\nimport sphinx_gdviz.mystmd.worker", "ext.domain"),
    ],
)
def test_a_forbidden_import_is_seen(source: str, module: str) -> None:
    assert wrong(imported(ast.walk(ast.parse(source)), package_of(module)), module)


@pytest.mark.parametrize(
    ("source", "module"),
    [
        (
            "from ..expr.parse import parse\nfrom . import named\nimport sympy",
            "core.losses.base",
        ),
        ("from ..core.descent.run import descend\nimport matplotlib", "draw.figure"),
        ("from ..methods import rules", "core.losses.base"),
        ("import sphinxlike", "core.result"),
    ],
)
def test_an_allowed_import_is_not(source: str, module: str) -> None:
    assert wrong(imported(ast.walk(ast.parse(source)), package_of(module)), module) == []


def test_a_circle_is_seen_only_where_modules_are_imported() -> None:
    source = "if TYPE_CHECKING:\n    import a\ndef f():\n    import b\nclass C:\n    import c"
    assert imported(at_import(ast.parse(source).body), "p") == {"c"}
