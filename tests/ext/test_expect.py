"""Expectations: a claim that does not hold is told at its line, and the figure stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from .books import myst, run_sphinx, write_book

RATES = (":lr: 0.01, 0.1, 0.5", ":view: loss")


def test_claims_that_hold_say_nothing(tmp_path: Path) -> None:
    claims = ":expect: slow, converged at step 26, oscillating"
    book = write_book(tmp_path, {"one.md": "# One\n\n" + myst(*RATES, claims)})
    assert run_sphinx(book, "html", "-W").ok().drew == 1


def test_a_claim_that_does_not_hold_is_told_at_its_line(tmp_path: Path) -> None:
    claims = ":expect: slow, converged, diverged"
    book = write_book(tmp_path, {"one.md": "# One\n\n" + myst(*RATES, claims)})
    built = run_sphinx(book)
    (message,) = built.messages
    assert (message.file, message.line, message.type) == ("one.md", 6, "gdviz.expect")
    for said in (
        "“diverged” was claimed",
        "learning rate 0.5",
        "oscillated irregularly from step 3",
    ):
        assert said in message.text
    assert built.drew == 1
    assert 'src="_images/gdviz-' in built.page("one.html")
    assert run_sphinx(book, "html", "-W", "-E").code != 0


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        ("slow", "1 verdict for 3 runs"),
        ("slow, slow, slow, slow", "4 verdicts for 3 runs"),
        ("slow, , slow", "has an empty part"),
        ("slow, converges, slow", "did you mean “converged”"),
    ],
)
def test_mistakes(tmp_path: Path, claims: str, said: str) -> None:
    book = write_book(tmp_path, {"one.md": "# One\n\n" + myst(*RATES, f":expect: {claims}")})
    built = run_sphinx(book)
    (message,) = built.messages
    assert (message.line, message.type) == (6, "gdviz.option")
    assert said in message.text
    assert built.drew == 1
