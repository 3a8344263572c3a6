"""Claims: what an author expects of a run, to be held against what it did."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...messages import GdvizError, did_you_mean, quote
from ..descent.verdict import KINDS, Verdict

PLACES = ("minimum", "saddle", "maximum", "flat", "box", "undefined")
"""Where a run may have come, as a verdict has it."""
EXAMPLE = "a verdict for each run, such as slow, converged at step 26, oscillating with period 2"

_CLAIM = re.compile(r"(\w+)(?: at step (\d{1,9})| with period (\d{1,9})| at (?:a |the )?([a-z]+))?")


@dataclass(frozen=True)
class Claim:
    """What is expected of a run: a verdict, and at most one thing more.

    Attributes
    ----------
    text : str
        As it was written.
    kind : str
        One of :data:`~sphinx_gdviz.core.descent.verdict.KINDS`.
    step, period : int or None
        At which step it shows, or with which period it repeats.
    place : str or None
        One of :data:`PLACES`.
    """

    text: str
    kind: str
    step: int | None = None
    period: int | None = None
    place: str | None = None

    def holds_of(self, verdict: Verdict) -> bool:
        """Whether a run did what is claimed."""
        return (
            self.kind == verdict.kind
            and self.step in (None, verdict.step)
            and self.period in (None, verdict.period)
            and self.place in (None, verdict.place)
        )


def read_claim(text: str) -> Claim:
    """Read a claim as authors write it: ``converged``, ``stuck at saddle``.

    Raises
    ------
    GdvizError
        If it is none.
    """
    said = " ".join(text.split())
    match = _CLAIM.fullmatch(said)
    if not match:
        raise GdvizError(f"{quote(text)} is not a verdict; write {EXAMPLE}")
    kind, step, period, place = match.groups()
    for word, known in ((kind, KINDS), (place, PLACES)):
        if word is not None and word not in known:
            near = did_you_mean(word, known) or ";"
            raise GdvizError(f"{quote(word)} is not a verdict{near} there are {', '.join(known)}")
    return Claim(said, kind, int(step) if step else None, int(period) if period else None, place)
