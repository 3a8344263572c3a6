"""The directive: options are read, the experiment is run, a plain figure goes into the page."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.parsers.rst.states import RSTState
from docutils.statemachine import StringList
from sphinx.directives.patches import Figure as SphinxFigure

from ...core.options.syntax import names_of, read_chapter, read_flag, read_width
from ...messages import GdvizError, did_you_mean, quote
from ..builders.live_figure import CONTROLS, directive_data, rules_or_obstacle
from ..builders.web import make_extras
from ..config import Settings
from ..domain import KEY, LIVE, READ, SCHEME, Number
from ..experiments import Remark, Summary
from ..log import note, warn
from .common import BODY, AnyOption, read_align, read_size
from .gdviz_experiment import GdvizExperiment

if TYPE_CHECKING:
    from ...core.result import Result


def _figure_width(text: str) -> str:
    if text.strip().lower() == "image":
        return "image"
    return read_size(text)


def _picture_width(text: str) -> str:
    read_width(text)
    return directives.length_or_percentage_or_unitless(text, "px")


STANDARD: dict[str, Callable[[str], Any]] = {
    "name": directives.unchanged,
    "alt": directives.unchanged,
    "class": directives.class_option,
    "align": read_align,
    "width": _picture_width,
    "figclass": directives.class_option,
    "figwidth": _figure_width,
}
"""Options that mean what they mean for docutils' own figure."""


class GdvizFigure(SphinxFigure, GdvizExperiment):
    """``gdviz-figure``: a numbered, captioned figure of gradient descent.

    It is Sphinx's own figure directive, with a picture that the build draws.
    """

    required_arguments = 0
    optional_arguments = 0
    option_spec = AnyOption()
    standard = (*STANDARD, "chapter", "code", "notebook", "static", "hide", "try", "predict")
    others = (*standard, "expect")
    takes_defaults = True

    def run(self) -> list[nodes.Node]:
        place = self.state if isinstance(self.state, RSTState) else self.state.inliner
        if isinstance(place.parent, nodes.figure):
            return [self._make_part(place.parent)]
        request = self.make_request()
        texts = request.texts
        found = self.recall(request) or self.read(request)
        standard = self._read_standard(texts)
        chapter = self._read_chapter(texts)
        caption, legend = self._read_body()
        code, notebook = self._read_choices(texts, standard.get("name", ""))
        live = self._read_live(texts)
        summary = self.finish(found, request)
        if summary and summary.obstacle and live is not None:
            self._explain_picture(summary.obstacle)
            live = None

        figure = self._make_figure(standard, summary)
        figure[READ] = request, summary
        if chapter:
            figure["chapter"] = chapter
        figure += caption
        if legend:
            figure += nodes.legend("", *legend)
        if summary is None:
            return [figure]
        figure[KEY] = summary.key
        if live is not None:
            rules = {"rules": summary.rules} if summary.rules else {}
            figure[LIVE] = {**live, "maxSteps": Settings.of(self.config).max_steps, **rules}
        if notebook and summary.program:
            figure["notebook"] = notebook
        extras = make_extras(summary, code=code, notebook=notebook)
        self.set_source_info(extras)
        return [figure, extras]

    def _make_part(self, whole: nodes.figure) -> nodes.image:
        """The picture alone, within a figure of several: number and caption are those of all."""
        request = self.make_request()
        standard = self._read_standard(request.texts)
        name = standard.pop("name", "")
        caption, _ = self._read_body()
        summary = self.finish(self.recall(request) or self.read(request), request)
        if whole.get("subcaptions"):  # sphinx-subfigure shows the alternative text there
            standard.setdefault("alt", caption.astext())
        figure = self._make_figure(standard, summary)
        image = next(figure.findall(nodes.image), nodes.image(uri=SCHEME + "0" * 32))
        if summary is None:
            image["alt"] = figure.astext()
        self.set_source_info(image)
        self.options = {"name": name} if name else {}
        self.add_name(image)
        image[READ] = request, summary
        return image

    def _read_live(self, texts: dict[str, str]) -> dict[str, Any] | None:
        """The options of the interactive figure; None where it is to stay a picture."""
        readers: dict[str, Callable[[str], Any]] = {
            "static": read_flag,
            "predict": read_flag,
            "hide": names_of("control", CONTROLS),
        }
        values: dict[str, Any] = {}
        for option, read in readers.items():
            with self.collect(option):
                values[option] = option in texts and read(texts[option])
        tasks = [" ".join(task.split()) for task in texts.get("try", "").split(";")]
        if len(values) < len(readers) or values["static"]:
            return None
        return {
            "directive": directive_data(
                self.options,
                "\n".join(self.content),
                # MyST imitates the parser of reStructuredText.
                is_rst=isinstance(self.state, RSTState),
            ),
            "hide": list(values["hide"] or ()),
            "tasks": [task for task in tasks if task],
            "predict": values["predict"],
        }

    def _explain_picture(self, why: str) -> None:
        """Say why a figure stays a picture in the page, with a warning if it was to be more."""
        said = f"the figure stays a picture in the page: {why}"
        asked = next((name for name in ("try", "predict", "hide") if name in self.options), "")
        told = self.explain(GdvizError(said, asked or None))
        if asked:
            warn("option", *told)
        else:
            note(*told)

    def _read_choices(self, texts: dict[str, str], name: str) -> tuple[str, str]:
        """Whether the program is shown: yes, no or web; and the name of the notebook, if any."""
        choices = []
        for option, known in {"code": ("yes", "no", "web"), "notebook": ("yes", "no")}.items():
            choice = texts.get(option, "no").strip().lower() or "yes"
            if choice not in known:
                near = did_you_mean(choice, known) or ";"
                said = f"{quote(choice)} is not known here{near} write nothing, or"
                self.refuse(f"{said} {', '.join(known)}", option)
                choice = "no"
            choices.append(choice)
        code, notebook = choices
        if notebook == "no" or "name" in {mistake.option for mistake in self.mistakes}:
            return code, ""
        name = nodes.fully_normalize_name(name)
        if not re.fullmatch(r"[\w.-]{1,100}", name):
            said = "the figure needs a name of letters, digits, “-”, “_” and “.” for its file"
            self.refuse(said, "notebook")
            return code, ""
        return code, name

    def summarize(self, result: Result, texts: dict[str, str]) -> Summary:
        from ...core.report.describe import alt_text, describe

        summary, said = super().summarize(result, texts), describe(result)
        program, remarks = self._write_program(result, texts)
        rules, obstacle = rules_or_obstacle(result.experiment)
        return summary._replace(
            remarks=summary.remarks + remarks,
            alt=alt_text(result),
            panels=said.panels,
            runs=said.runs,
            program=program,
            rules=rules,
            obstacle=obstacle,
        )

    def _write_program(
        self, result: Result, texts: dict[str, str]
    ) -> tuple[str, tuple[Remark, ...]]:
        """The program, where the options ask for it, or a remark that there can't be one."""
        if all(texts.get(option, "no").strip().lower() == "no" for option in ("code", "notebook")):
            return "", ()
        from ...core.export.python_program import write_program

        try:
            return write_program(result.experiment), ()
        except GdvizError as error:
            # A default of the book is left out silently.
            asked = [option for option in ("code", "notebook") if option in self.options]
            return "", tuple(Remark("option", option, str(error)) for option in asked[:1])

    def _read_standard(self, texts: dict[str, str]) -> dict[str, Any]:
        """The options of docutils' figure, as docutils reads them."""
        values = {}
        told = {mistake.option for mistake in self.mistakes}  # that of a width, mostly
        for option, read in STANDARD.items():
            if option in texts and option not in told:
                value = self.read_standard(option, read, texts[option])
                if value is not None:
                    values[option] = value
        name = nodes.fully_normalize_name(values.get("name", ""))
        if self.state.document.nametypes.get(name):  # it is no name that a heading has by itself
            self.refuse(f"{quote(name)} is used twice on this page", "name")
            del values["name"]
        return values

    def _read_chapter(self, texts: dict[str, str]) -> Number | None:
        chapter = None
        if "chapter" in texts:
            with self.collect("chapter"):
                chapter = read_chapter(texts["chapter"])
        if chapter and not self.config.numfig:
            self.refuse("numbers need “numfig = True” in conf.py", "chapter")
            return None
        return chapter

    def _read_body(self) -> tuple[nodes.caption, list[nodes.Node]]:
        """The caption, which is the first paragraph, and the legend, which is all that follows."""
        body = self.parse_content_to_nodes()
        if body and isinstance(body[0], nodes.paragraph):
            caption = nodes.caption(body[0].rawsource, "", *body[0].children)
            caption.source, caption.line = body[0].source, body[0].line
            return caption, body[1:]
        what = "is no paragraph; write one first" if body else "is empty; write it"
        self.refuse(f"the caption {what} in the body", BODY)
        return nodes.caption("", "(no caption)"), []

    def _make_figure(self, standard: dict[str, Any], summary: Summary | None) -> nodes.figure:
        """The figure as docutils makes it, for a picture that is still to be drawn."""
        alt = {"alt": summary.alt} if summary else {}
        self.options = {**alt, **standard}
        self.arguments = [SCHEME + (summary.key if summary else "mistake")]
        self.content = StringList()  # parsed already
        (figure,) = (node for node in super().run() if isinstance(node, nodes.figure))
        if summary:
            for image in figure.findall(nodes.image):
                image["classes"].append("gdviz")
        else:
            figure[0] = _placeholder(self.mistakes)
        return figure


def _placeholder(mistakes: list[GdvizError]) -> nodes.paragraph:
    """The text in place of a picture; the figure around it stays, and so do references to it."""
    said = "; ".join(mistake.full for mistake in mistakes)
    text = f"This figure could not be made. {said}"
    return nodes.paragraph(text, text, classes=["gdviz-mistake"])
