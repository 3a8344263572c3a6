"""All builders: the pictures of those that copy none, and books that have no figure at all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from .books import QUICK, myst, run_sphinx, write_book


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
