"""Jupyter Book 2 and other books of mystmd: the same directives as in a book of Sphinx.

mystmd runs in Node. Its plugin, ``gdviz.mjs``, declares the directives and asks one long-lived
process of Python for what stands in their place.
"""
