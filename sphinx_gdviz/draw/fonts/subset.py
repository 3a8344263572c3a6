"""Make the font again: ``python -m sphinx_gdviz.draw.fonts.subset``."""

from . import PATH, make

make(PATH)
