"""Words, numbers and mathematics as nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from ...core.report.numbers import Numeral
from ...core.report.quantities import Said, Tex

if TYPE_CHECKING:
    pass


def said_nodes(said: Said, *, as_text: bool = False) -> list[nodes.Node]:
    """What is said as inline nodes; in plain text an exponent is made of raised characters."""
    found: list[nodes.Node] = []
    for part in said:
        if isinstance(part, Tex) and not as_text:
            found.append(nodes.math(part.tex, part.tex))
        elif isinstance(part, Numeral) and part.exponent is not None and not as_text:
            exponent = str(part.exponent).replace("-", "−")
            found.append(nodes.Text(part.before_exponent))
            found.append(nodes.superscript("", exponent))
        else:
            found.append(nodes.Text(part if isinstance(part, str) else part.plain))
    return found


def mistake_node() -> nodes.inline:
    """What stands where there is nothing to say, and the build has told why."""
    return nodes.inline("", "?", classes=["gdviz-mistake"])
