"""Nodes of MyST's syntax tree, as JSON has them."""

from __future__ import annotations

from typing import Any

from ..core.report.numbers import Numeral, RichText, Tex
from ..core.report.tables import Cells
from ..messages import GdvizError

Node = dict[str, Any]


def text_node(value: str) -> Node:
    """Some text."""
    return {"type": "text", "value": value}


def rich_text_nodes(text: RichText) -> list[Node]:
    """Inline nodes of rich text."""
    found: list[Node] = []
    for part in text:
        if isinstance(part, Tex):
            found.append(math_node(part.tex))
        elif isinstance(part, Numeral) and part.exponent is not None:
            exponent = str(part.exponent).replace("-", "−")
            found.append(text_node(part.before_exponent))
            found.append({"type": "superscript", "children": [text_node(exponent)]})
        else:
            found.append(text_node(part if isinstance(part, str) else part.plain))
    return found


def table_rows(cells: Cells) -> list[Node]:
    """The rows of a table, the headings first."""
    return [
        {
            "type": "tableRow",
            "children": [
                {
                    "type": "tableCell",
                    **({"header": True} if row is cells.headings else {}),
                    "align": "right" if is_number else "left",
                    "children": rich_text_nodes(said),
                }
                for said, is_number in zip(row, cells.are_numbers, strict=True)
            ],
        }
        for row in (cells.headings, *cells.rows)
    ]


def math_node(tex: str, *, display: bool = False) -> Node:
    """A formula: as TeX, which print takes, and as MathML for the web.

    mystmd has been over the mathematics of the page before what is quoted is known.

    Raises
    ------
    GdvizError
        If MathML can't be made.
    """
    try:
        import math_core
    except ImportError:
        said = "mathematics needs math-core: pip install 'sphinx-gdviz[mathml]'"
        raise GdvizError(said) from None
    try:
        converter = math_core.LatexToMathML(fancy_error=False)
        html = converter.convert_with_local_state(tex, displaystyle=display)
    except math_core.LatexError as error:
        raise GdvizError(f"{tex} can't be made MathML: {error}") from error
    return {"type": "math" if display else "inlineMath", "value": tex, "html": html}
