"""What each kind of builder gets for a figure: a picture that it takes, or words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from ..cache import Store
from ..directives.gdviz_figure import SCHEME
from ..domain import GdvizDomain
from .pictures import FORMATS, picture_type

if TYPE_CHECKING:
    pass


class PictureCandidates(SphinxPostTransform):
    """Gives each figure's image the picture that was drawn for this builder."""

    default_priority = 5  # before Sphinx's image transforms, which would look for the scheme

    def run(self, **kwargs: object) -> None:
        store = Store.of(self.env)
        kind = picture_type(GdvizDomain.of(self.env).builder)
        for figure, image in _images(self.document):
            if kind is None:
                image["uri"], image["candidates"] = "", {}
            elif not store.has(figure["experiment"], FORMATS[kind]):
                _put_words(image, "gdviz-mistake")  # it could not be drawn, and that was told
            else:
                path = str(store.path(figure["experiment"], FORMATS[kind]))
                image["uri"], image["candidates"] = path, {kind: path}
                self.env.images.add_file(self.env.docname, path)


class WordsForPictures(SphinxPostTransform):
    """Gives builders of plain text the words that stand for a picture."""

    default_priority = 4
    formats = ("text", "man")

    def run(self, **kwargs: object) -> None:
        for _, image in _images(self.document):
            _put_words(image)


class NaturalWidthInLatex(SphinxPostTransform):
    """Leaves the width of a picture to its file, which was drawn as wide as it is printed."""

    default_priority = 4
    formats = ("latex",)

    def run(self, **kwargs: object) -> None:
        for _, image in _images(self.document):
            image.attributes.pop("width", None)


def _images(document: nodes.document) -> list[tuple[nodes.figure, nodes.image]]:
    """The figures of this extension and their images that still wait for a picture."""
    return [
        (figure, image)
        for figure in document.findall(nodes.figure)
        if "experiment" in figure
        for image in figure.findall(nodes.image)
        if image["uri"].startswith(SCHEME)
    ]


def _put_words(image: nodes.image, *classes: str) -> None:
    words = f"[{image.get('alt', '')}]"
    image.replace_self(nodes.paragraph("", words, classes=list(classes)))
