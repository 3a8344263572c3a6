"""PDF: whole, with text that can be found, and taken by LaTeX without a complaint."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from sphinx_gdviz.core.experiment import MARKS, Experiment
from sphinx_gdviz.core.result import run
from sphinx_gdviz.core.views import views_of
from sphinx_gdviz.draw.figure import draw, draw_with_remarks

from .drawing import laid_out, style_of

SINGLE = Experiment()
ALL = Experiment(lr=(0.01, 0.1), views=views_of(2), overlay=True, marks=tuple(MARKS), steps=20)
RUNS = Experiment(lr=(0.01, 0.1), overlay=True, views=("contour", "loss"), steps=20)


def pdf_of(experiment: Experiment) -> bytes:
    return draw(run(experiment), ["pdf"])["pdf"]


def text_of(data: bytes, tool: Callable[[str], str]) -> str:
    """The text of a PDF, as a reader finds it."""
    command = [tool("pdftotext"), "-", "-"]
    done = subprocess.run(command, input=data, capture_output=True, check=True)
    assert done.stderr == b""
    return done.stdout.decode()


def fonts_of(data: bytes, folder: Path, tool: Callable[[str], str]) -> list[tuple[str, str, str]]:
    """The name and the kind of each font, and “yes yes yes”: embedded, a subset, with Unicode."""
    (folder / "figure.pdf").write_bytes(data)
    command = [tool("pdffonts"), str(folder / "figure.pdf")]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    row = re.compile(r"(\S+) +(\S.*?) +Identity-H +(yes|no) +(yes|no) +(yes|no) +\d+ +\d+")
    found = [row.fullmatch(line.strip()) for line in listed.splitlines()[2:]]
    assert all(found), listed
    return [(match[1], match[2], " ".join(match.groups()[2:])) for match in found if match]


@pytest.mark.parametrize("experiment", [SINGLE, RUNS, ALL], ids=["single", "runs", "all"])
@pytest.mark.usefixtures("coarse")
def test_every_object_is_where_the_table_says(experiment: Experiment) -> None:
    data = pdf_of(experiment)
    (start,) = re.findall(rb"startxref\n(\d+)\n%%EOF\n$", data)
    head, _, rows = data[int(start) :].partition(b" f \n")
    count = int(re.findall(rb"xref\n0 (\d+)\n", head)[0])
    places = re.findall(rb"(\d{10}) 00000 n \n", rows)
    assert len(places) == count - 1
    for number, place in enumerate(places, 1):
        assert data[int(place) :].startswith(b"%d 0 obj\n" % number)
    for length, at in (
        (int(m[1]), m.end()) for m in re.finditer(rb"/Length (\d+)>>stream\n", data)
    ):
        assert data[at + length :].startswith(b"\nendstream\nendobj\n")
    named = {int(number) for number in re.findall(rb"[ \[](\d+) 0 R", data)}
    assert named == set(range(2, count)) | {1}, "all that is there is used, and all used is there"


@pytest.mark.parametrize("experiment", [SINGLE, RUNS, ALL], ids=["single", "runs", "all"])
@pytest.mark.usefixtures("coarse")
def test_all_that_is_written_can_be_found(
    experiment: Experiment, tool: Callable[[str], str]
) -> None:
    found = text_of(pdf_of(experiment), tool).split()
    written = [text.layout.text for text in laid_out(experiment).texts]
    words = {word for text in written if "$" not in text for word in text.split()}
    assert {"−2", "Loss", "Start", "Contours"} <= words
    # Words that go upwards are found by their letters where a line crosses their way.
    lost = [word for word in words if word not in found]
    assert lost == []


def test_formulas_can_be_found(tool: Callable[[str], str]) -> None:
    title = r"A loss $\alpha x^2 + \sqrt{y}$ for all"
    found = text_of(pdf_of(Experiment(views=("contour",), steps=3, titles=(title,))), tool)
    assert "A loss αx 2 + √ y for all" in " ".join(found.split())
    assert {"θ1", "θ2"} <= set(found.split())


@pytest.mark.parametrize(
    "sheet", ["", "font.family: DejaVu Serif", "pdf.fonttype: 3", "classic", "ggplot"]
)
def test_fonts_are_embedded_once_as_truetype(
    sheet: str, tmp_path: Path, tool: Callable[[str], str]
) -> None:
    titles = ("Ωμέγα: “x” − 1", "$x^2$")
    experiment = Experiment(titles=titles, style=style_of(sheet), steps=3)
    data = pdf_of(experiment)
    fonts = fonts_of(data, tmp_path, tool)
    assert {(kind, flags) for _, kind, flags in fonts} == {("CID TrueType", "yes yes yes")}
    names = [name.partition("+")[2] for name, _, _ in fonts]
    assert len(set(names)) == len(names) >= 2
    assert data.count(b"/FontFile2 ") == len(names)


SCRIPTS = {"Arabic": "خسارة سلام", "Hebrew": "שלום עולם", "Chinese": "梯度下降", "Thai": "ชน"}
"""Titles in scripts that DejaVu Sans has, and that it has not."""


@pytest.mark.parametrize("script", SCRIPTS)
def test_titles_in_other_scripts(script: str, tool: Callable[[str], str]) -> None:
    title = SCRIPTS[script]
    experiment = Experiment(views=("contour",), steps=3, titles=(title,))
    for _ in range(2):  # a process remembers what it has laid out, and says so all the same
        files, remarks = draw_with_remarks(run(experiment), ["svg", "pdf", "png"])
        missing = [f"Glyph {ord(c)} " for c in title] if script in ("Chinese", "Thai") else []
        assert len(remarks) == len(missing)
        for remark, glyph in zip(remarks, sorted(missing), strict=True):
            assert glyph in remark
            assert "missing from font(s) DejaVu Sans" in remark
    found = text_of(files["pdf"], tool)
    if not missing:
        letters = set(title.replace(" ", ""))
        assert letters <= set(found)


@pytest.mark.parametrize("count", [1, 2])
def test_latex_takes_it_without_a_complaint(
    count: int, tmp_path: Path, tool: Callable[[str], str]
) -> None:
    names = ("one", "other")[:count]
    for name, experiment in zip(names, (SINGLE, RUNS), strict=False):
        (tmp_path / f"{name}.pdf").write_bytes(pdf_of(experiment))
    pictures = "\n\n".join(f"\\includegraphics{{{name}.pdf}}" for name in names)
    (tmp_path / "page.tex").write_text(
        "\\documentclass{article}\\usepackage{graphicx}\\begin{document}\\noindent\n"
        f"{pictures}\n\\end{{document}}\n"
    )
    command = [tool("pdflatex"), "-interaction=nonstopmode", "-halt-on-error", "page.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert "warning" not in done.stdout.lower()
    found = text_of((tmp_path / "page.pdf").read_bytes(), tool)
    assert "Contours" in found
