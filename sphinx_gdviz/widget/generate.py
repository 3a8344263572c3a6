"""What Python knows, as TypeScript: ``python -m sphinx_gdviz.widget.generate`` writes it.

The page's script has no constant, no colour, no rule and no sentence of its own where the build
has one already.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from matplotlib.colors import to_rgb

from ..core import scale
from ..core.descent import critical_points, kinds, maps, neighbourhood, newton, oscillation, verdict
from ..core.export.page_data import short
from ..core.export.rule_data import rule_data
from ..core.methods.rule import BOUNDS
from ..core.methods.rules import RULES
from ..core.methods.settings import POSITIVE
from ..core.options.read import Book, experiment_options
from ..core.report.strings import STRINGS
from ..draw import critical_marks, style
from ..draw.views import contour, curve
from ..draw.views.surface import box, camera, panel, relief

TARGET = Path(__file__).parent / "src" / "generated.ts"

CONSTANTS: dict[ModuleType, str] = {
    verdict: "TOLERANCE ESCAPE_RADIUS ESCAPE_GROWTH CERTAIN_ESCAPE RISING_SHARE REACH",
    oscillation: "MIN_TURNS DECAY TREND RETURN_TOLERANCE DRIFT_TOLERANCE MAX_PERIOD",
    critical_points: "NEIGHBOURHOOD",
    kinds: "FLAT_CURVATURE CURVATURE_TOLERANCE KINK_RADIUS KINK_TOLERANCE",
    neighbourhood: "DIRECTIONS ZOOMS FEWEST_ZOOMS KINK_ANGLE",
    newton: "MAX_ITERATIONS NEWTON_TOLERANCE GRADIENT_TOLERANCE ROUNDING",
    maps: "MERGE_RADIUS UNSETTLED DIVERGED",
    scale: "TINY",
    contour: "ARROWS",
    curve: "DECADES SPARSE",
    camera: "HEIGHT",
    relief: "MARGIN SAMPLES SLACK LIGHT DARKEST LIGHTEST",
    box: "SHORT",
    panel: "SPACING",
    style: "START CASING FIELD MARK MARKERS",
}
"""Constants that the page's script has under the same name."""


def generated() -> str:
    """The text of ``generated.ts``."""
    lines = [
        "// Written by `python -m sphinx_gdviz.widget.generate`; do not edit.",
        "",
        'import type { Rule } from "./types.ts";',
        "",
    ]
    for module, names in CONSTANTS.items():
        lines.append(f"// {module.__name__}")
        lines += (_constant(name, getattr(module, name)) for name in names.split())
    lines += ["", *(_constant(name, value) for name, value in _derived()), ""]
    lines += _table("RULES: Readonly<Record<string, Rule>>", _rules())
    lines += _table("STRINGS", STRINGS)
    return "\n".join(lines)


def _derived() -> Iterator[tuple[str, Any]]:
    """Constants that Python has in another form."""
    yield "CRITICAL_MARKERS", critical_marks.SHAPES
    yield "COLORS", style.settings()["axes.prop_cycle"].by_key()["color"]
    yield "DASHES", list(style.DASHES)
    yield "BASIN_COLORS", [*style.BASINS, style.UNSETTLED, style.DIVERGED]
    for name, (color, opacity) in (
        ("ISOLINE", style.ISOLINE),
        ("FAINT_ISOLINE", style.FAINT_ISOLINE),
    ):
        yield name, [round(255 * to_rgb(color)[0]), opacity]
    yield "EXPERIMENT_OPTIONS", [*experiment_options(Book())]
    bounds = {**{name: BOUNDS[name].ends for name in sorted(BOUNDS)}, "lr": POSITIVE.ends}
    yield "BOUNDS", bounds


def _rules() -> dict[str, Any]:
    return {name: rule_data(rule) for name, rule in RULES.items() if not rule.takes_hessian}


def _constant(name: str, value: Any) -> str:
    fixed = " as const" if isinstance(value, list | dict | tuple) else ""
    return f"export const {name} = {_json(value)}{fixed};"


def _table(declaration: str, entries: dict[str, Any]) -> Iterator[str]:
    """A constant with an entry on each line."""
    yield f"export const {declaration} = {{"
    yield from (f"  {json.dumps(name)}: {_json(value)}," for name, value in entries.items())
    yield "};"
    yield ""


def _json(value: Any) -> str:
    return json.dumps(short(value), ensure_ascii=False)


def main(arguments: list[str] | None = None) -> int:
    """Write the file, or say whether it is what it should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if not current")
    if parser.parse_args(arguments).check:
        is_current = TARGET.is_file() and TARGET.read_text(encoding="utf-8") == generated()
        if not is_current:
            print(f"{TARGET.name} is out of date: run python -m {__spec__.name}", file=sys.stderr)
        return 0 if is_current else 1
    TARGET.write_text(generated(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
