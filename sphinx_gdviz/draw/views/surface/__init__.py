"""The view of the loss as a surface."""
