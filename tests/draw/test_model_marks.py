"""Models in pictures: they touch the loss, and their minimum is where Newton's step leads."""

from __future__ import annotations

import numpy as np

from sphinx_gdviz.core.experiment import Experiment
from sphinx_gdviz.core.losses.named import find_loss
from sphinx_gdviz.core.options.annotations import read_models
from sphinx_gdviz.draw.drawing import Plot
from sphinx_gdviz.draw.model_marks import LOWEST, NAMES, NEWTON

from .drawing import laid_out, legend_of

LOSS = find_loss("x**2 + y**2 + 2*sin(1.5*(x + y)) + 2")
POINT = (0.5, -0.9)


def test_a_tangent_and_a_quadratic_model_touch_the_curve() -> None:
    loss = find_loss("sin(2*x) + 0.3*x**2")
    models = read_models("tangent at -1; quadratic at -1; chord 0, 1")
    page = laid_out(Experiment(loss, steps=0, models=models, ylim=(-2, 2)))
    (panel,) = page.panels
    plot = Plot(panel.box, *page.result.graph_frame)
    touch = plot.place(np.array([-1.0, float(loss.value((-1.0,)))]))
    for kind in ("tangent", "quadratic"):
        (line,) = panel.lines(NAMES[kind])
        away = np.interp(touch[0], *np.concatenate(list(line.lines)).T) - touch[1]
        assert abs(away) < 0.3
    (chord,) = panel.lines(NAMES["chord"])
    ends = plot.place(np.array([(x, float(loss.value((x,)))) for x in (0.0, 1.0)]))
    np.testing.assert_allclose(chord.lines[0][[0, -1]], ends, atol=0.1)
    assert legend_of(page) == [*NAMES.values(), LOWEST]


def test_the_newton_step_leads_to_the_middle_of_the_models_isolines() -> None:
    models = read_models("quadratic at 0.5, -0.9")
    page = laid_out(Experiment(LOSS, steps=0, views=("contour",), models=models))
    (panel,) = page.panels
    newton = np.array(POINT) - np.linalg.solve(LOSS.hessian(POINT), LOSS.gradient(POINT))
    tip = page.place(panel, newton)
    np.testing.assert_allclose(panel.places(LOWEST), [tip], atol=1e-6)
    (step,) = panel.lines(NEWTON)
    np.testing.assert_allclose(step.lines[0], [page.place(panel, POINT), tip], atol=1e-6)
    (rings,) = panel.lines(NAMES["quadratic"])
    assert len(rings.lines) == 3
    for ring in rings.lines:
        np.testing.assert_allclose((ring.min(axis=0) + ring.max(axis=0)) / 2, tip, atol=0.7)
    outer = np.concatenate(list(rings.lines))
    assert np.hypot(*(outer - page.place(panel, POINT)).T).min() < 4, "through the point"


def test_a_surface_has_a_net() -> None:
    models = read_models("quadratic at 0.5, -0.9")
    page = laid_out(Experiment(LOSS, steps=0, views=("surface",), models=models))
    assert page.panels[0].lines(NAMES["quadratic"])[0].lines
    assert NAMES["quadratic"] in legend_of(page)


def test_a_model_without_a_minimum_has_no_mark_of_one() -> None:
    models = read_models("quadratic at 1, 1; tangent at 0.5, 0.5")
    page = laid_out(Experiment(find_loss("x**2 - y**2"), steps=0, models=models))
    assert legend_of(page) == [NAMES["tangent"], NAMES["quadratic"]]


def test_a_flat_loss_has_no_net() -> None:
    models, flat = read_models("quadratic at end"), find_loss("5")
    page = laid_out(Experiment(flat, views=("surface", "contour"), models=models))
    assert len(page.panels) == 2
