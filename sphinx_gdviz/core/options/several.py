"""Several losses in one figure."""

from __future__ import annotations

from dataclasses import replace

from ...messages import GdvizError, collect_mistakes
from ..experiment import Experiment
from .conflicts import MAX_PANELS


def together(
    parts: list[Experiment], titles: tuple[str, ...]
) -> tuple[Experiment | None, list[GdvizError]]:
    """One experiment of several, each on a loss of its own, with titles as they are written."""
    mistakes: list[GdvizError] = []
    own = [
        [not (index and panel.view.is_shared) for panel in part.panels]
        for index, part in enumerate(parts)
    ]
    count = sum(map(sum, own))
    with collect_mistakes(mistakes, "loss"):
        if count > MAX_PANELS:
            raise GdvizError(f"{count} panels are too many; a figure has {MAX_PANELS} at most")
        if len({part.loss for part in parts}) < len(parts):
            raise GdvizError("a loss is written twice; write each once")
    with collect_mistakes(mistakes, "titles"):
        given = iter(titles or ("",) * count)
        parts = [
            replace(part, titles=tuple(next(given, "") if has_one else "" for has_one in shown))
            for part, shown in zip(parts, own, strict=True)
        ]
        if titles and len(titles) != count:
            raise GdvizError(f"there are {count} panels; write a title for each")
    if mistakes:
        return None, mistakes
    first, *others = parts
    return replace(first, others=tuple(others)), []
