"""Pictures against those that were looked at and found good.

The references are small: a sixth of a picture as printed, so that a pixel is the mean of 36, and
without words, which every version of Matplotlib sets a little differently (other tests read them).
A picture may differ from its reference by a root mean square of `TOLERANCE`, on a scale of 0 to
255, in any of the tiles that it is cut into. A path, a curve, a legend or a panel that is missing
makes three times that (measured: Matplotlib 3.10 against 3.11 0.3, a missing legend 30, a missing
path 37).

After a change of looks that is meant, write them anew, and look at them:

    GDVIZ_WRITE_REFERENCES=1 pytest tests/draw/test_references.py
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageChops

from sphinx_gdviz.core.descent.maps import Axis
from sphinx_gdviz.core.experiment import MARKS, Experiment
from sphinx_gdviz.core.losses.named import find_loss
from sphinx_gdviz.core.methods.schedules import find_schedule
from sphinx_gdviz.core.options.annotations import read_labels, read_models
from sphinx_gdviz.core.places import Place
from sphinx_gdviz.core.result import run
from sphinx_gdviz.core.views import VIEWS, View
from sphinx_gdviz.draw import figure as page
from sphinx_gdviz.draw import run_marks
from sphinx_gdviz.draw.drawing import Mark
from sphinx_gdviz.draw.figure import draw
from sphinx_gdviz.draw.views import contour, curve, graph, sweeps
from sphinx_gdviz.draw.views.surface import panel as surface

from .drawing import optimizers, style_of

REFERENCES = Path(__file__).parent / "references"
TOLERANCE = 9.0
COARSE, TILE = 6, 12
SHIFTS = (-8, -4, 0, 4, 8)
LARGEST = 60_000
WORDLESS = "\n".join(
    f"{key}: white" for key in ("text.color", "axes.labelcolor", "xtick.color", "ytick.color")
)

EXPERIMENTS = {
    "single": Experiment(),
    "rates": Experiment(lr=(0.01, 0.1, 0.5)),
    "graph": Experiment(
        loss=find_loss("x*cos(0.15*pi*x)"),
        start=((10.0,),),
        lr=(0.5, 2.0),
        steps=10,
        marks=("minima",),
    ),
    "overlay": Experiment(
        lr=(0.01, 0.1, 0.5), overlay=True, views=("contour", "loss", "gradient"), steps=30
    ),
    "marks": Experiment(
        loss=find_loss("(x**2 + y - 11)**2 + (x + y**2 - 7)**2"),
        xlim=(-6, 6),
        ylim=(-6, 6),
        lr=(0.01,),
        start=((0.0, 0.0),),
        marks=tuple(MARKS),
    ),
    "arrows": Experiment(views=("arrows",), width="3in", lr=(1.05,), steps=4),
    "landscape": Experiment(
        loss=find_loss("x**2 + y**2 + 2*sin(1.5*(x + y)) + 2"),
        steps=0,
        marks=("minima", "saddles"),
        arrows=(Place("point", point=(-1.0, 1.0)), Place("point", point=(1.5, -0.5))),
    ),
    "labels": Experiment(
        loss=find_loss("x*cos(0.15*pi*x)"),
        start=((10.0,),),
        lr=(2.0,),
        steps=10,
        notes=read_labels("start = start here; minimum = global; minimum 2 = local"),
        numbers=(1, 3),
    ),
    "models": Experiment(
        loss=find_loss("x**2 + y**2 + 2*sin(1.5*(x + y)) + 2"),
        steps=0,
        models=read_models("quadratic at 0.5, -0.9"),
    ),
    "basins": Experiment(
        loss=find_loss("himmelblau"),
        optimizers=optimizers("gd", "momentum(momentum=0.5)"),
        lr=(0.01,),
        start=((0.0, 0.0),),
        steps=80,
        views=("basins",),
        width="3.6in",  # few columns in the legend, which letters can push aside
    ),
    "outcomes": Experiment(
        loss=find_loss("x**2 + y**2 - 0.2*x**3 - 0.2*y**3"),
        views=("outcomes",),
        sweep=(Axis("lr", 0.01, 10.0, log=True),),
    ),
    "bifurcation": Experiment(
        views=("bifurcation",), sweep=(Axis("lr", 0.1, 0.7),), steps=200, width="4in"
    ),
    "optimizers": Experiment(
        loss=find_loss("himmelblau"),
        optimizers=optimizers("gd", "momentum(momentum=0.9)", "adam(lr=0.3)"),
        lr=(0.01,),
        start=((0.0, 0.0),),
        schedule=find_schedule("cosine(warmup=5)"),
        views=("contour", "loss", "rate"),
        overlay=True,
        steps=40,
    ),
    "log": Experiment(
        loss=find_loss("(1-x)**2 + 100*(y-x**2)**2"), lr=(1e-3,), start=((-1.5, 1.5),), steps=300
    ),
}


def picture(experiment: Experiment) -> Image.Image:
    """The picture as printed, without words."""
    data = draw(run(replace(experiment, style=style_of(WORDLESS))), ["png"])["png"]
    return Image.open(io.BytesIO(data)).convert("RGB")


def difference(drawn: Image.Image, name: str) -> float:
    """The greatest root mean square difference of any tile; of other sizes everything differs.

    A tile may be a few pixels of the print beside its place, as the legend's parts are where words
    are wider or narrower.
    """
    with Image.open(REFERENCES / f"{name}.png") as image:
        reference = np.asarray(image.convert("RGB"), float)
    if np.abs(np.subtract(drawn.reduce(COARSE).size, reference.shape[1::-1])).max() > 1:
        return np.inf
    rows, columns = np.minimum(drawn.reduce(COARSE).size[::-1], reference.shape[:2])
    moved = [
        np.asarray(ImageChops.offset(drawn, right, down).reduce(COARSE), float)
        for right in SHIFTS
        for down in SHIFTS
    ]
    reference = reference[:rows, :columns]
    tiles = [_by_tile(coarse[:rows, :columns] - reference) for coarse in moved]
    return float(np.min(tiles, axis=0).max())


def _by_tile(change: np.ndarray) -> np.ndarray:
    """The root mean square of each tile, shape (rows of tiles, columns of tiles)."""
    rows, columns = change.shape[:2]
    squares = np.pad(change**2, [(0, -rows % TILE), (0, -columns % TILE), (0, 0)])
    tiles = squares.reshape(len(squares) // TILE, TILE, -1, TILE, 3)
    return np.asarray(np.sqrt(tiles.mean(axis=(1, 3, 4))))


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_pictures_look_as_they_did(name: str) -> None:
    path, drawn = REFERENCES / f"{name}.png", picture(EXPERIMENTS[name])
    if os.environ.get("GDVIZ_WRITE_REFERENCES"):
        path.parent.mkdir(exist_ok=True)
        drawn.reduce(COARSE).save(path, optimize=True)
    assert path.stat().st_size < LARGEST
    assert difference(drawn, name) < TOLERANCE


def _nothing(*_: Any, **__: Any) -> Iterator[Mark]:
    return iter(())


def _no_mark(**_: Any) -> Mark:
    return Mark()


def _no_legend(*arguments: Any) -> tuple[list[Mark], float]:
    _, height = LEGEND_MARKS(*arguments)
    return [], height


def _rates_as_losses(scene: Any, view: View, run: Any) -> Any:
    return VALUES(scene, VIEWS["loss"] if view.name == "rate" else view, run)


LEGEND_MARKS, VALUES = page.legend_marks, curve._values


@pytest.mark.parametrize(
    ("name", "module", "part", "instead"),
    [
        ("single", contour, "_run_marks", _nothing),
        ("single", surface, "_run_marks", _nothing),
        ("rates", contour, "_run_marks", _nothing),
        ("log", surface, "_run_marks", _nothing),
        ("arrows", run_marks, "exit_marks", _nothing),
        ("arrows", contour, "_arrow_marks", _nothing),
        ("graph", graph, "path_marks", _nothing),
        ("graph", graph, "Polyline", _no_mark),
        ("graph", graph, "critical_marks", _nothing),
        ("marks", contour, "critical_marks", _nothing),
        ("single", surface, "box_marks", _nothing),
        ("overlay", page, "curve_marks", _nothing),
        ("rates", page, "colorbar_marks", _nothing),
        ("single", page, "legend_marks", _no_legend),
        ("basins", contour, "_run_marks", _nothing),
        ("basins", contour, "critical_marks", _nothing),
        ("basins", contour, "Image", _no_mark),
        ("basins", page, "basins_marks", _nothing),
        ("basins", page, "legend_marks", _no_legend),
        ("outcomes", sweeps, "Image", _no_mark),
        ("outcomes", sweeps, "_stable_rate_marks", _nothing),
        ("outcomes", page, "outcomes_marks", _nothing),
        ("outcomes", page, "legend_marks", _no_legend),
        ("bifurcation", sweeps, "Image", _no_mark),
        ("bifurcation", sweeps, "_stable_rate_marks", _nothing),
        ("bifurcation", page, "legend_marks", _no_legend),
        ("optimizers", contour, "_run_marks", _nothing),
        ("optimizers", page, "curve_marks", _nothing),
        ("optimizers", curve, "_values", _rates_as_losses),
        ("optimizers", page, "legend_marks", _no_legend),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_what_is_missing_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    module: Any,
    part: str,
    instead: Callable[..., Any],
) -> None:
    """The measure is worth something: without a part, the same picture is far off."""
    monkeypatch.setattr(module, part, instead)
    assert difference(picture(EXPERIMENTS[name]), name) > 3 * TOLERANCE
