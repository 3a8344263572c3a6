"""Web pages: what a page has of a figure, in each builder that makes some."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from .books import QUICK, myst, run_sphinx, write_book

PAGES = (".html", ".xhtml", ".fjson")


@pytest.mark.parametrize("builder", ["html", "singlehtml", "epub", "htmlhelp", "json"])
def test_pictures_have_their_size(tmp_path: Path, builder: str) -> None:
    figures = myst(*QUICK) + "\n" + myst(":width: 66%", *QUICK)
    book = write_book(tmp_path, {"index.md": f"# A\n\n{figures}"}, 'version = copyright = "1"\n')
    built = run_sphinx(book, builder).ok()
    page = next(path for path in built.out.rglob("index.*") if path.suffix in PAGES)
    tags = re.findall(r"<img [^>]+>", page.read_text("utf-8").replace('\\"', '"'))
    sizes = [re.match(r'<img width="(\d+)" height="(\d+)" ', tag) for tag in tags]
    assert len(tags) == 2
    assert all(tag.count(" style=") == 1 and "height: auto;" in tag for tag in tags)
    assert "width: 66%;" in tags[1]
    (wide, high), (width, height) = (map(int, size.groups()) for size in sizes if size)
    assert 0.5 < high / wide < height / width < 1.5  # one line of text is as high in both
    assert width / wide == pytest.approx(0.66, abs=0.01)
