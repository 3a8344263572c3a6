"""What all tests share: the small books in roots/, and tools that may be missing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

# Tests read what builds say, in processes of their own: without colours, whoever wants them.
for name in ("FORCE_COLOR", "PY_COLORS", "CLICOLOR_FORCE"):
    os.environ.pop(name, None)
os.environ["NO_COLOR"] = "1"

pytest_plugins = ("sphinx.testing.fixtures",)


@pytest.fixture(scope="session")
def rootdir() -> Path:
    """The folder of the small books."""
    return Path(__file__).parent.resolve() / "roots"


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
