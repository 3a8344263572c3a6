"""The views, a module each."""
