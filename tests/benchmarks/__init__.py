"""What a build costs, against other ways to have the same figures: `python -m tests.benchmarks`."""
