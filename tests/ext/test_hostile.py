"""Hostile directives: right, wrong and mangled options, the same ones in every run."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random
from typing import NamedTuple
from xml.etree import ElementTree

import pytest

from .books import Built, run_sphinx, write_book

SEED, DIRECTIVES, EACH_PAGE = 20, 320, 20
INJECTIONS = (
    *("<zzinj onclick=zzrun()>", '"><zzinj x="', "</script><zzinj>", "]]><zzinj/>", "\\zzinj{}"),
    *("$\\zzinj$", "\\input{/etc/passwd}", "{{7*7}}", "%s{}", "`zzinj`_", "|zzinj|", "$" * 999),
)
CALL = "__import__('os').system('touch canary')"
GOOD = {
    "loss": (
        "x**2 + 3*y**2",
        "rosenbrock",
        "sin(900*x)*sin(900*y)",
        "5e-324*x**2 + y**2",
        "abs(x)+y",
    ),
    "lr": ("0.1", "0.01, 0.5", "1e300", "1e-300"),
    "optimizer": ("gd", "adam(lr=0.02)", "momentum; nesterov"),
    "start": ("1.5, 1.5", "1, 1; -1, 2", "1, 1e300"),
    "clip": ("-1, 1", "0, 1e6"),
    "noise": ("0.5",),
    "xlim": ("-2, 2", "999999, 1000001", "0, 1e-280"),
    "scale": ("log", "linear"),
    "mark": ("minima", "minima, saddles, maxima"),
    "camera": ("-60, 40", "90, 85"),
    "alt": ("Words", *INJECTIONS),
    "titles": ("Words {lr}", *INJECTIONS[:5]),
    "width": ("60%", "3in"),
}
WRONG = {
    "loss": (
        CALL,
        "x.__class__",
        "lambda: 0",
        "x**999",
        "(" * 300,
        "nowhere(a.csv, x=p, y=q)",
        "π)",
    ),
    "lr": ("quick", "0", "-1", "nan", "1e999", CALL),
    "optimizer": ("adma", "adam(lr=)", "adam(lr=x)", f"gd({CALL})"),
    "start": ("1", "1, 2, 3", "nan, 1", "; ;"),
    "steps": ("0.5", "-1", "1e9", "١٢x"),
    "view": ("counter", "contour, contour", CALL),
    "sweep": ("nosuch 0 to 1", "lr 1 to 0"),
    "clip": ("2, 1",),
    "noise": ("nan", "-1"),
    "xlim": ("1, 1", "0, inf", "1, 0"),
    "levels": ("1", "1e3"),
    "camera": ("0, 99",),
    "nosuch": ("1",),
}
ASK = {"table": ("zz", ""), "steps": ("zz", ""), "rule": ("adma", CALL)}
"""Directives that name what there is not."""


class Item(NamedTuple):
    """A directive: its lines, and whether it must be told that it is wrong."""

    lines: list[str]
    is_wrong: bool


def mangled(text: str, random: Random) -> str:
    """A text with something cut out, doubled or put in."""
    at = random.randrange(len(text) + 1)
    dirt = random.choice(["", "\u202e", "é", "\ue000", ";", "{", "\\", "(" * 40, text])
    return text[:at] + dirt + text[at + random.randrange(3) :]


def item(random: Random, syntax: str) -> Item:
    """A directive in MyST or in reStructuredText."""
    head, wrong = "gdviz-figure", random.random() < 0.5
    options = {"steps": "3", "view": "contour", "levels": "2"}
    if random.random() < 0.2:
        name, wrong = random.choice(list(ASK)), True
        head, options = f"gdviz-{name}", {}
        argument = " " + random.choice(ASK[name])
    else:
        argument = ""
        for name in random.sample(list(GOOD), random.randrange(4)):
            value = random.choice(GOOD[name])
            options[name] = mangled(value, random) if random.random() < 0.3 else value
        if wrong:
            name = random.choice(list(WRONG))
            options[name] = random.choice(WRONG[name])
    fields = [f":{name}: {value}" for name, value in options.items()]
    body = [] if argument else ["", "Words."]
    if syntax == "md":
        return Item([f"``````{{{head}}}{argument}", *fields, *body, "``````", ""], wrong)
    return Item([f".. {head}::{argument}", *(f"   {line}" for line in fields + body), ""], wrong)


class Campaign(NamedTuple):
    """A book of hostile directives in two editions, and the lines of its items."""

    built: list[Built]
    places: list[tuple[str, range, Item]]


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    """The book, with pages of either syntax."""
    random, pages, places = Random(SEED), {}, []
    for number in range(DIRECTIVES // EACH_PAGE):
        syntax = ("md", "rst")[number % 2]
        name, lines = f"page{number}.{syntax}", ["Page", "====", ""]
        for _ in range(EACH_PAGE):
            made = item(random, syntax)
            first = len(lines) + 1
            lines += made.lines
            places.append((name, range(first, len(lines) + 1), made))
        pages[name] = "\n".join(lines)
    folder = write_book(tmp_path_factory.mktemp("hostile"), pages)
    return Campaign([run_sphinx(folder, builder) for builder in ("html", "latex")], places)


def test_no_build_is_stopped(campaign: Campaign) -> None:
    for built in campaign.built:
        assert built.code == 0, built.stderr
        assert "Traceback" not in built.stderr
    assert campaign.built[0].drew > 0


def test_each_message_is_in_the_lines_of_a_directive(campaign: Campaign) -> None:
    for message in (message for built in campaign.built for message in built.messages):
        if message.type.startswith("gdviz"):
            found = [place for place in campaign.places if place[0] == message.file]
            assert any(message.line in lines for _, lines, _ in found), message


def test_what_is_wrong_is_told(campaign: Campaign) -> None:
    told = set()
    for message in campaign.built[0].messages:
        also = re.search(r"\(also in line ([\d, ]+)\)$", message.text)
        lines = [message.line, *(map(int, also[1].split(",")) if also else ())]
        told |= {(message.file, line) for line in lines}
    for name, lines, made in campaign.places:
        if made.is_wrong:
            assert any((name, line) in told for line in lines), "\n".join(made.lines)


def test_no_code_is_run_and_nothing_is_put_into_a_page(campaign: Campaign) -> None:
    html, latex = campaign.built
    assert not list(html.folder.rglob("canary"))
    assert not Path("canary").exists()
    for path in html.out.glob("page*.html"):
        text = re.sub(r"(?s)<script\b.*?</script>", "", path.read_text("utf-8"))
        assert "<zzinj" not in text
        assert not re.search(r'(?i)<[^>"]*(?:"[^"]*"[^>"]*)*\son\w+=', text)
    (book,) = latex.out.glob("*.tex")
    assert not re.search(r"(?<!\\textbackslash{})\\(zzinj|input\{/etc)", book.read_text("utf-8"))


def test_all_pictures_are_whole(campaign: Campaign) -> None:
    for path in campaign.built[0].out.rglob("gdviz-*.svg"):
        ElementTree.parse(path)
        assert path.stat().st_size < 3_000_000
