"""SVG: well formed, small, and with colors for dark pages."""

from __future__ import annotations

import base64
import io
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from sphinx_gdviz.core.experiment import MARKS, Experiment
from sphinx_gdviz.core.losses.named import find_loss
from sphinx_gdviz.core.result import run
from sphinx_gdviz.core.views import views_of
from sphinx_gdviz.draw import style
from sphinx_gdviz.draw.figure import draw
from sphinx_gdviz.draw.image import PaletteImage

from .drawing import laid_out, style_of

SVG, XLINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}"
SINGLE = Experiment()
RATES = Experiment(lr=(0.01, 0.1, 0.5))
ALL = Experiment(lr=(0.01, 0.1), views=views_of(2), overlay=True, marks=tuple(MARKS))


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


def uses(root: ET.Element) -> list[tuple[Image.Image, list[float]]]:
    """The images of an SVG where they are seen: left, top, width and height, in points."""
    by_name = {
        f"#{element.attrib['id']}": (image, element)
        for element, image in zip(root.iter(f"{SVG}image"), images(root), strict=True)
    }
    found = []
    for use in root.iter(f"{SVG}use"):
        if use.attrib[f"{XLINK}href"] in by_name:
            image, element = by_name[use.attrib[f"{XLINK}href"]]
            place = [use.attrib["x"], use.attrib["y"]]
            size = [element.attrib["width"], element.attrib["height"]]
            found.append((image, [float(length) / 100 for length in (*place, *size)]))
    return found


def test_an_image_is_there_once_however_many_panels_show_it() -> None:
    assert len(images(svg_of(RATES))) == 1
    assert len(uses(svg_of(RATES))) == 3
    assert len(images(svg_of(SINGLE))) == len(uses(svg_of(SINGLE))) == 2


def test_an_image_is_packed_once_however_many_panels_show_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    packed, png = [], PaletteImage.png

    def count(image: PaletteImage) -> bytes:
        packed.append(image)
        return png(image)

    monkeypatch.setattr(PaletteImage, "png", count)
    svg_of(RATES)
    assert len(packed) == 1


@pytest.mark.parametrize("experiment", [SINGLE, RATES], ids=["single", "rates"])
def test_images_have_the_pixels_that_were_laid_out_and_are_where_panels_are(
    experiment: Experiment,
) -> None:
    drawn = [image for panel in laid_out(experiment).panels for image in panel.images]
    for mark, (image, box) in zip(drawn, uses(svg_of(experiment)), strict=True):
        assert image.mode == "P", "it has a palette"
        np.testing.assert_allclose(box, mark.box, atol=0.01)
        pixels, expected = np.asarray(image.convert("RGBA")), mark.render(192.0).pixels
        seen = expected[..., 3] > 0
        np.testing.assert_array_equal(pixels[..., 3] > 0, seen)
        np.testing.assert_array_equal(pixels[seen], expected[seen])


def test_images_of_more_colors_are_whole_too() -> None:
    experiment = Experiment(levels=60, views=("surface",))
    (image,) = images(svg_of(experiment))
    expected = laid_out(experiment).panels[0].images[0].render(192.0).pixels
    seen = expected[..., 3] > 0
    assert len(np.unique(expected[seen], axis=0)) > 256
    np.testing.assert_array_equal(np.asarray(image.convert("RGBA"))[seen], expected[seen])


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


def test_there_is_a_rule_for_every_ink() -> None:
    data = draw(run(SINGLE), ["svg"])["svg"].decode()
    (rules,) = re.findall(r"@media \(prefers-color-scheme:dark\)\{(.*?\})\}", data)
    body = data.split("</defs>", 1)[1]
    for color in ("#222222", "#ffffff", "#b8b8b8", "#f4f4f4"):
        assert color in style.settings().values()
        for part in ("fill", "stroke"):
            assert (f'[{part}="{color}"]' in rules) == (f'{part}="{color}"' in body)
    assert 'fill="#222222"' in body
    assert 'stroke="#222222"' in body
    assert 'fill="#ffffff"' in body


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


def test_no_rule_stands_for_what_is_not_there() -> None:
    """Rules are of the page's colors alone, and of those that a figure has."""
    data = draw(run(Experiment(views=("loss",), steps=3)), ["svg"])["svg"].decode()
    assert "#f4f4f4" not in data, "the color of walls, where there are none"


TITLES = (
    "a & b < c > d",
    "\"quoted\" 'twice'",
    "&amp; &#1; ]]> <!--",
    "\x01 \x0b \x1f \x7f \ufffe",
)


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("fonttype", ["path", "none"])
@pytest.mark.filterwarnings("ignore:Glyph")
def test_it_is_well_formed_whatever_a_title_says(title: str, fonttype: str) -> None:
    sheet = style_of(f"svg.fonttype: {fonttype}")
    experiment = Experiment(views=("contour",), steps=3, titles=(title,), style=sheet)
    texts = ["".join(text.itertext()) for text in svg_of(experiment).iter(f"{SVG}text")]
    if fonttype == "none":
        shown = re.sub("[\x01\x7f\ufffe]", "\N{REPLACEMENT CHARACTER}", " ".join(title.split()))
        assert shown in " ".join(texts)
