"""The real book is the same bytes in another place, with another hash seed, in two processes."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest


def test_same_bytes_in_another_place(
    build: Callable[..., subprocess.CompletedProcess[str]],
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    done = build(tmp_path, "-j", "2", "--only", "html,pdf", seed="42")
    assert done.returncode == 0, done.stderr
    book = request.getfixturevalue("book")  # now, since another process is building it meanwhile
    names = ["html/**/*.html", "html/_images/*", "html/*.js", "latex/*.pdf", "pdf/*.pdf"]
    for name in names:
        for path in sorted(book.glob(name)):
            twin = tmp_path / path.relative_to(book)
            assert twin.read_bytes() == path.read_bytes(), path.relative_to(book)
