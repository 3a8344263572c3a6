"""Files that are whole or not there."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_whole(path: Path, data: bytes, prefix: str = ".gdviz-") -> None:
    """Write to a temporary name and move into place, so that no half file is ever seen.

    Raises
    ------
    OSError
        If the file can't be written.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=prefix, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).chmod(0o644)  # mkstemp makes it private, and books are published
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
