"""What a build costs, against other ways to have the same figures, and what its reader pays.

`python -m tests.benchmarks`
"""
