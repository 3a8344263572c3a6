"""The store: results and pictures on disk, named by the content that they were made from."""

from __future__ import annotations

import hashlib
import os
import re
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

from ..core.experiment import Experiment
from ..core.result import Result, run
from ..files import write_whole
from .config import Settings

if TYPE_CHECKING:
    from sphinx.environment import BuildEnvironment


KEPT = 30
"""A file that no build has used for so many days is removed."""
_OURS = re.compile(r"gdviz-([0-9a-f]{32}\.(npz|svg|pdf|png|json)(\.sha256)?|\w+\.part)")
DAY = 24 * 60 * 60.0
"""A day in seconds; the last use of a file is noted to a day."""


@dataclass(frozen=True)
class Store:
    """A folder of files that are whole or not there.

    Attributes
    ----------
    folder : Path
    """

    folder: Path

    @classmethod
    def of(cls, env: BuildEnvironment) -> Store:
        """The store of a book."""
        moved = Settings.of(env.config).cache
        folder = Path(env.srcdir, moved) if moved else Path(env.doctreedir, "gdviz")
        return cls(folder)

    def path(self, experiment: Experiment, suffix: str) -> Path:
        """Where a file made from an experiment is kept."""
        return self.folder / f"gdviz-{experiment.key}.{suffix}"

    def read(self, experiment: Experiment, suffix: str) -> bytes | None:
        """A file that reads back whole, or None: it is then to be made again."""
        path = self.path(experiment, suffix)
        try:
            data = path.read_bytes()
            if _digest(path).read_bytes() != _sha256(data):
                return None
        except OSError:
            return None
        with suppress(OSError):  # a cache may be read-only
            if path.stat().st_mtime < time.time() - DAY:
                for file in (path, _digest(path)):
                    os.utime(file)
        return data

    def prune(self) -> None:
        """Take away what no build has used for `KEPT` days, and what killed builds left behind."""
        now = time.time()
        for path in self.folder.glob("gdviz-*"):  # the folder may have other files too
            if _OURS.fullmatch(path.name):
                _remove_if_older(path, now - (DAY if path.suffix == ".part" else KEPT * DAY))

    def write(self, experiment: Experiment, suffix: str, data: bytes) -> None:
        """Keep a file, and what it takes to see that it is whole."""
        path = self.path(experiment, suffix)
        self.folder.mkdir(parents=True, exist_ok=True)
        for target, content in ((path, data), (_digest(path), _sha256(data))):
            write_whole(target, content, "gdviz-")

    def result(self, experiment: Experiment) -> Result:
        """The result of an experiment: kept from an earlier build, or run now and kept."""
        data = self.read(experiment, "npz")
        if data is not None:
            with suppress(
                KeyError, TypeError, ValueError, BadZipFile
            ):  # of another version: run it again
                return Result.from_bytes(experiment, data)
        result = run(experiment)
        self.write(experiment, "npz", result.to_bytes())
        return result


def _remove_if_older(path: Path, when: float) -> None:
    with suppress(OSError):  # another build may be as quick
        if path.stat().st_mtime < when:
            path.unlink()


def _digest(path: Path) -> Path:
    """Where the checksum of a file is kept."""
    return path.with_name(path.name + ".sha256")


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).hexdigest().encode()
