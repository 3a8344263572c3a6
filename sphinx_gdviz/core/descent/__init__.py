"""Runs of gradient descent, what they did, critical points, and maps of many runs."""
