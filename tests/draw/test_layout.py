"""The page: nothing is cut off, and nothing stands on something else."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest

from sphinx_gdviz.core.descent.maps import Axis
from sphinx_gdviz.core.experiment import Experiment
from sphinx_gdviz.core.losses.named import find_loss
from sphinx_gdviz.core.methods.schedules import find_schedule
from sphinx_gdviz.core.views import views_of

from .drawing import Page, extent, laid_out, optimizers, overlap, style_of

ALL = views_of(2)

ROSENBROCK = "(1-x)**2 + 100*(y-x**2)**2"
LONG = tuple(f"A rather long title of panel {k}: $x^2 + y^2$, once more" for k in range(12))


def faults(page: Page) -> tuple[list[str], list[tuple[str, str]], list[str]]:
    """Texts that are cut off, that stand on each other, and that stand on a plot."""
    found = [(text.layout.text, extent(text)) for text in page.texts]
    cut_off = [
        text
        for text, box in found
        if min(box.left, box.top) < 0
        or box.right > page.drawing.width
        or box.bottom > page.drawing.height
    ]
    overlapping = [
        (text, other) for (text, a), (other, b) in combinations(found, 2) if overlap(a, b) > 0
    ]
    on_plots = [
        text.layout.text
        for part in page.parts
        for text in page.texts
        # The numbers of a surface may stand in the corners of the box that it is drawn in.
        if overlap(extent(text), part.box) > 0 and not (part.is_surface and text in part.marks)
    ]
    return cut_off, overlapping, on_plots


@pytest.mark.parametrize("views", [("contour",), ("surface",), ("loss",), ("arrows", "gradient")])
@pytest.mark.parametrize("count", range(1, 13))
def test_panels_of_any_number_stay_inside_the_page_and_apart(
    count: int, views: tuple[str, ...]
) -> None:
    rates = tuple(0.01 * (k + 1) for k in range(count))
    panels = len(Experiment(lr=rates, views=views).panels)
    titles = tuple(f"A title that is rather long, number {k}"[:24] for k in range(panels))
    page = laid_out(Experiment(lr=rates, views=views, titles=titles, steps=3))
    assert len(page.panels) == panels
    for box in (part.box for part in page.parts):
        assert 0 <= box.left <= box.right <= page.drawing.width
        assert 0 <= box.top <= box.bottom <= page.drawing.height
    for one, other in combinations(page.parts, 2):
        assert overlap(one.box, other.box) <= 1e-6


@pytest.mark.parametrize(
    "experiment",
    [
        Experiment(),
        Experiment(width="3in"),
        Experiment(width="30%"),
        Experiment(lr=(0.01, 0.1, 0.5), views=ALL, overlay=True),
        Experiment(lr=tuple(0.01 * (k + 1) for k in range(12)), titles=LONG, steps=2),
        Experiment(
            lr=tuple(0.01 * (k + 1) for k in range(12)), views=("surface",), titles=LONG, steps=2
        ),
        Experiment(loss=find_loss("1e-12*(x**2 + y**2)"), lr=(1e11,), views=ALL),
        Experiment(loss=find_loss("1e-12*(x**2 + y**2)"), views=ALL),
        Experiment(loss=find_loss("1e12*(x**2 + y**2)"), lr=(1e-13,), views=ALL),
        Experiment(loss=find_loss("1e6 + x**2 + y**2"), views=ALL),
        Experiment(loss=find_loss(f"1e12*({ROSENBROCK})"), lr=(1e-15,), views=ALL),
        Experiment(
            loss=find_loss(ROSENBROCK),
            lr=(1e-3,),
            start=((-1.5, 1.5),),
            steps=500,
            views=ALL,
        ),
        Experiment(loss=find_loss("x**64 + y**2"), steps=5, views=ALL),
        Experiment(
            loss=find_loss("x**2 - y**2"), lr=(0.1, 0.9, 1.2), steps=400, views=("loss", "gradient")
        ),
        Experiment(lr=(1e300,), steps=5, views=ALL),
        Experiment(xlim=(-0.001, 0.001), ylim=(100.0, 1000.0), start=((0.0, 200.0),), views=ALL),
        Experiment(lr=(0.01, 0.1, 0.3), xlim=(-0.002, 0.002), ylim=(-2000, 2000), steps=3),
        Experiment(xlim=(0, 1e-9), ylim=(-1e9, 1e9), start=((0.0, 0.0),)),
        *(
            Experiment(
                loss=find_loss("(x - 1e6)**2 + y**2"),
                xlim=(999999, 1000001),
                ylim=(-2000, 2000),
                start=((1000000.5, 1500.0),),
                camera=camera,
            )
            for camera in (None, (-15.0, 30.0), (90.0, 85.0))
        ),
        Experiment(views=("surface",), camera=(0.0, 90.0)),
        Experiment(views=("surface",), camera=(-90.0, 5.0)),
        Experiment(views=("surface",), camera=(30.0, 40.0)),
        Experiment(views=("surface",), camera=(135.0, 25.0)),
        Experiment(start=((1.5, 1.5), (-1.5, 1.5), (1.5, -1.5)), lr=(0.01, 0.1, 0.3), overlay=True),
    ],
    ids=lambda e: (
        f"{e.loss.description[:14]} {e.lr[0]:.3g} {e.width} {e.camera} {e.frame[0][0]} "
        f"{len(e.titles)}"
    ),
)
@pytest.mark.usefixtures("coarse")
def test_no_text_is_cut_off_or_stands_on_another(experiment: Experiment) -> None:
    assert faults(laid_out(experiment)) == ([], [], [])


@pytest.mark.parametrize("size", [6, 9, 12, 15])
@pytest.mark.parametrize(
    "experiment",
    [
        Experiment(lr=(0.02, 0.1, 0.3)),
        Experiment(lr=(0.02, 0.1, 0.3), views=("surface", "contour", "loss"), overlay=True),
    ],
    ids=["rates", "overlay"],
)
def test_rooms_go_with_the_size_of_the_font(experiment: Experiment, size: int) -> None:
    """Nothing is cut off and nothing stands on another text, whatever the size of the letters."""
    page = laid_out(replace(experiment, style=style_of(f"font.size: {size}")))
    assert faults(page) == ([], [], [])


MAPS: tuple[str, ...] = ("outcomes", "bifurcation", "basins")
MANY = optimizers("momentum(momentum=0.5)", "momentum(momentum=0.95)", "adam(beta1=0.8, lr=0.02)")
STARTS = ((1.5, 1.5), (-1.25, 1.125), (1.0, -1.875))
SWEEPS = {
    "usual": (),
    "decades": (Axis("lr", 1e-6, 1e3, log=True),),
    "all decades": (Axis("lr", 1e-14, 1e14, log=True), Axis("x", -2.0, 2.0)),
    "narrow": (Axis("lr", 0.1, 0.11, log=True), Axis("y", 0.1, 0.11)),
    "half a decade": (Axis("lr", 0.02, 0.09, log=True),),
    "narrower": (Axis("lr", 0.1, 0.1001), Axis("x", 1.0, 1.00001)),
    "tiny": (Axis("lr", 1e-9, 9e-9),),
    "large": (Axis("x", -123456.0, -12345.0), Axis("lr", 10.0, 12345.0, log=True)),
    "negative": (Axis("x", -1.75, -0.25), Axis("y", -2.5, -0.125)),
}


@pytest.mark.parametrize("width", ["25%", "50%", "100%"])
@pytest.mark.parametrize("name", SWEEPS)
@pytest.mark.usefixtures("coarse")
def test_maps_of_many_runs_have_room_for_what_is_written(name: str, width: str) -> None:
    experiment = Experiment(views=MAPS, sweep=SWEEPS[name], width=width, steps=20)
    assert faults(laid_out(experiment)) == ([], [], [])


@pytest.mark.parametrize("size", [6, 9, 12, 15])
@pytest.mark.parametrize(
    "experiment",
    [
        Experiment(views=MAPS),
        Experiment(views=("bifurcation",), sweep=SWEEPS["decades"]),
        Experiment(views=("basins", "outcomes"), width="66%"),
        Experiment(views=("rate", "outcomes"), schedule=find_schedule("cosine(warmup=5)")),
    ],
    ids=lambda e: ", ".join(e.views),
)
@pytest.mark.usefixtures("coarse")
def test_maps_have_room_for_letters_of_any_size(experiment: Experiment, size: int) -> None:
    page = laid_out(replace(experiment, style=style_of(f"font.size: {size}"), steps=20))
    assert faults(page) == ([], [], [])


@pytest.mark.parametrize("width", ["25%", "40%", "66%", "100%"])
@pytest.mark.parametrize(
    "experiment",
    [
        Experiment(views=("basins",), lr=tuple(0.05 * (k + 1) for k in range(12))),
        Experiment(views=("basins",), optimizers=MANY, start=STARTS),
        Experiment(views=("contour", "basins", "rate"), optimizers=MANY, overlay=True),
        Experiment(views=("outcomes", "rate"), optimizers=MANY, start=STARTS),
        Experiment(
            views=("outcomes",),
            optimizers=optimizers("momentum", "nesterov"),
            sweep=(Axis("momentum", 0.0, 0.99), Axis("lr", 1e-4, 10.0, log=True)),
            lr=(0.1, 0.25, 0.5),
        ),
        Experiment(views=("bifurcation",), optimizers=MANY, lr=(0.1, 0.2)),
    ],
    ids=lambda e: f"{', '.join(e.views)} {len(e.optimizers)}",
)
@pytest.mark.usefixtures("coarse")
def test_many_panels_and_long_names_fit(experiment: Experiment, width: str) -> None:
    assert faults(laid_out(replace(experiment, width=width, steps=10))) == ([], [], [])


@pytest.mark.parametrize("schedule", ["constant", "cosine(warmup=5)", "step(every=7)"])
@pytest.mark.parametrize("lr", [(1e-12,), (1e12,), (1e-12, 1e12), (0.1, 0.3), (1e-5,)])
def test_numbers_of_rates_fit(lr: tuple[float, ...], schedule: str) -> None:
    shown = Experiment(views=("loss", "rate"), lr=lr, schedule=find_schedule(schedule), steps=40)
    assert faults(laid_out(shown)) == ([], [], [])
