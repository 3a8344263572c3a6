"""The way from other editions to the web: where it leads, and where there is none."""

from __future__ import annotations

import html
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
import zxingcpp
from PIL import Image

from sphinx_gdviz.ext.builders.online_links import web_address

from .books import QUICK, Built, edit, myst, run_sphinx, write_book

WORDS = "Interactive figure online"
BEFORE, AFTER = "https://example.org/~me/my_book/", ".html?v=1&x=%20y"
CONF = f"""\
import numpy as np

version = copyright = "1"
gdviz_online = "{BEFORE}{{page}}{AFTER}"


def rounded(theta, g, lr, memory, t):
    return theta - lr * np.round(g, 3), memory


def long(x, y):
    return sum((k * x) ** 2 + y**2 for k in range(1, 800)) / 1e9


gdviz_optimizers = {{"rounded": rounded}}
gdviz_losses = {{"long": long}}
"""
STATIC = myst(*QUICK, ":static:", caption="It stays a picture.")
TOO_MUCH = myst(*QUICK, ":optimizer: rounded") + myst(*QUICK, ":loss: long")
"""A rule that a page can't have, and a loss that it won't."""
PAGES = {
    "index.rst": """\
Book
====

.. gdviz-figure::
   :steps: 3
   :view: contour
   :levels: 2

   In the root.

.. toctree::
   :numbered:

   part one/index
   part one/data~2 & more
""",
    "part one/index.rst": """\
Part
====

.. _a label:

.. gdviz-figure::
   :name: Fig. of_Part 1
   :steps: 3
   :view: contour
   :levels: 2

   With a name and a label.

   A legend.

.. list-table::

   * - .. gdviz-figure::
          :steps: 3
          :view: contour
          :levels: 2
          :width: 45%

          In a table.
     - Text.
""",
    "part one/data~2 & more.md": "# Data\n\n"
    + STATIC
    + TOO_MUCH
    + myst(*QUICK, ":name: fig-data", ":chapter: 22", caption="A long one. " * 30)
    + "\n(label)=\n"
    + myst(*QUICK, caption="With a label.")
    + myst(*QUICK, ":name: μ"),
}
IN_TABLE = 2
"""Which of the live figures is in a table."""
LINK = r"(?:\\X'tty: link[^']*'(?:\\fI)?)?"
"""What older versions of docutils put around an address in a man page."""
DOCNAMES = [name.rpartition(".")[0] for name in PAGES]


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Built]:
    """The editions of one book, which share its doctrees."""
    book = write_book(tmp_path_factory.mktemp("online") / "book", PAGES, CONF)
    built: dict[str, Built] = {}

    def build(builder: str) -> Built:
        if builder not in built:
            built[builder] = run_sphinx(book, builder, "-W").ok()
        return built[builder]

    build("latex")  # first, so that what it adds would be in the web pages if it were kept
    return build


def alive(web: Built) -> list[str]:
    """Where the figures are that are alive in the web pages."""
    found = []
    for docname in DOCNAMES:
        page = web.page(f"{docname}.html")
        for figure_id in re.findall(r'data-figure="([^"]*)"', page):
            assert f'<figure class="align-default" id="{figure_id}">' in page
            found.append(f"{BEFORE}{quote(docname)}{AFTER}#{figure_id}")
    return found


def in_tex(source: str) -> list[str]:
    """The addresses behind our words in LaTeX."""
    found = re.findall(rf"\\sphinxhref{{([^}}]*)}}{{(?:\\gdvizqr{{[^}}]*}})?{WORDS}}}", source)
    return [re.sub(r"\\(.)", r"\1", address) for address in found]


def test_ids_are_of_many_kinds(editions: Callable[[str], Built]) -> None:
    ids = [address.partition("#")[2] for address in alive(editions("html"))]
    assert ids == ["id1", "fig-of-part-1", "id1", "fig-data", "id5", "id1"]


def _plain(address: str) -> str:
    """An address without what HTML, man pages and Texinfo make of its signs."""
    for written, sign in ((r"\:", ""), (r"\-", "-"), ("@@", "@")):
        address = address.replace(written, sign)
    return html.unescape(address)


@pytest.mark.parametrize(
    ("builder", "suffix", "pattern"),
    [
        ("epub", ".xhtml", rf'href="([^"]*)">{WORDS}</a>'),
        ("text", ".txt", rf"   {WORDS}\s+(https\S+)\n"),
        ("man", ".1", rf"{WORDS}\n.nf\n{LINK}\\%<?(https[^\s>]+?)(?:>|\\fP{LINK})\n"),
        ("texinfo", ".texi", rf"{WORDS}@footnote{{(.*)}}"),
    ],
)
def test_other_editions_lead_to_the_figure_on_the_web(
    editions: Callable[[str], Built], builder: str, suffix: str, pattern: str
) -> None:
    texts = [path.read_text("utf-8") for path in editions(builder).out.rglob(f"*{suffix}")]
    found = [address for text in texts for address in re.findall(pattern, text)]
    plain = [_plain(address) for address in found]
    expected = alive(editions("html"))
    assert sum(text.count(WORDS) for text in texts) == len(expected)
    if builder == "text":
        del expected[IN_TABLE]  # there it is broken into lines, as all is
    assert sorted(plain) == sorted(expected)


def test_latex_leads_there_from_within_the_figure(editions: Callable[[str], Built]) -> None:
    source = editions("latex").page("small.tex")
    assert in_tex(source) == alive(editions("html"))
    figures = re.findall(r"(?s)\\begin{(figure|sphinxfigure-in-table)}(.*?)\\end{\1}", source)
    assert [text for _, figure in figures for text in in_tex(figure)] == in_tex(source)
    assert not re.search("gdvizqr|qrcode", source)


@pytest.mark.parametrize("builder", ["html", "singlehtml"])
def test_web_pages_know_nothing_of_it(editions: Callable[[str], Built], builder: str) -> None:
    built = editions(builder)
    without = run_sphinx(
        built.folder, builder, "-D", "gdviz_online=", out=built.out.with_name(f"{builder}-without")
    ).ok()
    pages = sorted(str(path.relative_to(built.out)) for path in built.out.rglob("*.html"))
    assert pages
    for page in pages:
        assert built.page(page) == without.page(page)


def test_pages_of_folders_are_where_the_builder_puts_them(
    editions: Callable[[str], Built],
) -> None:
    assert web_address("https://a.org/{page}/", "index", "x") == "https://a.org/#x"
    assert web_address("https://a.org/{page}/", "b/my_index", "x") == "https://a.org/b/my_index/#x"
    for docname in DOCNAMES:
        address = web_address("https://a.org/{page}/", docname, "x")
        path = unquote(address.removeprefix("https://a.org/").removesuffix("#x"))
        assert (editions("dirhtml").out / path / "index.html").is_file()
        assert address.endswith("/#x")
        assert not address.endswith("//#x")


def test_no_link_where_nothing_is_alive(editions: Callable[[str], Built]) -> None:
    folder = editions("text").folder
    for builder in ("text", "latex"):
        out = folder / f"_build/{builder}-still"
        run_sphinx(folder, builder, "-D", "gdviz_interactive=0", out=out).ok()
        files = [path for path in out.rglob("*.*") if path.suffix in (".txt", ".tex")]
        assert files
        assert not any(WORDS in path.read_text("utf-8") for path in files)


def test_links_are_not_checked_before_the_web_edition_is_published(
    editions: Callable[[str], Built],
) -> None:
    folder = editions("text").folder
    built = run_sphinx(folder, "linkcheck", "-D", "linkcheck_ignore=https://example.*").ok()
    assert "example" not in built.page("output.json")


def test_print_shows_addresses_if_the_book_wants_that(editions: Callable[[str], Built]) -> None:
    folder = editions("latex").folder
    out = folder / "_build/latex-urls"
    built = run_sphinx(folder, "latex", "-D", "latex_show_urls=inline", out=out).ok()
    assert f"{WORDS}}} (https://example" in built.page("small.tex")


@pytest.mark.parametrize(
    "template",
    [
        "https://example.org/book/",
        "https://example.org/{pagename}.html",
        "https://example.org/{page}.html#top",
        "https://example.org/my book/{page}.html",
        "example.org/{page}.html",
    ],
)
def test_a_template_that_makes_no_addresses(tmp_path: Path, template: str) -> None:
    conf = f'gdviz_online = "{template}"\ngdviz_qr = True\n'
    built = run_sphinx(write_book(tmp_path, {"one.md": "# One\n\n" + myst(*QUICK)}, conf), "text")
    (message,) = built.messages
    assert (message.file, message.line, message.type) == ("conf.py", 7, "gdviz.setting")
    assert message.text.startswith(f"gdviz_online: “{template}”: write where a page of the web")
    assert "as in https://example.org/book/{page}.html" in message.text
    assert WORDS not in built.page("one.txt")


@pytest.mark.parametrize("conf", ["gdviz_online = 5\n", "gdviz_qr = True\n"])
def test_other_mistakes_in_settings_are_told_once(tmp_path: Path, conf: str) -> None:
    built = run_sphinx(write_book(tmp_path, {"one.md": "# One\n\n" + myst(*QUICK)}, conf), "text")
    (message,) = built.messages
    assert conf.split()[0] in message.text
    assert WORDS not in built.page("one.txt")


def test_a_page_is_written_again_when_the_web_edition_has_moved(tmp_path: Path) -> None:
    pages = {"one.md": "# One\n\n" + myst(*QUICK), "two.md": "# Two\n\n" + STATIC}
    book = write_book(tmp_path, pages, CONF)
    run_sphinx(book, "text", "-j2").ok()
    assert run_sphinx(book, "text", "-j2").ok().wrote == []
    run_sphinx(book, "html").ok()
    edit(book / "conf.py", "example.org", "example.com")
    assert run_sphinx(book, "html").ok().wrote == []  # and what it has seen is no news for others
    built = run_sphinx(book, "text", "-j2").ok()
    before = (built.out / "two.txt").stat().st_mtime_ns
    assert built.read == []
    assert "https://example.com/" in built.page("one.txt")
    edit(book / "conf.py", "gdviz_online", "online")
    built = run_sphinx(book, "text").ok()
    assert built.read == []
    assert WORDS not in built.page("one.txt")
    assert (built.out / "two.txt").stat().st_mtime_ns == before


GERMAN = f"""\
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8"

msgid "{WORDS}"
msgstr "Im Netz zum Ausprobieren"
"""


def test_words_are_those_of_the_language(tmp_path: Path) -> None:
    pages = {"one.md": "# One\n\n" + myst(*QUICK)}
    book = write_book(tmp_path, pages, CONF + 'language = "de"\n')
    catalog = book / "locales/de/LC_MESSAGES/gdviz.po"
    catalog.parent.mkdir(parents=True)
    catalog.write_text(GERMAN, "utf-8")
    assert ">Im Netz zum Ausprobieren</a>" in run_sphinx(book, "epub").ok().page("one.xhtml")


def test_codes_in_print_lead_there_too(
    editions: Callable[[str], Built], tool: Callable[[str], str]
) -> None:
    latexmk, pdftoppm, pdfinfo = map(tool, ("latexmk", "pdftoppm", "pdfinfo"))
    web = alive(editions("html"))
    folder = editions("latex").folder
    option = ("-D", "gdviz_qr=1")
    out = run_sphinx(folder, "latex", *option, out=folder / "_build/latex-qr").ok().out
    for command in (
        [latexmk, "-pdf", "-interaction=nonstopmode", "small.tex"],
        [pdftoppm, "-r", "100", "-gray", "-png", "small.pdf", "page"],
    ):
        subprocess.run(command, cwd=out, check=True, capture_output=True)
    codes = [
        code
        for page in sorted(out.glob("page-*.png"))
        for code in zxingcpp.read_barcodes(Image.open(page))
    ]
    in_table = web.pop(IN_TABLE)
    assert sorted(code.text for code in codes) == sorted(web)
    for code in codes:
        corners = code.position
        across = corners.top_right.x - corners.top_left.x
        assert across == pytest.approx(16 / 25.4 * 100, abs=2)
    command = [pdfinfo, "-url", "small.pdf"]
    urls = subprocess.run(command, cwd=out, check=True, capture_output=True, text=True).stdout
    assert {line.split()[-1] for line in urls.splitlines()[1:]} == {*web, in_table}
