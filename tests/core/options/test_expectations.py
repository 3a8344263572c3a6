"""Claims: what an author expects of a run."""

from __future__ import annotations

import pytest

from sphinx_gdviz.core.descent.run import descend
from sphinx_gdviz.core.options.expectations import read_expectation
from sphinx_gdviz.messages import GdvizError


@pytest.mark.parametrize(
    ("arguments", "right", "wrong"),
    [
        ({"lr": 0.1}, ["converged", "converged at step 26", "converged at the minimum"],
         ["diverged", "converged at step 25", "converged at saddle", "slow"]),
        ({"lr": 0.01}, ["slow", "slow at step 50"], ["converged", "oscillating"]),
        ({"lr": 0.4, "steps": 200}, ["oscillating", "oscillating with period 2"],
         ["oscillating with period 4", "diverged"]),
        ({"lr": 0.5}, ["oscillating"], ["oscillating with period 2", "diverged"]),
        ({"start": (1.5, 0.0)}, ["stuck", "stuck at a saddle"], ["stuck at the box", "converged"]),
        ({"lr": 1.05}, ["diverged", "diverged at step 16"], ["oscillating"]),
    ],
)  # fmt: skip
def test_claims(arguments: dict[str, object], right: list[str], wrong: list[str]) -> None:
    verdict = descend(**arguments).verdict  # type: ignore[arg-type]
    for text in right:
        assert read_expectation(text).holds_of(verdict), text
    for text in wrong:
        assert not read_expectation(text).holds_of(verdict), text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("converges", "did you mean “converged”"),
        ("stuck at sadle", "did you mean “saddle”"),
        ("fine", "there are converged, slow"),
        ("", "write a verdict for each run"),
        ("converged at step many", "write a verdict for each run"),
        ("converged with period", "write a verdict for each run"),
    ],
)
def test_what_is_no_claim_is_explained(text: str, said: str) -> None:
    with pytest.raises(GdvizError, match=said):
        read_expectation(text)
