"""Losses: formulas, named functions, and regression on an author's data."""
