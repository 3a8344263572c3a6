"""Figures 22.1 and 22.2 in Section 2.3: captions and references, in each edition."""

from __future__ import annotations

import os
import re
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .books import QUICK, Built, copy_root, edit, myst, plain, run_sphinx, write_book

CAPTIONS = {
    "Photo": "1.1",
    "Own": "1.2",
    "Before": "2.1",
    "Descent": "22.1",
    "Between": "2.2",
    "Rates": "22.2",
    "After": "2.3",
    "Third": "22.3",
    "Last": "3.1",
}
OTHERS = {"Table caption": "Table 2.1", "Code caption": "Listing 2.1"}
QUOTES = {
    "Introduction": "Fig. 22.1, Fig. 22.2, Fig. 22.3, Fig. 2.2, Fig. 2.3 and Fig. 1.2.",
    "Models": "Fig. 22.2 and Table 2.1.",
    "Optimization": "Fig. 22.1, Fig. 22.2, Fig. 2.1, Fig. 2.2, Fig. 2.3, "
    "Table 2.1 and Listing 2.1.",
    "Appendix": "Fig. 22.3, Fig. 3.1 and Fig. 22.1.",
}


def check_text(text: str) -> None:
    """All captions and quotations of the book have their numbers in this text."""
    text = " ".join(text.split())
    for caption, number in CAPTIONS.items():
        assert re.search(rf"Fig\. {re.escape(number)}:? {caption} caption", text), caption
    for caption, number in OTHERS.items():
        assert re.search(rf"{re.escape(number)}:? {caption}", text), caption
    for page, quotes in QUOTES.items():
        assert f"{page} quotes {quotes}" in text
    assert "%s" not in text


def pages(folder: Path, suffix: str = ".html") -> dict[str, bytes]:
    """The pages of the documents; Sphinx writes its index and search pages every time."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob(f"*{suffix}"))
        if not {"genindex", "search"} & {path.stem, path.parent.name}
    }


def html_text(built: Built) -> str:
    return " ".join(plain(page.decode()) for page in pages(built.out).values())


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pictures that all books of this module share."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def build(cache: Path) -> Callable[..., Built]:
    """Build with shared pictures."""

    def run(folder: Path, builder: str = "html", *args: str) -> Built:
        return run_sphinx(folder, builder, "-W", "-D", f"gdviz_cache={cache}", *args).ok()

    return run


@pytest.fixture
def book(rootdir: Path, tmp_path: Path) -> Path:
    return copy_root(rootdir, "numbers", tmp_path / "book")


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("builder", ["html", "dirhtml", "singlehtml"])
def test_html(book: Path, build: Callable[..., Built], builder: str, jobs: str) -> None:
    check_text(html_text(build(book, builder, "-j", jobs)))


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_epub(book: Path, build: Callable[..., Built], jobs: str) -> None:
    (epub,) = build(book, "epub", "-j", jobs).out.glob("*.epub")
    with zipfile.ZipFile(epub) as archive:
        names = [name for name in archive.namelist() if name.endswith(".xhtml")]
        check_text(" ".join(plain(archive.read(name).decode()) for name in names))
        assert sum(name.endswith(".svg") for name in archive.namelist()) == 5


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_text(book: Path, build: Callable[..., Built], jobs: str) -> None:
    out = build(book, "text", "-j", jobs).out
    text = " ".join(path.read_text(encoding="utf-8") for path in out.rglob("*.txt"))
    # A reader of plain text sees emphasis and literal blocks as marks.
    check_text(text)
    assert text.count("[Contours of x^2 + y^2") == 5


def test_man(book: Path, build: Callable[..., Built]) -> None:
    page = build(book, "man").page("numbers.7")
    page = re.sub(r"^\.(?!SS)[A-Za-z].*\n", "", page, flags=re.M)
    check_text(re.sub(r"\\f[A-Z]|\\&|\\(?=-)", "", page))


def test_latex_source_counts_as_before(book: Path, build: Callable[..., Built]) -> None:
    source = build(book, "latex").page("numbers.tex")
    assert re.findall(r"\\gdef\\gdviznumber\{([\d.]+)\}", source) == ["22.1", "22.2", "22.3"]
    assert source.count(r"\setcounter{figure}{\value{gdvizfigure}}") == 3


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_pdf(
    book: Path, build: Callable[..., Built], tool: Callable[[str], str], jobs: str
) -> None:
    latexmk, pdftotext = tool("latexmk"), tool("pdftotext")
    tool("pdflatex")
    out = build(book, "latex", "-j", jobs).out
    command = [latexmk, "-pdf", "-interaction=nonstopmode", "numbers.tex"]
    subprocess.run(command, cwd=out, check=True, capture_output=True)
    command = [pdftotext, "-layout", "numbers.pdf", "-"]
    text = subprocess.run(command, cwd=out, check=True, capture_output=True, text=True).stdout
    check_text(text)
    log = (out / "numbers.log").read_text(encoding="utf-8", errors="replace")
    assert "duplicate" not in log
    assert "undefined references" not in log


# What increments do


@pytest.fixture
def built_book(book: Path, build: Callable[..., Built]) -> Iterator[Path]:
    build(book)
    yield book
    check_against_clean_build(book, build)


def check_against_clean_build(book: Path, build: Callable[..., Built]) -> None:
    """Whatever increments led here, the pages are those of a clean build."""
    before = pages(book / "_build" / "html")
    after = pages(build(book, "html", "-E", "-a").out)
    assert before.keys() == after.keys()
    assert [name for name in before if before[name] != after[name]] == []


def test_build_without_change_writes_and_draws_nothing(
    rootdir: Path, tmp_path: Path, cache: Path
) -> None:
    book = copy_root(rootdir, "numbers", tmp_path / "book")
    option = f"gdviz_cache={cache}"
    run_sphinx(book, "html", "-D", option).ok()
    out = book / "_build" / "html"
    files = [*(out / name for name in pages(out)), *(out / "_images").iterdir()]
    before = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in files}
    again = run_sphinx(book, "html", "-D", option, driver=True).ok()
    assert again.wrote == []
    assert "drawing figures" not in again.stdout
    assert again.imported == []
    assert {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in files} == before


@pytest.mark.parametrize("builder", ["html", "dirhtml", "singlehtml", "text", "latex"])
def test_third_build_is_as_the_first(book: Path, build: Callable[..., Built], builder: str) -> None:
    suffix = {"text": ".txt", "latex": ".tex"}.get(builder, ".html")
    first = pages(build(book, builder).out, suffix)
    build(book, builder)
    edit(book / "foundations" / "data.md", "Nothing", "Something")
    third = pages(build(book, builder).out, suffix)
    changed = {name for name in first if first[name] != third[name]}
    assert all("data" in name or builder in {"singlehtml", "latex"} for name in changed)


@pytest.mark.parametrize("page", ["introduction.md", "foundations/models.md", "appendix.rst"])
def test_edit_of_another_page_keeps_numbers(
    built_book: Path, build: Callable[..., Built], page: str
) -> None:
    edit(built_book / page, " quotes", "  quotes")
    built = build(built_book)
    contents = {"index", "foundations/index"}  # Sphinx writes those above a changed page anew
    assert set(built.wrote) - contents == {page.rpartition(".")[0]}
    assert built.drew == 0
    check_text(html_text(built))


def test_quoting_pages_follow_a_new_prefix(built_book: Path, build: Callable[..., Built]) -> None:
    edit(built_book / "foundations" / "optimization.md", ":chapter: 22", ":chapter: 30.4")
    built = build(built_book)
    text = html_text(built)
    assert "Models quotes Fig. 30.4.2 and" in text
    assert "Introduction quotes Fig. 30.4.1, Fig. 30.4.2, Fig. 22.1, Fig. 2.2" in text
    assert "Appendix quotes Fig. 22.1, Fig. 3.1 and Fig. 30.4.1." in text
    assert built.drew == 0


def test_quoting_pages_follow_when_the_prefix_goes(
    built_book: Path, build: Callable[..., Built]
) -> None:
    edit(built_book / "foundations" / "optimization.md", ":chapter: 22\n", "")
    text = html_text(build(built_book))
    assert "Models quotes Fig. 2.4 and" in text
    assert "Introduction quotes Fig. 2.2, Fig. 2.4, Fig. 22.1, Fig. 2.3, Fig. 2.5" in text


def test_quoting_pages_follow_a_figure_that_moves(
    built_book: Path, build: Callable[..., Built]
) -> None:
    page = built_book / "foundations" / "optimization.md"
    text = page.read_text(encoding="utf-8")
    figure = re.search(r"```\{gdviz-figure\}\n:name: fig-descent.*?```\n", text, re.S)
    assert figure
    page.write_text(text.replace(figure[0], "") + "\n" + figure[0], encoding="utf-8")
    built = build(built_book)
    assert "Introduction quotes Fig. 22.2, Fig. 22.1, Fig. 22.3" in html_text(built)
    assert "Models quotes Fig. 22.1 and" in html_text(built)
    assert "foundations/data" not in built.wrote


def test_quoting_pages_follow_a_figure_that_goes_to_another_document(
    built_book: Path, build: Callable[..., Built]
) -> None:
    page = built_book / "appendix.rst"
    figure = re.search(r"\.\. gdviz-figure::.*?caption\.\n", page.read_text("utf-8"), re.S)
    assert figure
    edit(page, figure[0], "")
    data = built_book / "foundations" / "data.md"
    data.write_text(data.read_text("utf-8") + f"\n```{{eval-rst}}\n{figure[0]}```\n", "utf-8")
    text = html_text(build(built_book))
    assert "Introduction quotes Fig. 22.2, Fig. 22.3, Fig. 22.1, Fig. 2.2" in text


def test_order_is_that_of_the_book(built_book: Path, build: Callable[..., Built]) -> None:
    index = built_book / "index.rst"
    edit(index, "   appendix\n", "")
    edit(index, "   introduction\n", "   appendix\n   introduction\n")
    text = html_text(build(built_book))
    assert "Appendix quotes Fig. 22.1, Fig. 1.1 and Fig. 22.2." in text
    assert "Models quotes Fig. 22.3 and Table 3.1." in text


def test_numbers_close_up_when_a_document_is_removed(
    book: Path, build: Callable[..., Built]
) -> None:
    build(book)
    index = book / "index.rst"
    edit(index, "   appendix\n", "")
    edit(index, "   introduction\n", "")
    (book / "appendix.rst").unlink()
    (book / "introduction.md").unlink()
    text = html_text(build(book))
    assert "Optimization quotes Fig. 22.1, Fig. 22.2, Fig. 1.1, Fig. 1.2, Fig. 1.3, Table" in text


def test_numfig_format_and_depth_are_honoured(book: Path, build: Callable[..., Built]) -> None:
    conf = book / "conf.py"
    more = 'numfig_format = {"figure": "Bild %s"}\nnumfig_secnum_depth = 0\n'
    conf.write_text(conf.read_text("utf-8") + more, "utf-8")
    text = html_text(build(book))
    assert "Models quotes Bild 22.2 and Table 1." in text
    assert "Appendix quotes Bild 22.3, Bild 6 and Bild 22.1." in text
    shown = " ".join(build(book, "text").page("appendix.txt").split())
    assert "Bild 22.3: Third caption." in shown
    assert "Appendix quotes Bild 22.3, Bild 6 and Bild 22.1." in shown


# What is told


def test_pinned_number_that_an_ordinary_figure_has(tmp_path: Path) -> None:
    figures = myst(":name: a", *QUICK) + "\n" + myst(":name: b", ":chapter: 1", *QUICK)
    book = write_book(tmp_path, {"one.md": f"# One\n\n{figures}\n{{numref}}`b`\n"})
    (message,) = run_sphinx(book).messages
    assert (message.file, message.type) == ("one.md", "gdviz.number")
    assert message.line in range(11, 15)
    assert "1.1 is also the number of an ordinary figure" in message.text


def test_clash_is_told_once_however_many_ordinary_figures(tmp_path: Path) -> None:
    pinned = myst(":chapter: 1", *QUICK)
    ordinary = myst(*QUICK)
    book = write_book(tmp_path, {"one.md": f"# One\n\n{ordinary}\n{ordinary}\n{pinned}\n"})
    assert [m.type for m in run_sphinx(book).messages] == ["gdviz.number"]


def test_numfig_off_is_told_once(tmp_path: Path) -> None:
    figure = myst(":name: a", ":chapter: 22", *QUICK)
    book = write_book(tmp_path, {"one.md": f"# One\n\n{figure}"}, "numfig = False\n")
    (message,) = run_sphinx(book).messages
    assert (message.file, message.line) == ("one.md", 5)
    assert message.type in {"gdviz.option", "gdviz.number"}
    assert "numfig" in message.text


def test_numfig_off_without_chapter_is_fine(tmp_path: Path) -> None:
    book = write_book(tmp_path, {"one.md": f"# One\n\n{myst(*QUICK)}"}, "numfig = False\n")
    run_sphinx(book, "html", "-W").ok()


@pytest.mark.parametrize("seed", ["0", "1"])
def test_orphan_page(tmp_path: Path, seed: str) -> None:
    """Outside of the book's order there is no number to pin; nothing breaks."""
    orphan = "---\norphan: true\n---\n# Alone\n\n" + myst(":name: a", ":chapter: 22", *QUICK)
    book = write_book(tmp_path, {"index.md": "# Book\n", "alone.md": orphan})
    built = run_sphinx(book, env={**os.environ, "PYTHONHASHSEED": seed})
    assert built.code == 0
    assert "Traceback" not in built.stderr
    assert "A caption." in built.page("alone.html")
