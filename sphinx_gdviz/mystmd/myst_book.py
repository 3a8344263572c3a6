"""A book of mystmd: its experiments, and the nodes that stand in the place of its directives."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..core.options.defaults import read_with_defaults
from ..core.options.expectations import disappointments
from ..core.options.syntax import INCHES, read_chapter, read_flag
from ..core.report.describe import alt_text, describe
from ..core.report.quantities import answer
from ..core.report.query import EXAMPLE, read_query
from ..core.report.quote_options import (
    KINDS,
    SELECTORS,
    read_runs_options,
    read_selection,
    read_steps_options,
)
from ..core.report.tables import runs_table, steps_table, updates_of
from ..core.report.worked_steps import aligned, derivation, rule_formula, rule_of
from ..messages import (
    GdvizError,
    check_printable,
    collect_mistakes,
    did_you_mean,
    printable,
    quote,
    some_of,
)
from ..store import Store
from .declarations import OPTIONS
from .myst_nodes import Node, math_node, rich_text_nodes, table_rows, text_node
from .toml_settings import TomlSettings

if TYPE_CHECKING:
    from ..core.losses.dataset import Dataset
    from ..core.result import Result

PICTURES = ("svg", "pdf", "png")
"""Formats of each picture: mystmd takes the one that an export wants."""
PROBE = (".webp", ".svg", ".pdf", ".jpg")
"""Suffixes of a picture that nobody sees: the one that is taken tells what is written."""
Request = Mapping[str, Any]
Mistakes = list[GdvizError]


class MystBook:
    """The book in a folder.

    Parameters
    ----------
    root : str
        The folder of ``myst.yml``.
    """

    def __init__(self, root: str) -> None:
        self.root = Path(root)
        self.store = Store(self.root / "_build" / "gdviz")
        self.named: dict[str, tuple[tuple[str, int, int], Result | None]] = {}
        self.turns: dict[str, int] = {}

    @cached_property
    def settings(self) -> TomlSettings:
        """The settings of the book."""
        return TomlSettings.read(self.root)

    def answer(self, request: Request) -> dict[str, Any]:
        """The nodes in the place of a directive or role, and the mistakes in it."""
        mistakes: Mistakes = []
        answers: dict[str, Callable[[Request, Mistakes], dict[str, Any]]] = {
            "gdviz": self._settings,
            "gdviz-figure": self._figure,
            "gdviz-experiment": self._experiment,
            "gdviz-value": self._value,
            "gdviz-table": self._table,
            "gdviz-steps": self._steps,
            "gdviz-rule": self._rule,
        }
        reply: dict[str, Any] = {}
        options: dict[str, str] = request.get("options", {})
        for name, text in options.items():
            with collect_mistakes(mistakes, name):
                check_printable(name + text)
        name = request["name"]
        if name in OPTIONS:
            for option in options:
                if option not in OPTIONS[name]:
                    said = f"there is no such option{did_you_mean(option, OPTIONS[name])}"
                    mistakes.append(GdvizError(said, option))
        try:
            reply = answers[name](request, mistakes)
        except GdvizError as error:
            mistakes.append(error)
        except Exception as error:  # of one figure; the others are made
            said = " ".join(f"{type(error).__name__}: {error}".split())
            mistakes.append(GdvizError(f"this could not be made ({said})"))
        told = {mistake.full: [mistake.option, mistake.full] for mistake in mistakes}
        return {**reply, "messages": list(told.values())}

    def _settings(self, request: Request, mistakes: Mistakes) -> dict[str, Any]:
        """What is wrong with the settings, asked for once in a build."""
        self.__dict__.pop("settings", None)  # a book that is watched may have new ones
        self.named.clear()
        mistakes += self.settings.mistakes
        return {}

    def _run(self, request: Request, mistakes: Mistakes) -> Result | None:
        """The result of the experiment that is asked for; None where there is a mistake."""
        options: dict[str, str] = request["options"]
        defaults = (
            self.settings.defaults
            if request["name"] == "gdviz-figure"
            else {name: value for name, value in self.settings.defaults.items() if name != "width"}
        )
        before = len(mistakes)
        experiment, found = read_with_defaults(
            options, defaults, replace(self.settings.book, read_data=self._reader(request["page"]))
        )
        mistakes += found
        if experiment is None or before:
            return None
        result: Result | None = None
        with collect_mistakes(mistakes, "optimizer"):
            result = self.store.result(experiment)
        if result and "expect" in (texts := {**defaults, **options}):
            with collect_mistakes(mistakes, "expect"):
                said = disappointments(str(texts["expect"]), result)
                mistakes += [GdvizError(each, "expect") for each in said]
        return result

    def _reader(self, page: str) -> Callable[[str, str, str], Dataset]:
        """A reader of files with data that a page names, all in the folder of the book."""

        def read_data(name: str, x: str, y: str) -> Dataset:
            from ..core.losses.dataset import read_file

            if "\0" in name:
                raise GdvizError(f"{quote(name)} is no name of a file")
            folder = self.root if name.startswith("/") else Path(page).parent
            try:
                path, root = (folder / name.lstrip("/")).resolve(), self.root.resolve()
            except (OSError, RuntimeError):  # a link to itself, before Python 3.13
                raise GdvizError(f"{quote(name)} leads nowhere") from None
            if not path.is_relative_to(root):
                raise GdvizError(f"{quote(name)} is outside of the book's folder; move it there")
            relative = path.relative_to(root).as_posix()
            return read_file(path, name, x, y, f"as {quote(relative)} in the book's folder")

        return read_data

    def _name(self, name: str, request: Request, result: Result | None, mistakes: Mistakes) -> None:
        """Enter a result by the name that the book quotes it by."""
        page, turn = request["page"], request["turn"]
        self.turns[page] = max(turn, self.turns.get(page, 0))
        place = (page, turn, request["line"])
        for each in filter(None, dict.fromkeys((name, name.replace(" ", "-")))):
            other, _ = self.named.get(each, (place, None))
            # A book that is watched has pages that are read again, and names that have moved.
            is_there = other[1] == self.turns.get(other[0]) and (
                other[0] != page or other[1] == turn
            )
            if other != place and is_there and request["name"] == "gdviz-experiment":
                said = f"the name {quote(each)} is used twice; the other is in line {other[2]}"
                where = f" of {Path(other[0]).name}" * (other[0] != page)
                mistakes.append(GdvizError(said + where))
            else:
                self.named[each] = place, result

    def _experiment(self, request: Request, mistakes: Mistakes) -> dict[str, Any]:
        name = _normalized(request["arg"])
        if " " in name:
            mistakes.append(GdvizError(f"the name {quote(name)} has a space in it"))
        if request["hasBody"]:
            said = "an experiment has no body; what is shown is a figure"
            mistakes.append(GdvizError(said))
        self._name(name, request, self._run(request, mistakes), mistakes)
        return {}

    def _figure(self, request: Request, mistakes: Mistakes) -> dict[str, Any]:
        options: dict[str, str] = request["options"]
        texts = {**{name: str(value) for name, value in self.settings.defaults.items()}, **options}
        result = self._run(request, mistakes)
        chapter = ""
        if "chapter" in texts:
            with collect_mistakes(mistakes, "chapter"):
                chapter = ".".join(map(str, read_chapter(texts["chapter"])))
        with collect_mistakes(mistakes, "static"):
            read_flag(texts.get("static", "no"))
        if not request["hasBody"]:
            mistakes.append(GdvizError("the caption is empty; write it in the body"))
        if "name" in options:
            self._name(_normalized(options["name"]), request, result, mistakes)
        reply = {"chapter": chapter}
        if result is None:
            said = "; ".join(mistake.full for mistake in mistakes)
            return {**reply, "mistake": f"This figure could not be made. {said}"}
        path, folder = self._draw(result, mistakes), Path(request["page"]).parent
        image = {
            "type": "image",
            "url": _address(path, folder),
            "alt": texts.get("alt", alt_text(result)),
            "class": " ".join(["gdviz", *texts.get("class", "").split()]),
            **({"align": texts["align"]} if "align" in texts else {}),
            "width": _css_width(texts["width"]) if "width" in texts else "100%",
        }
        probe = _address(self._probe(), folder)
        extras = self._extras(result, texts, mistakes)
        return {**reply, "image": image, "probe": probe, "extras": extras}

    def _draw(self, result: Result, mistakes: Mistakes) -> Path:
        """The pictures of a result, drawn where they are missing; their path without a suffix."""
        key = result.experiment.key
        lacks = [suffix for suffix in PICTURES if not self.store.has(key, suffix)]
        if lacks:
            from ..draw.figure import PICTURES as FORMATS
            from ..draw.figure import draw_with_remarks

            wanted = [each for each in FORMATS if each in lacks]
            files, remarks = draw_with_remarks(result, wanted)
            for suffix, data in files.items():
                self.store.write(key, suffix, data)
            mistakes += [GdvizError(remark) for remark in remarks]
        return self.store.path(key, "svg").with_suffix("")

    def _probe(self) -> Path:
        """Empty files, in a format for each kind of export; their path without a suffix."""
        path = self.store.folder / "gdviz-probe"
        for suffix in PROBE:
            path.with_suffix(suffix).touch()
        return path

    def _extras(self, result: Result, texts: dict[str, str], mistakes: Mistakes) -> list[Node]:
        """What is folded below a figure in the web, and its program, which print shows, too."""
        said = describe(result)
        lists = [
            {
                "type": "list",
                "ordered": False,
                "spread": False,
                "children": [
                    {"type": "listItem", "spread": False, "children": [text_node(each)]}
                    for each in of
                ],
            }
            for of in filter(None, (said.panels, said.runs))
        ]
        extras: list[Node] = [{**_folded("Description", lists), "gdvizOnly": "web"}]
        choice = texts.get("code", "no").strip().lower() or "yes"
        if choice not in ("yes", "no", "web"):
            near = did_you_mean(choice, ("yes", "no", "web")) or ";"
            known = f"{quote(choice)} is not known here{near} write nothing, or yes, no, web"
            mistakes.append(GdvizError(known, "code"))
        elif choice != "no":
            from ..core.export.python_program import write_program

            with collect_mistakes(mistakes, "code"):
                code = {"type": "code", "lang": "python", "value": write_program(result.experiment)}
                extras.append({**_folded("Code", [code]), "gdvizOnly": "web"})
                extras += [{**code, "gdvizOnly": "print"}] if choice == "yes" else []
        return extras

    def _quoted(self, figure: str) -> Result | None:
        """The result of a name; None where its own directive has told what is wrong.

        Raises
        ------
        GdvizError
            If there is none of that name.
        """
        name = _normalized(figure)
        if name in self.named:
            return self.named[name][1]
        near, known = did_you_mean(name, self.named) or ";", self.named
        there = f"there are {some_of(known, name)}" if known else "the book has none"
        raise GdvizError(f"there is no figure or experiment {quote(name)}{near} {there}")

    def _value(self, request: Request, mistakes: Mistakes) -> dict[str, Any]:
        written = " ".join(request["arg"].split())
        check_printable(written)
        figure, _, query = written.partition(" ")
        if not query:
            said = f"{quote(written)} has no quantity"
            raise GdvizError(f"{said}; write the name of a figure and {EXAMPLE}")
        asked, result = read_query(query), self._quoted(figure)
        return {"nodes": rich_text_nodes(answer(result, asked))} if result else {}

    def _table(self, request: Request, mistakes: Mistakes) -> dict[str, Any]:
        asked = read_runs_options(request["options"], mistakes)
        if mistakes or (result := self._quoted(request["arg"])) is None:
            return {}
        return {"nodes": table_rows(runs_table(result, *asked))}

    def _steps(self, request: Request, mistakes: Mistakes) -> dict[str, Any]:
        options = request["options"]
        kind = " ".join(options.get("as", "derivation").split())
        if kind not in KINDS:
            near = did_you_mean(kind, KINDS) or ";"
            said = f"{quote(kind)} is no way to show steps{near} write derivation or table"
            mistakes.append(GdvizError(said, "as"))
        which, steps, form = read_steps_options(options, mistakes)
        if kind != "table" and request["hasBody"]:
            said = "a derivation has no body; a caption belongs to “:as: table”"
            mistakes.append(GdvizError(said))
        if mistakes or (result := self._quoted(request["arg"])) is None:
            return {}
        if kind == "table":
            return {"nodes": table_rows(steps_table(result, which, steps, form))}
        run = which.only(result)
        tex = aligned(derivation(run, *updates_of(run, steps), form))
        return {"nodes": [math_node(tex, display=True)]}

    def _rule(self, request: Request, mistakes: Mistakes) -> dict[str, Any]:
        options, arg = request["options"], printable(request["arg"])
        which = read_selection(options, mistakes)
        if request["hasBody"]:
            mistakes.append(GdvizError("a rule has no body; write text around it"))
        rules = self.settings.book.rules
        if arg.partition("(")[0].strip() in rules:
            from ..core.methods.optimizer import find_optimizer

            said = "this is for the runs of a figure; leave it out"
            mistakes += [GdvizError(said, name) for name in SELECTORS if name in options]
            found = find_optimizer(arg, rules)
            tex = rule_formula(found.rule, dict(found.settings), found.lr)
        elif (result := self._quoted(arg)) is None:
            return {}
        else:
            tex = rule_of(which, result)
        return {} if mistakes else {"nodes": [math_node(tex, display=True)]}


def _normalized(name: str) -> str:
    """A name as it is compared: in small letters, with single spaces."""
    return " ".join(printable(name).lower().split())


def _address(path: Path, folder: Path) -> str:
    """The address of a picture in a page of a folder, in whatever format is taken."""
    return Path(os.path.relpath(path, folder)).as_posix() + ".*"


def _css_width(text: str) -> str:
    """A width as pages take it: a number alone is one of pixels."""
    match = re.fullmatch(r"\s*([\d.]+)\s*([a-z%]*)\s*", text)
    if not match or match[2] not in (*INCHES, "%"):
        return "100%"  # which has been told
    return f"{match[1]}{match[2] or 'px'}"


def _folded(title: str, children: list[Node]) -> Node:
    summary = {"type": "summary", "children": [text_node(title)]}
    return {"type": "details", "children": [summary, *children]}
