"""Places in a figure, as authors name them: ``start``, ``step 5``, ``saddle 2``, ``-0.5, 1``."""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args

Point = tuple[float, ...]
ModelKind = Literal["tangent", "quadratic", "chord"]
MODEL_KINDS: tuple[ModelKind, ...] = get_args(ModelKind)


class Place(NamedTuple):
    """One place, or several that have a name in common.

    Attributes
    ----------
    kind : str
        ``"start"``, ``"end"`` or ``"step"`` of the runs, a kind of critical point, or ``"point"``.
    first, last : int
        The first and the last step; of a critical point its number, the lowest is 1.
    run : int
        The number of the run, from 1; 0 for all of them.
    point : tuple of float
        The coordinates of a ``"point"``.
    """

    kind: str
    first: int = 1
    last: int = 1
    run: int = 0
    point: Point = ()

    @property
    def is_of_run(self) -> bool:
        """True for a place on the path of a run."""
        return self.kind in ("end", "step") or self.run > 0

    def __str__(self) -> str:
        numbered = self.kind == "step" or self.first > 1
        span = f" {self.first}" if numbered else ""
        span += f"..{self.last}" if self.kind == "step" and self.last > self.first else ""
        if self.kind == "point":
            return ", ".join(f"{coordinate:.12g}" for coordinate in self.point)
        return f"{self.kind}{span}" + f" of run {self.run}" * (self.run > 0)


class Note(NamedTuple):
    """A text at a place."""

    place: Place
    text: str


class ModelAt(NamedTuple):
    """A model of the loss that is asked for: its kind, and its place; of a chord its ends."""

    kind: ModelKind
    place: Place | None = None
    ends: tuple[float, float] = (0.0, 0.0)
