"""Optimizers: update rules, their schedules, and rules written out as statements."""
