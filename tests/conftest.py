"""What all tests share: the small books in roots/, and tools that may be missing."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

# Tests read what builds say, in processes of their own: without colours, whoever wants them.
for name in ("FORCE_COLOR", "PY_COLORS", "CLICOLOR_FORCE"):
    os.environ.pop(name, None)
os.environ["NO_COLOR"] = "1"

LONGEST = ("test_book.py", "test_same_bytes.py", "test_layout.py")
"""Files that a process has to start early, or the others wait for it in the end."""

pytest_plugins = ("sphinx.testing.fixtures",)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first."""
    items.sort(key=lambda item: item.path.name not in LONGEST)


@pytest.fixture(scope="session")
def rootdir() -> Path:
    """The folder of the small books."""
    return Path(__file__).parent.resolve() / "roots"


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], None]], Path]:
    """Fill a folder once for all processes of tests, whichever needs it first."""
    root = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent

    def folder(name: str, fill: Callable[[Path], None]) -> Path:
        path, state = root / name, root / f"{name}.state"
        try:
            path.mkdir()
        except FileExistsError:
            while not state.exists():  # another process is at it
                time.sleep(0.2)
        else:
            try:
                fill(path)
            except BaseException as error:
                state.write_text(str(error), "utf-8")
                raise
            state.touch()
        assert not (said := state.read_text("utf-8")), said
        return path

    return folder


@pytest.fixture(scope="session")
def tool() -> Callable[[str], str]:
    """Find a program of the machine: a reader's may lack it, the one of CI may not."""

    def find(name: str) -> str:
        path = shutil.which(name)
        if path is None:
            if os.environ.get("CI"):
                pytest.fail(f"{name} is missing, and in CI nothing is skipped")
            pytest.skip(f"{name} is not installed")
        return path

    return find
