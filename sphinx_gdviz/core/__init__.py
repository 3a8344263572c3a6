"""The mathematics: NumPy, and neither Matplotlib nor Sphinx."""
