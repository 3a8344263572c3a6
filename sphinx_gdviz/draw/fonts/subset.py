"""Make the font again: ``python -m sphinx_gdviz.draw.fonts``."""

from . import PATH, make

make(PATH)
