"""The printed and packaged editions of a book: opt-in, and no part of the figure extension."""
