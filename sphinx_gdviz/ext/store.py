"""The store: results and pictures on disk, named by the content that they were made from."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.experiment import Experiment, Result
from .settings import Settings

if TYPE_CHECKING:
    from sphinx.environment import BuildEnvironment


@dataclass(frozen=True)
class Store:
    """A folder of files that are whole or not there."""

    folder: Path

    @classmethod
    def of(cls, env: BuildEnvironment) -> Store:
        """The store of a book."""
        moved = Settings.of(env.config).cache
        return cls(Path(env.srcdir, moved) if moved else Path(env.doctreedir, "gdviz"))

    def path(self, experiment: Experiment, suffix: str) -> Path:
        """Where a file made from an experiment is kept."""
        return self.folder / f"gdviz-{experiment.key}.{suffix}"

    def has(self, experiment: Experiment, suffix: str) -> bool:
        """Whether a file is there, and not empty."""
        path = self.path(experiment, suffix)
        return path.is_file() and path.stat().st_size > 0

    def write(self, experiment: Experiment, suffix: str, data: bytes) -> None:
        """Write to a temporary name and move into place, so that no half file is ever seen."""
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.folder, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).chmod(0o644)  # mkstemp makes it private, and pictures are published
            Path(name).replace(self.path(experiment, suffix))
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    def result(self, experiment: Experiment) -> Result:
        """The result of an experiment: kept from an earlier build, or run now and kept."""
        path = self.path(experiment, "npz")
        try:
            return Result.from_bytes(experiment, path.read_bytes())
        except FileNotFoundError:
            pass
        except Exception:
            path.unlink(missing_ok=True)  # damaged: whatever is wrong with it, it is run again
        result = experiment.run()
        self.write(experiment, "npz", result.to_bytes())
        return result
