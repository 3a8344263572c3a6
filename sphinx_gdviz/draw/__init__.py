"""The pictures: Matplotlib draws what the core has computed. Knows nothing of Sphinx."""
