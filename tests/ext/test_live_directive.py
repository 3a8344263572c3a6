"""The directive that a reader copies from a figure in the page."""

from __future__ import annotations

from sphinx_gdviz.ext.builders.live_figure import directive_data


def test_a_directive_has_a_place_for_its_options() -> None:
    options = {"name": "fig-bowl", "lr": "0.1"}
    data = directive_data(options, "A bowl.", is_rst=False)
    assert data == {"text": "```{gdviz-figure}\n{options}\n\nA bowl.\n```\n", "options": options}
    text = directive_data(options, "A bowl.\n\nMore.", is_rst=True)["text"]
    assert text == ".. gdviz-figure::\n   {options}\n\n   A bowl.\n\n   More.\n"


def test_a_caption_with_fences_is_fenced_by_longer_ones() -> None:
    text = directive_data({}, "````\nx\n````", is_rst=False)["text"]
    assert text.startswith("`````{gdviz-figure}\n")
    assert text.endswith("\n`````\n")
