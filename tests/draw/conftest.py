"""What pictures of many runs need for tests that look elsewhere."""

from __future__ import annotations

from functools import partial

import pytest

from sphinx_gdviz.core import result
from sphinx_gdviz.core.descent.maps import find_basins, find_bifurcation, find_outcomes


@pytest.fixture
def coarse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Maps of few runs, where only what is around them matters."""
    monkeypatch.setattr(result, "find_basins", partial(find_basins, size=48))
    monkeypatch.setattr(result, "find_outcomes", partial(find_outcomes, size=24))
    monkeypatch.setattr(result, "find_bifurcation", partial(find_bifurcation, count=120))
