"""The store: results and pictures on disk, named by the content that they were made from."""

from __future__ import annotations

import hashlib
import os
import re
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from .files import write_whole
from .messages import quote

if TYPE_CHECKING:
    from .core.experiment import Experiment
    from .core.result import Result

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

    def path(self, key: str, suffix: str) -> Path:
        """The path of a file made from the experiment of a key."""
        return self.folder / f"gdviz-{key}.{suffix}"

    def has(self, key: str, suffix: str) -> bool:
        """Whether a file is there and whole; its bytes are read only where that is not known."""
        return _is_verified(self.path(key, suffix)) or self.read(key, suffix) is not None

    def read(self, key: str, suffix: str) -> bytes | None:
        """A file that reads back whole, or None: it is then to be made again."""
        path = self.path(key, suffix)
        try:
            data = path.read_bytes()
            if _digest(path).read_bytes() != _sha256(path, data):
                return None
        except OSError:
            return None
        if not _is_verified(path):
            _note_use(path)
        return data

    def write(self, key: str, suffix: str, data: bytes) -> None:
        """Keep a file, and what it takes to see that it is whole.

        Raises
        ------
        OSError
            If the folder can't be written; it is named.
        """
        path = self.path(key, suffix)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            for target, content in ((path, data), (_digest(path), _sha256(path, data))):
                write_whole(target, content, "gdviz-")
        except OSError as error:
            raise OSError(f"{error.strerror}: the cache is {quote(self.folder)}") from error
        _note_use(path)

    def prune(self) -> None:
        """Take away what no build has used for `KEPT` days, and what killed builds left behind."""
        now = time.time()
        with suppress(OSError), os.scandir(self.folder) as files:
            for file in files:
                days = 1 if file.name.endswith(".part") else KEPT
                with suppress(OSError):  # another build may be as quick
                    # The folder may have other files too.
                    if _OURS.fullmatch(file.name) and file.stat().st_mtime < now - days * DAY:
                        Path(file).unlink()

    def result(self, experiment: Experiment) -> Result:
        """The result of an experiment: of this build, kept from an earlier one, or run now."""
        key = experiment.key
        if key not in self.loaded:
            result, size = self._load(experiment)
            if sum(taken for _, taken in self.loaded.values()) + size > MEMORY:
                self.loaded.clear()
            self.loaded[key] = result, size
        return self.loaded[key][0]

    def _load(self, experiment: Experiment) -> tuple[Result, int]:
        """A result that is kept or run now, and the size of its file."""
        from zipfile import BadZipFile

        from .core.result import Result, run  # NumPy, which few builds need

        data = self.read(experiment.key, "npz")
        if data is not None:
            # Of another version: it is run again.
            with suppress(KeyError, TypeError, ValueError, BadZipFile):
                return Result.from_bytes(experiment, data), len(data)
        result = run(experiment)
        data = result.to_bytes()
        self.write(experiment.key, "npz", data)
        return result, len(data)


def _is_verified(path: Path) -> bool:
    """Whether a file is the one that was found to be whole; if it is, it counts as used."""
    try:
        when = path.stat().st_mtime_ns
        is_same = when - _digest(path).stat().st_mtime_ns == VERIFIED
    except OSError:
        return False
    if is_same and when < (time.time() - DAY) * 10**9:
        _note_use(path)
    return is_same


def _note_use(path: Path) -> None:
    """Date a file that is whole and its checksum."""
    now = time.time_ns()
    with suppress(OSError):  # a cache may be read-only, and another build as quick
        for file, when in ((path, now), (_digest(path), now - VERIFIED)):
            os.utime(file, ns=(when, when))


def _digest(path: Path) -> Path:
    """The path of the checksum of a file."""
    return path.with_name(path.name + ".sha256")


def _sha256(path: Path, data: bytes) -> bytes:
    """The checksum of a file and its name: one file in place of another is not whole."""
    return hashlib.sha256(path.name.encode() + data).hexdigest().encode()
