"""The printed and packaged editions of a book: opt-in, and no part of the figure extension."""

ZIP_EPOCH = 315532800
"""1980-01-01, the first moment that a ZIP archive can hold: a date that is no one's clock."""
