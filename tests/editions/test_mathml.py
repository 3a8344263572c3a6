"""Formulas as MathML that browsers and EPUBCheck take."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from sphinx_gdviz.editions.mathml import MATHML, to_mathml


@pytest.mark.parametrize(
    "latex",
    [
        r"\theta_{t+1} = \theta_t - \eta \nabla L(\theta_t)",
        r"\begin{aligned} a &= b < c \\ d &= \tfrac{1}{2} \end{aligned}",
        r"\begin{pmatrix} 1 & 0 \\ 0 & 1 \end{pmatrix}",
        r"\lVert x \rVert \le \overline{ab}",
    ],
)
@pytest.mark.parametrize("display", [True, False])
def test_formula_is_well_formed_and_keeps_its_source(latex: str, display: bool) -> None:
    root = ET.fromstring(to_mathml(latex, display=display))
    assert root.tag == f"{{{MATHML}}}math"
    assert (root.get("display") == "block") is display
    assert root.get("alttext") == latex
    allowed = {f"{{{MATHML}}}{name}" for name in ("math", "mstyle", "mtable")}
    assert {node.tag for node in root.iter() if "displaystyle" in node.attrib} <= allowed


def test_formula_beyond_the_converter_is_an_error_with_a_reason() -> None:
    with pytest.raises(ValueError, match="nosuchcommand"):
        to_mathml(r"\nosuchcommand{x}", display=False)
