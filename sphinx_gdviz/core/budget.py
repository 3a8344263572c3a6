"""The budget: the most that one figure may take, so that none holds up a build.

What an author writes is refused where it would take more, with a message that says the limit; what
only looks would lose, such as isolines that nobody can tell apart, is thinned.
"""

MAX_VERTICES = 100_000
"""The most vertices of the isolines in all panels of a figure."""
