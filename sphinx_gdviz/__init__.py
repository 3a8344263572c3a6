"""Gradient descent in a Sphinx book: run once at build time, drawn in every edition."""
