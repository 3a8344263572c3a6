"""SVG: well formed, small, and with colors for dark pages."""

from __future__ import annotations

import base64
import io
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from sphinx_gdviz.core.experiment import MARKS, VIEWS, Experiment
from sphinx_gdviz.core.losses.named import find_loss
from sphinx_gdviz.core.result import run
from sphinx_gdviz.draw import style
from sphinx_gdviz.draw.figure import draw

from .drawing import laid_out, style_of

SVG, XLINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}"
SINGLE = Experiment()
RATES = Experiment(lr=(0.01, 0.1, 0.5))
ALL = Experiment(lr=(0.01, 0.1), views=tuple(VIEWS), overlay=True, marks=tuple(MARKS))


def svg_of(experiment: Experiment) -> ET.Element:
    return ET.fromstring(draw(run(experiment), ["svg"])["svg"])


def images(root: ET.Element) -> list[Image.Image]:
    found = []
    for element in root.iter(f"{SVG}image"):
        data = element.attrib[f"{XLINK}href"].removeprefix("data:image/png;base64,")
        found.append(Image.open(io.BytesIO(base64.b64decode(data))))
    return found


@pytest.mark.parametrize("experiment", [SINGLE, RATES, ALL], ids=["single", "rates", "all"])
def test_ids_are_unique_and_references_lead_somewhere(experiment: Experiment) -> None:
    root = svg_of(experiment)
    ids = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids)), "an id twice is no valid SVG"
    text = ET.tostring(root, encoding="unicode")
    targets = re.findall(r'href="#([^"]+)"', text) + re.findall(r"url\(#([^)]+)\)", text)
    assert targets
    assert set(targets) <= set(ids)
    assert "image-place" not in text, "no place without its image"


def test_an_image_is_there_once_however_many_panels_show_it() -> None:
    assert len(images(svg_of(RATES))) == 1
    assert len(images(svg_of(SINGLE))) == 2
    uses = svg_of(RATES).iter(f"{SVG}use")
    assert sum(use.attrib[f"{XLINK}href"].startswith("#image") for use in uses) == 2


def test_images_have_a_palette_and_the_pixels_that_were_laid_out() -> None:
    drawn = [axes.images[0] for axes in laid_out(SINGLE).axes if axes.images]
    packed = images(svg_of(SINGLE))
    assert len(drawn) == len(packed) == 2
    for artist, image in zip(drawn, packed, strict=True):
        assert image.mode == "P"
        pixels = np.asarray(image.convert("RGBA"))[::-1]
        expected = np.asarray(artist.get_array())
        seen = expected[..., 3] > 0
        np.testing.assert_array_equal(pixels[..., 3] > 0, seen)
        np.testing.assert_array_equal(pixels[seen], expected[seen])


def test_images_of_more_colors_are_whole_too() -> None:
    experiment = Experiment(levels=60, views=("surface",))
    (image,) = images(svg_of(experiment))
    expected = np.asarray(laid_out(experiment).axes[0].images[0].get_array())
    seen = expected[..., 3] > 0
    assert len(np.unique(expected[seen], axis=0)) > 256
    np.testing.assert_array_equal(np.asarray(image.convert("RGBA"))[::-1][seen], expected[seen])


@pytest.mark.parametrize(
    "experiment",
    [
        Experiment(views=("bifurcation",)),
        Experiment(views=("outcomes", "basins")),
        Experiment(loss=find_loss("log(x) + y**2"), views=("contour", "surface"), steps=3),
        Experiment(loss=find_loss("log(x) + y**2"), views=("contour",), levels=3, steps=3),
    ],
    ids=lambda e: f"{e.views} {e.contours}",
)
@pytest.mark.usefixtures("coarse")
def test_no_pixel_has_a_number_beyond_its_palette(experiment: Experiment) -> None:
    """It would be no valid PNG, and each reader of it shows something else there."""
    found = images(svg_of(experiment))
    assert found
    for image in found:
        palette = image.getpalette()
        assert palette
        assert np.asarray(image).max() < len(palette) // 3


@pytest.mark.parametrize("experiment", [SINGLE, RATES], ids=["single", "rates"])
def test_images_are_where_the_panels_are(experiment: Experiment) -> None:
    """Every map fills its panel, to a tenth of a point."""
    figure = laid_out(experiment)
    root = svg_of(experiment)
    height = float(root.attrib["viewBox"].split()[3])
    panels = [axes for axes in figure.axes if axes.images]
    expected = []
    for axes in panels:
        left, right, bottom, top = axes.images[0].get_extent()
        corners = axes.transData.transform([(left, bottom), (right, top)]) / figure.dpi * 72
        expected.append((corners[0, 0], height - corners[1, 1], *(corners[1] - corners[0])))
    boxes, by_name = [], {}
    for element in root.iter():
        if element.tag == f"{SVG}image":
            box = [float(element.attrib[name]) for name in ("x", "y", "width", "height")]
            by_name["#" + element.attrib["id"]] = box
            boxes.append(box)
        elif element.tag == f"{SVG}use" and "image" in element.attrib[f"{XLINK}href"]:
            moved = re.fullmatch(r"translate\((\S+) (\S+)\)", element.attrib["transform"])
            assert moved
            x, y, across, up = by_name[element.attrib[f"{XLINK}href"]]
            boxes.append([x + float(moved[1]), y + float(moved[2]), across, up])
    np.testing.assert_allclose(sorted(map(tuple, boxes)), sorted(expected), atol=0.1)


def test_a_saved_svg_leaves_the_figure_as_it_was() -> None:
    """The PNG that is saved after it still has its images."""
    together = draw(run(SINGLE), ["svg", "png"])["png"]
    canvas = FigureCanvasAgg(laid_out(SINGLE))
    canvas.draw()
    assert together == draw(run(SINGLE), ["png"])["png"]
    assert np.asarray(Image.open(io.BytesIO(together)).convert("RGB")).std() > 30


def test_there_is_a_rule_for_every_ink() -> None:
    data = draw(run(SINGLE), ["svg"])["svg"].decode()
    (rules,) = re.findall(r"@media \(prefers-color-scheme:dark\)\{(.*?\})\}", data)
    for color in ("#222222", "#ffffff", "#b8b8b8", "#f4f4f4"):
        assert color in style.settings().values()
        for part in ("fill", "stroke"):
            assert f'[style*="{part}: {color}"]' in rules
    # The rules find what they are for.
    body = data.split("</defs>", 1)[1]
    assert "fill: #222222" in body
    assert "stroke: #222222" in body
    assert "fill: #ffffff" in body


@pytest.mark.parametrize("sheet", ["grayscale", "classic", "text.color: black"])
def test_no_ink_of_a_sheet_is_without_a_rule(sheet: str) -> None:
    data = draw(run(Experiment(style=style_of(sheet), views=("contour",), steps=3)), ["svg"])[
        "svg"
    ].decode()
    assert "prefers-color-scheme:dark" in data
    ET.fromstring(data)


def test_a_dark_sheet_stays_as_it_is() -> None:
    """It is meant for dark pages; turned round it would be light on them."""
    data = draw(run(Experiment(style="dark_background", steps=3)), ["svg"])["svg"]
    assert b"prefers-color-scheme" not in data
    assert b"#f4f4f4" not in data, "the panes are as dark as the paper"
