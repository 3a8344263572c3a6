"""What a page needs to show a figure alive, against the picture of it."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest
from PIL import Image

from sphinx_gdviz.core.descent.maps import Axis
from sphinx_gdviz.core.experiment import Experiment
from sphinx_gdviz.core.losses.base import FormulaLoss
from sphinx_gdviz.core.losses.named import find_loss
from sphinx_gdviz.core.methods.optimizer import find_optimizer
from sphinx_gdviz.core.result import run
from sphinx_gdviz.draw.figure import draw

AXES = (Axis("lr", 0.01, 1.1), Axis("y", -2.0, 2.0))


@pytest.mark.parametrize("optimizers", [("gd",), ("momentum", "nesterov")])
def test_maps_are_where_they_are_drawn(optimizers: tuple[str, ...]) -> None:
    experiment = Experiment(
        optimizers=tuple(map(find_optimizer, optimizers)),
        views=("outcomes", "contour"),
        sweep=AXES,
        steps=20,
    )
    files = draw(run(experiment), ["png", "json"])
    maps = json.loads(files["json"])["maps"]
    assert [each["run"] for each in maps] == [*range(len(optimizers))]
    assert [axis["name"] for axis in maps[0]["axes"]] == ["lr", "y"]
    pixels = np.asarray(Image.open(io.BytesIO(files["png"])).convert("RGB")).astype(int)
    size = np.array(pixels.shape[1::-1])
    for each in maps:
        left, top, width, height = each["place"]
        corners = np.array([(left, top), (left + width, top + height)]) * size
        (x0, y0), (x1, y1) = np.round(corners).astype(int)
        edge = 4  # pixels of the frame's line, and of what smooths it
        inside = [pixels[y, x] for y in (y0 + edge, y1 - edge) for x in (x0 + edge, x1 - edge)]
        assert all(np.ptp(color) > 8 for color in inside), "a map has colors everywhere"
        middle = (y0 + y1) // 2, (x0 + x1) // 2
        outside = [(y0 - edge, middle[1]), (y1 + edge, middle[1])]
        outside += [(middle[0], x0 - edge), (middle[0], x1 + edge)]
        assert all(np.ptp(pixels[place]) <= 8 for place in outside), "paper or a tick"


def test_a_figure_of_maps_alone_shows_a_run() -> None:
    result = run(Experiment(views=("bifurcation",), sweep=AXES[:1], steps=20))
    data = json.loads(draw(result, ["json"])["json"])
    assert data["panels"] == [{"view": "contour", "title": "", "runs": [0]}]
    assert [len(each["axes"]) for each in data["maps"]] == [1]


def test_parameters_have_their_names() -> None:
    loss = FormulaLoss("b**2 + phi0**2", parameters=("phi0", "b"))
    axes = (Axis("b", 0.0, 1.0), Axis("lr", 0.1, 0.2))
    result = run(Experiment(loss=loss, views=("outcomes",), sweep=axes, steps=2))
    data = json.loads(draw(result, ["json"])["json"])
    assert data["loss"]["parameters"] == ["phi0", "b"]
    assert data["loss"]["symbols"] == ["φ₀", "b"]
    assert [axis["name"] for axis in data["maps"][0]["axes"]] == ["y", "lr"]


def test_scale_and_colors_are_those_of_the_picture() -> None:
    experiment = Experiment(loss=find_loss("himmelblau"), start=((0.0, 0.0),), steps=5)
    result = run(experiment)
    data = json.loads(draw(result, ["json"])["json"])
    scale = result.scale
    expected = {"low": scale.low, "high": scale.high, "linearThreshold": scale.linear_threshold}
    assert data["scale"] == pytest.approx(expected, rel=1e-12)
    colors = [[int(color[i : i + 2], 16) for i in (1, 3, 5)] for color in data["palette"]]
    ends = [[86.8, 26.6, 101.1], [253.5, 233.5, 58.5]]
    assert np.abs(np.array([colors[0], colors[-1]]) - ends).max() <= 1
    assert np.abs(np.array(colors[len(colors) // 3]) - [67.7, 122.4, 153.3]).max() <= 3
