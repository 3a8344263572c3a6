"""All builders: the pictures of those that copy none, and books that have no figure at all."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from .books import QUICK, myst, run_sphinx, write_book

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360f8cfc0f01f0005000201f5e27d2b0000000049454e44ae426082"
)


@pytest.mark.parametrize("builder", ["xml", "pseudoxml"])
def test_a_builder_that_copies_no_pictures_has_those_that_it_names(
    tmp_path: Path, builder: str
) -> None:
    pages = {"one.md": "# One\n\n" + myst(*QUICK), "sub/two.md": "# Two\n\n" + myst(*QUICK)}
    built = run_sphinx(write_book(tmp_path, pages), builder, "-W").ok()
    for name in ("one", "sub/two"):
        page = built.out / f"{name}.{builder}"
        address = re.findall(r' uri="([^"]*)"', page.read_text("utf-8"))
        assert len(address) == 1
        assert (page.parent / address[0]).read_bytes().startswith(b"\x89PNG")


BUILDERS = (
    *("html", "dirhtml", "singlehtml", "json", "pickle", "htmlhelp", "qthelp", "devhelp", "epub"),
    *("latex", "text", "man", "texinfo", "xml", "pseudoxml", "gettext", "changes"),
)
PLAIN = {
    "one.md": "# One\n\n(part)=\n## Part\n\n$x$\n\n```{figure} dot.png\n:name: dot\n\nA dot.\n```\n"
    "\n```{csv-table} A table\n:name: tab\n1, 2\n```\n",
    "two.rst": "Two\n===\n\n:numref:`dot`, :numref:`tab`, :ref:`part`, :term:`a word`.\n\n"
    ".. glossary::\n\n   a word\n      Its meaning.\n",
}
EPUB = 'version = copyright = "1"\nexclude_patterns = ["_build"]\n'
WITHOUT = 'extensions.remove("sphinx_gdviz")\n'


def outputs(folder: Path, builders: Sequence[str], conf: str) -> dict[str, bytes]:
    """All files that all builders make of a book without figures, but for dates and digests."""
    book = write_book(folder, PLAIN, 'author = "A"\nversion = copyright = "1"\n' + conf)
    (book / "dot.png").write_bytes(PNG)
    found = {}
    for builder in builders:
        built = run_sphinx(book, builder, "-d", f"{folder}/_build/doctrees{builder == 'gettext'}")
        assert built.code == 0, built.stderr
        for path in built.out.rglob("*"):
            # Archives of what is compared, Sphinx's own objects, and a digest of all settings.
            is_kept = path.suffix in (".epub", ".pickle") or path.name == ".buildinfo"
            if path.is_file() and not is_kept:
                found[f"{builder}/{path.relative_to(built.out)}"] = cleaned(path.read_bytes())
    return found


def cleaned(data: bytes) -> bytes:
    """A file without its date, and without what Sphinx lists of each extension that it loads.

    XML names all domains, and the index of searches the versions of all extensions.
    """
    data = data.replace(b' xmlns:gdviz="https://www.sphinx-doc.org/"', b"")
    data = re.sub(rb',\s*"sphinx_gdviz":\s*\d+', b"", data)
    return re.sub(rb"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?[Z+0-9]*|\w{3} \d\d, \d{4}", b"", data)


ALWAYS = "def setup(app): app.set_html_assets_policy('always')\n"


@pytest.mark.parametrize(("builders", "conf"), [(BUILDERS, ""), (("html",), ALWAYS)])
def test_a_book_without_figures_is_the_same_bytes(
    tmp_path: Path, builders: Sequence[str], conf: str
) -> None:
    ours = outputs(tmp_path / "book", builders, conf)
    (tmp_path / "book").rename(tmp_path / "ours")
    without = outputs(tmp_path / "book", builders, conf + WITHOUT)
    assert ours.keys() == without.keys()
    assert [name for name in ours if ours[name] != without[name]] == []


def test_an_epub_has_each_picture_once(tmp_path: Path) -> None:
    book = write_book(tmp_path, {"one.md": "# One\n\n" + myst(*QUICK)}, EPUB)
    for number in range(2):
        done = subprocess.run(
            [sys.executable, "-m", "sphinx", "-b", "epub", book, book / "_build"],
            capture_output=True,
            text=True,
            check=True,
        )
        assert "gdviz-" not in done.stderr  # of what may not be in it
        (epub,) = (book / "_build").glob("*.epub")
        with zipfile.ZipFile(epub) as archive:
            names = archive.namelist()
        assert len([name for name in names if name.endswith(".svg")]) == 1
        assert not [name for name in names if ".doctrees" in name]
        assert ("reading sources... [" in done.stdout) == (number == 0)
