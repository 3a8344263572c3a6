"""What a book brings along: losses, rules and data of its own."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from sphinx_gdviz.core.experiment import Experiment
from sphinx_gdviz.core.losses.function import FunctionLoss

from .books import Built, edit, myst, pictures, run_sphinx, write_book

OWN = """\
import numpy as np
from sphinx_gdviz import FormulaLoss


def ring(x, y):
    return (x**2 + y**2 - 1) ** 2 + 0.1 * np.sin(x)


SHARE = 1.0


def halfway(theta, g, lr, memory, t, *, share=0.5):
    return theta - SHARE * share * lr * g, memory


def at_rest(theta, lr):
    return {"speed": np.zeros_like(theta)}


def heavy(theta, g, lr, memory, t, *, mass=0.5):
    speed = mass * memory["speed"] + g
    return theta - lr * speed, {"speed": speed}


gdviz_losses = {
    "ring": ring,
    "double-well": "x**4 - x**2 + y**2",
    "wide": FormulaLoss("x**2 + y**2", xlim=(-9.0, 9.0), ylim=(-9.0, 9.0), levels=5),
}
def fading(step, steps, *, share=0.5):
    return 1 - share * step / steps


gdviz_optimizers = {"halfway": halfway, "heavy": (at_rest, heavy)}
gdviz_schedules = {"fading": fading}
"""
CONTOUR = (":view: contour", ":steps: 4")
CARS = "speed,dist\n4,2\n4,10\n7,4\n7,22\n8,16\n9,10\n10,18\n10,26\n"
LINE = ":loss: least-squares(data/cars.csv, x=speed, y=dist, standardize=yes)"


def data_book(folder: Path, *options: str, data: str | bytes = CARS) -> Path:
    page = {"part/one.md": "# One\n\n" + myst(LINE, *CONTOUR, *options)}
    book = write_book(folder, page)
    (book / "part/data").mkdir()
    path = book / "part/data/cars.csv"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return book


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_losses_and_rules_of_the_book(tmp_path: Path, jobs: str) -> None:
    figures = [
        myst(":loss: ring", ":optimizer: gd; halfway(share=0.2)", ":lr: 0.05", *CONTOUR),
        myst(":loss: double-well", ":optimizer: heavy(mass=0.4)", *CONTOUR),
        myst(":loss: wide", ":optimizer: halfway", ":schedule: fading(share=1)", *CONTOUR),
    ]
    pages = {f"page{n}.md": f"# Page\n\n{text}" for n, text in enumerate(figures)}
    book = write_book(tmp_path, pages, OWN)
    built = run_sphinx(book, "html", "-j", jobs, "-W").ok()
    assert built.drew == 3
    assert "with halfway at learning rate 0.05" in built.page("page0.html")
    assert "with a fading schedule" in built.page("page2.html")
    again = run_sphinx(book, "html", "-j", jobs, "-W").ok()
    assert (again.read, again.drew) == ([], 0)


def test_a_changed_rule_or_loss_is_run_again(tmp_path: Path) -> None:
    pages = {
        "one.md": "# One\n\n" + myst(":loss: ring", ":optimizer: halfway", *CONTOUR),
        "two.md": "# Two\n\n" + myst(*CONTOUR),
        "prose.md": "# Prose\n\nWords.\n",
    }
    book = write_book(tmp_path, pages, OWN)
    first = pictures(run_sphinx(book).ok())
    edit(book / "conf.py", "SHARE = 1.0", "SHARE = 2.0")
    rule = run_sphinx(book).ok()
    assert "prose" not in rule.read
    assert rule.drew == 1
    edit(book / "conf.py", "- 1) ** 2", "- 2) ** 2")
    loss = run_sphinx(book).ok()
    assert loss.drew == 1
    assert len({*first} | {*pictures(loss)}) == 4


def test_a_changed_schedule_is_run_again(tmp_path: Path) -> None:
    book = write_book(tmp_path, {"one.md": "# One\n\n" + myst(":schedule: fading", *CONTOUR)}, OWN)
    first = pictures(run_sphinx(book, "html", "-W").ok())
    edit(book / "conf.py", "1 - share * step", "1 - share**2 * step")
    assert pictures(run_sphinx(book).ok()) != first


def test_a_loss_that_is_named_later_mends_its_figure(tmp_path: Path) -> None:
    book = write_book(tmp_path, {"one.md": "# One\n\n" + myst(":loss: wells", *CONTOUR)})
    (message,) = run_sphinx(book).messages
    assert "the named losses are" in message.text
    conf = book / "conf.py"
    conf.write_text(
        conf.read_text("utf-8") + 'gdviz_losses = {"wells": "x**4 - x**2 + y**2"}\n', "utf-8"
    )
    assert run_sphinx(book).ok().drew == 1


@pytest.mark.parametrize(
    ("conf", "said"),
    [
        ('gdviz_losses = {"mine": "import os"}', "is not a formula"),
        ('gdviz_losses = {"mine": lambda x, y: x if x > 0 else y}', "asks what x is"),
        ('gdviz_losses = {"mine": 3}', "write a formula, a function"),
        ('gdviz_losses = {"bowl": "x**2"}', "this name is taken"),
        ('gdviz_losses = {"x": "x**2"}', "a variable of formulas"),
        ('gdviz_losses = {"least-squares": "x**2"}', "this name is taken"),
        ('gdviz_losses = {"m": __import__("sphinx_gdviz").FormulaLoss(3)}', "is not a formula"),
        ('gdviz_losses = {"m": __import__("sphinx_gdviz").FormulaLoss("x", xlim=9)}', "xlim is 9"),
        ('gdviz_optimizers = {"mine": ["x"]}', "write a function of (theta"),
        ('gdviz_optimizers = {"mine": __import__("functools").partial(max)}', "write a function"),
        ('gdviz_losses = {"1st": "x**2"}', "write a name of letters"),
        ('gdviz_optimizers = {"mine": lambda theta, g: theta}', "write a function of (theta"),
        ('gdviz_schedules = {"mine": 3}', "write a function of (step, steps)"),
        ('gdviz_optimizers = {"mine": 3}', "write a function of (theta"),
        ('gdviz_optimizers = {"mine": (max, min)}', "or a pair of an init(theta, lr)"),
        ('gdviz_optimizers = {"gd": lambda p, g, lr, m, t: (p, m)}', "this name is taken"),
    ],
)
def test_what_is_no_loss_or_rule_is_told_at_its_line(tmp_path: Path, conf: str, said: str) -> None:
    book = write_book(tmp_path, {"one.md": "# One\n\n" + myst(*CONTOUR)}, conf + "\n")
    built = run_sphinx(book)
    (message,) = built.messages
    assert said in message.text
    assert message.file == "conf.py"
    assert (book / "conf.py").read_text("utf-8").splitlines()[message.line - 1] == conf
    assert message.type == "gdviz.setting"
    assert built.drew == 1


def test_a_rule_that_fails_spoils_its_figure_alone(tmp_path: Path) -> None:
    conf = "def broken(theta, g, lr, memory, t):\n    return 1 / 0\n\n\n"
    pages = {"one.md": "# One\n\n" + myst(":optimizer: broken", *CONTOUR) + "\n" + myst(*CONTOUR)}
    book = write_book(tmp_path, pages, conf + 'gdviz_optimizers = {"broken": broken}\n')
    built = run_sphinx(book)
    (message,) = built.messages
    assert built.code == 0
    assert "broken" in message.text
    assert "ZeroDivisionError" in message.text
    assert (message.file, message.line) == ("one.md", 4)
    assert built.drew == 1


def test_a_memory_that_begins_nowhere_is_told_at_the_figure(tmp_path: Path) -> None:
    conf = "def mine(theta, g, lr, memory, t):\n    return theta - lr * g, g\n\n\n"
    pages = {"one.md": "# One\n\n" + myst(":optimizer: mine", *CONTOUR)}
    book = write_book(tmp_path, pages, conf + 'gdviz_optimizers = {"mine": mine}\n')
    (message,) = run_sphinx(book).messages
    assert "“mine” keeps a memory and has no init; write a pair (init, update)" in message.text
    assert (message.file, message.line) == ("one.md", 4)


def test_data_is_found_beside_the_page_and_watched(tmp_path: Path) -> None:
    book = data_book(tmp_path, ":batch: 3", ":seed: 1")
    first = run_sphinx(book, "html", "-W").ok()
    alt = first.page("part/one.html")
    assert "8 rows of cars.csv (dist against speed, standardized)" in alt
    assert "on batches of 3 rows" in alt
    assert run_sphinx(book).ok().read == []
    edit(book / "part/data/cars.csv", "10,26", "10,126")
    again = run_sphinx(book).ok()
    assert (again.read, again.drew) == (["part/one"], 1)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("", "empty"),
        ("speed,dist\n", "row"),
        ("speed,dist\n4,2\n", "row"),
        ("speed,dist\n4,2\n7,fast\n8,3\n", "“fast”"),
        ("speed,dist\n4,2\n7,nan\n8,3\n", "line 3"),
        ("speed,dist\n4,2\n4,3\n4,5\n", "each row"),
        ("speed,distance\n4,2\n7,3\n", "“dist”"),
        (b"\xff\xfe\x00s", "UTF-8"),
        ("speed,dist\n" + "1,2\n" * 10_000_000, "larger|rows|bytes|MB"),
    ],
    ids=["empty", "header", "one-row", "text", "nan", "constant", "column", "binary", "huge"],
)
def test_bad_data_is_told_at_the_option(tmp_path: Path, data: str | bytes, said: str) -> None:
    book = data_book(tmp_path, data=data)
    built = run_sphinx(book)
    (message,) = built.messages
    assert message.type == "gdviz.option"
    assert re.search(said, message.text)
    assert "cars.csv" in message.text
    assert (message.file, message.line) == ("one.md", 4)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("missing.csv", "missing.csv"),
        ("data", "data"),
        ("../../secret.csv", "outside of the book"),
        ("/etc/passwd", "passwd"),
    ],
)
def test_files_that_are_not_there_or_not_the_books(tmp_path: Path, file: str, said: str) -> None:
    (tmp_path / "secret.csv").write_text(CARS)
    book = data_book(tmp_path / "book")
    edit(book / "part/one.md", "data/cars.csv", file)
    (message,) = run_sphinx(book).messages
    assert said in message.text
    assert message.type == "gdviz.option"


LONG = """
import numpy as np
def long(x, y):
    return sum(np.sin(k * x + y) for k in range(1, 160)) / 160
gdviz_losses = {"long": long}
"""


def test_a_loss_that_is_too_long_for_the_page_is_told(tmp_path: Path) -> None:
    pages = {
        "one.md": "# A\n\n" + myst(":loss: long", ":try: Turn it.", *CONTOUR),
        "two.md": "# A\n\n" + myst(":loss: long", *CONTOUR),
    }
    built = run_sphinx(write_book(tmp_path, pages, LONG))
    said = "the figure stays a picture in the page: its loss and the derivatives are"
    (message,) = built.messages
    assert (message.file, message.line, message.type) == ("one.md", 5, "gdviz.option")
    assert f"try: {said}" in message.text
    (line,) = (line for line in built.stdout.splitlines() if said in line)
    assert "two.md:3: gdviz-figure: the figure stays" in line


LOOPS = """
from pathlib import Path
resolve = Path.resolve
def strict(path, strict=False):
    if path.name == "loop.csv":
        raise RuntimeError("Symlink loop")
    return resolve(path, strict)
Path.resolve = strict
"""
"""Paths as they are before Python 3.13."""


@pytest.mark.parametrize("conf", ["", LOOPS], ids=["this", "before"])
def test_a_link_that_leads_to_itself(tmp_path: Path, conf: str) -> None:
    """It is no file, and nothing that the page depends on."""
    book = data_book(tmp_path)
    (book / "conf.py").write_text((book / "conf.py").read_text("utf-8") + conf, "utf-8")
    (book / "part/data/loop.csv").symlink_to("loop.csv")
    edit(book / "part/one.md", "data/cars.csv", "data/loop.csv")
    for _ in range(2):  # Sphinx looks at what a page depends on when it reads it again
        built = run_sphinx(book)
        assert built.code == 0, built.stderr
        (message,) = built.messages
        assert "“data/loop.csv”" in message.text


def test_a_file_that_is_not_there_is_told_with_its_place(tmp_path: Path) -> None:
    book = data_book(tmp_path)
    edit(book / "part/one.md", "data/cars.csv", "data\\cars.csv")
    (message,) = run_sphinx(book).messages
    said = "looked for as “part/data\\cars.csv” in the book's folder; write “data/cars.csv”"
    assert said in message.text


def test_files_with_equal_numbers_keep_their_names(tmp_path: Path) -> None:
    line = ":loss: least-squares({}.csv, x={}, y={})"
    pages = {
        f"{file}.md": f"# A\n\n{myst(line.format(file, x, y), *CONTOUR)}"
        for file, x, y in (("one", "speed", "dist"), ("two", "height", "age"))
    }
    book = write_book(tmp_path, pages)
    (book / "one.csv").write_text(CARS)
    (book / "two.csv").write_text(CARS.replace("speed,dist", "height,age"))
    built = run_sphinx(book).ok()
    assert "rows of one.csv (dist against speed)" in data_of(built, "one")["loss"]["name"]
    assert "rows of two.csv (age against height)" in data_of(built, "two")["loss"]["name"]
    edit(book / "two.csv", "height", "weight")
    edit(book / "two.md", "height", "weight")
    built = run_sphinx(book).ok()
    assert "(age against weight)" in data_of(built, "two")["loss"]["name"]


def data_of(built: Built, page: str) -> Any:
    """The data of the figure in a page."""
    pattern = r'<script[^>]*class="gdviz-data".*?>(.*?)</script>'
    (found,) = re.findall(pattern, built.page(f"{page}.html"))
    return json.loads(found)


def test_losses_of_one_formula_keep_their_names() -> None:
    one, two = (FunctionLoss.of(name, lambda x, y: x**2 + y**2) for name in ("one", "two"))
    assert Experiment(loss=one).key != Experiment(loss=two).key


def test_data_that_turns_up_mends_its_figure(tmp_path: Path) -> None:
    book = data_book(tmp_path)
    path = book / "part/data/cars.csv"
    path.rename(path.with_suffix(".off"))
    assert len(run_sphinx(book).messages) == 1
    path.with_suffix(".off").rename(path)
    assert run_sphinx(book).ok().drew == 1


def test_a_book_may_forbid_to_read_files(tmp_path: Path) -> None:
    book = data_book(tmp_path)
    (book / "docutils.conf").write_text("[general]\nfile_insertion_enabled: no\n")
    messages = run_sphinx(book, env={"DOCUTILSCONFIG": str(book / "docutils.conf")}).messages
    assert any("switched off" in message.text for message in messages)
