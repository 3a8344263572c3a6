"""The reader's figure: a page's interactive version of a figure, written in TypeScript.

What a page holds of a figure is described by ``src/types.ts``; ``src/engine`` runs descents, as
:mod:`sphinx_gdviz.core` does.
"""
