"""The mathematics: NumPy and SymPy, and neither Matplotlib nor Sphinx."""
