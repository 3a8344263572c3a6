"""The style: what an author may override, and runs that are told apart."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import combinations, pairwise

import matplotlib as mpl
import matplotlib.style
import numpy as np
import pytest
from matplotlib.colors import to_rgb

from sphinx_gdviz.core.descent.maps import Axis
from sphinx_gdviz.core.descent.verdict import KINDS
from sphinx_gdviz.core.experiment import Experiment
from sphinx_gdviz.core.result import run
from sphinx_gdviz.draw import style
from sphinx_gdviz.draw.drawing import Marker, Polyline
from sphinx_gdviz.draw.figure import draw
from sphinx_gdviz.draw.style import run_style, settings
from sphinx_gdviz.messages import GdvizError

from .drawing import laid_out, style_of

SHORT = Experiment(views=("contour", "loss"), steps=3)


def styled(sheet: str) -> Experiment:
    return Experiment(views=SHORT.views, steps=SHORT.steps, style=style_of(sheet))


def luminance(color: str) -> float:
    """Relative luminance, as WCAG 2 defines it."""
    channels = np.array(to_rgb(color))
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(one: str, other: str) -> float:
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


def test_settings_are_ours_over_matplotlibs_never_a_machines() -> None:
    with mpl.rc_context({"font.size": 30, "lines.color": "red"}):
        plain = settings()
    assert plain["font.size"] == style.RC["font.size"]
    assert plain["lines.color"] == mpl.rcParamsDefault["lines.color"]
    assert set(plain) == set(mpl.rcParamsDefault)


def test_a_sheet_overrides_the_colors_of_losses() -> None:
    def colors(experiment: Experiment) -> np.ndarray:
        (image,) = laid_out(experiment).panels[0].images
        return image.render(300.0).pixels[..., :3].astype(int)

    assert np.ptp(colors(styled("image.cmap: gray")), axis=-1).max() == 0
    assert np.ptp(colors(SHORT), axis=-1).max() > 50


@pytest.mark.parametrize("key", ["axes.titlesize", "axes.labelsize", "xtick.labelsize"])
def test_a_sheet_overrides_the_size_of_text(key: str) -> None:
    def sizes(experiment: Experiment) -> set[float]:
        return {text.size for text in laid_out(experiment).panels[0].texts}

    assert 6.25 in sizes(styled(f"{key}: 6.25"))
    assert 6.25 not in sizes(SHORT)


def test_a_sheet_sets_all_text_larger() -> None:
    """Sizes that are not set by themselves follow the one that Matplotlib derives them from."""

    def sizes(experiment: Experiment) -> list[float]:
        return [text.size for text in laid_out(experiment).texts]

    usual = Experiment(views=("contour",), steps=3)
    larger = Experiment(views=("contour",), steps=3, style=style_of("font.size: 10"))
    for one, other in zip(sizes(usual), sizes(larger), strict=True):
        assert other > 1.2 * one


def test_a_sheet_sets_the_width_of_a_page() -> None:
    assert laid_out(styled("figure.figsize: 7, 2")).drawing.width == 7 * 72
    assert laid_out(SHORT).drawing.width == 5.5 * 72


@pytest.mark.parametrize("name", ["classic", "seaborn-v0_8-poster", "ggplot"])
def test_iterates_stay_smaller_than_what_stands_out(name: str) -> None:
    """Sheets for scatter plots have large markers, which would hide a path and its ends."""
    experiment = Experiment(lr=(0.05, 0.2), overlay=True, style=name)
    (panel, *_) = laid_out(experiment).panels
    sizes = {name: max(m.size for m in panel.markers(name)) for name in ("Steps", "Start", "End")}
    assert sizes["Steps"] < min(sizes["Start"], sizes["End"])


@pytest.mark.parametrize(
    ("sheet", "color"),
    [
        ("classic", "#ffffff"),
        ("ggplot", "#ffffff"),
        ("figure.facecolor: yellow", "#ffff00"),
        ("dark_background", "#000000"),
    ],
)
def test_paper_is_of_the_color_that_a_sheet_saves_files_with(sheet: str, color: str) -> None:
    """That of a figure in a window is another in some."""
    experiment = styled(sheet)
    assert laid_out(experiment).drawing.background == color
    svg = ET.fromstring(draw(run(experiment), ["svg"])["svg"])
    (paper, *_) = svg.iter("{http://www.w3.org/2000/svg}rect")
    assert paper.attrib["fill"] == color


@pytest.mark.parametrize("name", matplotlib.style.available)
def test_every_sheet_of_matplotlib_works(name: str) -> None:
    files = draw(run(styled(name)), ["svg", "pdf"])
    assert all(len(data) > 10_000 for data in files.values())


@pytest.mark.parametrize(
    "sheet",
    [
        "pdf.fonttype: 3",
        "xtick.labelsize: small\nytick.labelsize: x-small\nlegend.fontsize: medium",
        "axes.titlesize: large\naxes.labelsize: smaller",
        "font.family: serif",
        "axes.prop_cycle: cycler('linestyle', ['-', '--'])",
    ],
)
def test_sheets_of_other_kinds_work(sheet: str) -> None:
    assert len(draw(run(styled(sheet)), ["pdf"])["pdf"]) > 10_000


def test_text_may_stay_text_in_an_svg() -> None:
    def texts(experiment: Experiment) -> list[str]:
        root = ET.fromstring(draw(run(experiment), ["svg"])["svg"])
        return ["".join(text.itertext()) for text in root.iter("{http://www.w3.org/2000/svg}text")]

    assert texts(SHORT) == []
    assert {"Contours", "Start", "Loss", "−2"} <= set(texts(styled("svg.fonttype: none")))


def test_text_of_an_svg_names_its_fonts() -> None:
    """A generic family is a word of CSS; in quotes it would be the name of a font."""
    sheet = "svg.fonttype: none\nfont.family: DejaVu Serif, serif"
    svg = draw(run(styled(sheet)), ["svg"])["svg"].decode()
    assert set(re.findall(r'font-family="([^"]*)"', svg)) == {"'DejaVu Serif', serif"}


@pytest.mark.parametrize(
    ("sheet", "said"),
    [
        ("no-such-sheet", "no-such-sheet"),
        ("no.such.setting: 3", "no.such.setting"),
        ("font.size: big", "font.size"),
        ("figure.figsize: 5", "figure.figsize"),
        ("axes.prop_cycle: __import__('os')", "axes.prop_cycle"),
        ("image.cmap: no-such-map", "image.cmap"),
        ("lines.linewidth: -1", "lines.linewidth"),
        ("axes.prop_cycle: cycler('color', [])", "axes.prop_cycle"),
    ],
)
def test_mistakes_are_named(sheet: str, said: str) -> None:
    with pytest.raises(GdvizError, match=re.escape(said)) as caught:
        settings(style_of(sheet))
    assert "\n" not in str(caught.value)


def test_runs_are_told_apart_three_times_over() -> None:
    with mpl.rc_context(settings()):
        styles = [run_style(index) for index in range(24)]
    for one, other in combinations(styles, 2):
        assert one != other
    for one, other in combinations(styles[:4], 2):
        assert one.color != other.color
        assert one.dashes != other.dashes
        assert one.marker != other.marker
    for one, other in pairwise(styles):
        assert one.color != other.color
        assert one.dashes != other.dashes
        assert one.marker != other.marker


def test_twenty_runs_are_told_apart_without_color() -> None:
    with mpl.rc_context(settings()):
        looks = {(str(run_style(k).dashes), run_style(k).marker) for k in range(20)}
    assert len(looks) == 20


def test_a_run_looks_the_same_in_every_panel_and_unlike_the_others() -> None:
    experiment = Experiment(lr=(0.01, 0.1, 0.3), overlay=True, views=("contour", "loss"))
    page = laid_out(experiment)
    contour, loss = page.panels
    paths = contour.lines("Steps")
    curves = [mark for mark in loss.marks if isinstance(mark, Polyline) and mark.clip]
    named = [sample for _, samples in page.legend[:3] for sample in samples]
    samples = [sample for sample in named if isinstance(sample, Polyline)]
    for lines in (paths, curves, samples):
        assert [line.color for line in lines] == [path.color for path in paths]
        assert [line.dashes for line in lines] == [path.dashes for path in paths]
    for markers in (
        contour.markers("Steps"),
        [mark for mark in loss.marks if isinstance(mark, Marker)],
        [sample for sample in named if isinstance(sample, Marker)],
    ):
        assert [mark.color for mark in markers] == [path.color for path in paths]
        assert len({mark.shape for mark in markers}) == 3
    assert len({line.color for line in paths}) == len({line.dashes for line in paths}) == 3


def test_a_path_stands_out_from_its_casing_in_grey_too() -> None:
    """WCAG asks for a contrast of three to one of graphical objects."""
    with mpl.rc_context(settings()):
        for index in range(6):
            assert contrast(run_style(index).color, style.CASING) >= 3
    assert contrast(style.START, style.CASING) >= 3
    assert contrast(style.MARK, style.FIELD) >= 3


def test_ink_turns_light_and_paper_dark() -> None:
    with mpl.rc_context(settings()):
        turned = style.dark_colors()
        inks = {name: mpl.colors.to_hex(mpl.rcParams[name]) for name in style.PAGE_COLORS}
    assert set(turned) == set(inks.values())
    paper = turned[inks["figure.facecolor"]]
    assert luminance(paper) < 0.02
    for key, color in inks.items():
        if key in ("text.color", "axes.labelcolor", "axes.edgecolor", "xtick.color"):
            assert contrast(turned[color], paper) >= 7
    kept = [run_style(0).color, style.CASING, style.FIELD, style.MARK, style.START]
    assert not set(kept) & set(turned), "what is drawn over the loss stays as it is"


def lightness(color: str) -> float:
    """From 0 for black to 100 for white, in even steps for the eye: L* of CIELAB."""
    return float(116 * np.cbrt(luminance(color)) - 16)


def test_verdicts_are_told_apart_in_a_grey_print() -> None:
    """A step of 5 in L* is seen at a glance between areas that touch; here it is twice that."""
    greys = sorted(lightness(color) for color in style.KIND_COLORS.values())
    assert set(style.KIND_COLORS) == set(KINDS)
    assert np.diff(greys).min() >= 9.5
    assert lightness(style.UNSETTLED) > 90 > 60 > lightness(style.DIVERGED)


def test_basins_are_light_enough_for_what_is_drawn_on_them() -> None:
    for color in (*style.BASINS, style.UNSETTLED):
        assert contrast(style.MARK, color) >= 7
        with mpl.rc_context(settings()):
            assert contrast(run_style(0).color, color) >= 1.8, "besides its casing"
    for one, other in combinations((*style.BASINS, style.UNSETTLED, style.DIVERGED), 2):
        assert np.abs(np.subtract(to_rgb(one), to_rgb(other))).max() * 255 >= 19


@pytest.mark.parametrize("sheet", ["", "grayscale", "ggplot", "seaborn-v0_8", "text.color: black"])
def test_colors_of_maps_stay_on_a_dark_page(sheet: str) -> None:
    with mpl.rc_context(settings(style_of(sheet))):
        turned = set(style.dark_colors())
    kept = {*style.BASINS, style.UNSETTLED, style.DIVERGED, *style.KIND_COLORS.values()}
    assert turned
    assert not turned & kept


@pytest.mark.usefixtures("coarse")
def test_an_svg_of_maps_has_their_colors_and_rules_for_the_ink() -> None:
    experiment = Experiment(
        views=("basins", "outcomes", "bifurcation"), lr=(0.15,), sweep=(Axis("lr", 0.02, 1.5),)
    )
    svg = draw(run(experiment), ["svg"])["svg"].decode()
    rules, _, body = svg.partition("</defs>")
    for color in (*style.BASINS[:2], style.KIND_COLORS["converged"]):
        assert f'fill="{color}"' in body
        assert color not in rules
    assert '[stroke="#222222"]{stroke:' in rules
