"""The Sphinx side: directive, numbers, pictures for each builder."""
