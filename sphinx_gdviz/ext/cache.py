"""The store of a Sphinx book: among its doctrees, or where its settings say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .. import store
from .config import Settings
from .domain import GdvizDomain

if TYPE_CHECKING:
    from sphinx.environment import BuildEnvironment


class Store(store.Store):
    """The store of a book."""

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
