"""The store: results and pictures on disk, named by the content that they were made from."""

from __future__ import annotations

import hashlib
import os
import re
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

from ..core.experiment import Experiment
from ..core.result import Result, run
from ..files import write_whole
from .config import Settings
from .domain import GdvizDomain

if TYPE_CHECKING:
    from sphinx.environment import BuildEnvironment


KEPT = 30
"""A file that no build has used for so many days is removed."""
_OURS = re.compile(r"gdviz-([0-9a-f]{32}\.(npz|svg|pdf|png|json)(\.sha256)?|\w+\.part)")
DAY = 24 * 60 * 60.0
"""A day in seconds; the last use of a file is noted to a day."""
VERIFIED = 2 * 10**9
"""A checksum that is so many nanoseconds older than its file says that the file has not been
written since it was found to be whole; all file systems can tell two seconds apart."""
MEMORY = 2**28
"""Bytes of results that a build holds in memory."""


@dataclass(frozen=True)
class Store:
    """A folder of files that are whole or not there.

    Attributes
    ----------
    folder : Path
    loaded : dict
        The results that this build has made or read, by key, with the sizes of their files.
    """

    folder: Path
    loaded: dict[str, tuple[Result, int]] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, env: BuildEnvironment) -> Store:
        """The store of a book, which is one object throughout a build."""
        domain = GdvizDomain.of(env)
        if domain.store is None:
            moved = Settings.of(env.config).cache
            folder = Path(env.srcdir, moved) if moved else Path(env.doctreedir, "gdviz")
            domain.store = cls(folder)
        assert isinstance(domain.store, cls)
        return domain.store

    def path(self, experiment: Experiment, suffix: str) -> Path:
        """The path of a file made from an experiment."""
        return self.folder / f"gdviz-{experiment.key}.{suffix}"

    def has(self, experiment: Experiment, suffix: str) -> bool:
        """Whether a file is there and whole; its bytes are read only where that is not known."""
        path = self.path(experiment, suffix)
        try:
            if _is_verified(path) and not _is_old(path):
                return True
        except OSError:
            return False
        return self.read(experiment, suffix) is not None

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
            if _is_old(path) or not _is_verified(path):
                _note_use(path)
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
        with suppress(OSError):  # another build may be as quick
            _note_use(path)

    def result(self, experiment: Experiment) -> Result:
        """The result of an experiment: of this build, kept from an earlier one, or run now."""
        if experiment.key in self.loaded:
            # Losses of one content may have several names: the one that is asked for counts.
            return replace(self.loaded[experiment.key][0], experiment=experiment)
        result, size = self._load(experiment)
        if sum(taken for _, taken in self.loaded.values()) + size > MEMORY:
            self.loaded.clear()
        self.loaded[experiment.key] = result, size
        return result

    def _load(self, experiment: Experiment) -> tuple[Result, int]:
        """A result that is kept or run now, and the size of its file."""
        data = self.read(experiment, "npz")
        if data is not None:
            with suppress(
                KeyError, TypeError, ValueError, BadZipFile
            ):  # of another version: run it again
                return Result.from_bytes(experiment, data), len(data)
        result = run(experiment)
        data = result.to_bytes()
        self.write(experiment, "npz", data)
        return result, len(data)


def _is_verified(path: Path) -> bool:
    return path.stat().st_mtime_ns - _digest(path).stat().st_mtime_ns == VERIFIED


def _is_old(path: Path) -> bool:
    return path.stat().st_mtime < time.time() - DAY


def _note_use(path: Path) -> None:
    """Date a file that is whole and its checksum."""
    now = time.time_ns()
    for file, when in ((path, now), (_digest(path), now - VERIFIED)):
        os.utime(file, ns=(when, when))


def _remove_if_older(path: Path, when: float) -> None:
    with suppress(OSError):  # another build may be as quick
        if path.stat().st_mtime < when:
            path.unlink()


def _digest(path: Path) -> Path:
    """The path of the checksum of a file."""
    return path.with_name(path.name + ".sha256")


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).hexdigest().encode()
