"""The budget: the most that one figure may take, so that none holds up a build.

What an author writes is refused where it would take more, with a message that says the limit; what
only looks would lose, such as isolines that nobody can tell apart, is thinned.
"""

MAX_VERTICES = 100_000
"""The most vertices of the isolines in all panels of a figure."""

MAX_TITLE = 200
"""The most characters of a title, with the settings of its panel in it."""

MAX_ITERATES = 500_000
"""The most iterates of all runs of a figure together."""

MAX_OPERATIONS = 7_000_000_000
"""The most operations of all descents of a figure together, each on one number: some seconds."""

CALL = 2_000
"""Operations that take as long as a call of NumPy takes by itself, whatever it has to do."""

FUNCTION = 10
"""Operations that take as long as a function, such as the sine of a number."""

FEW = 10
"""Operations of an update rule, or of a gradient in closed form, roughly."""

JUDGED = 300
"""Operations that it takes to keep an iterate, and to look at it for a verdict."""

ROW = 40
"""Operations that a row of data takes where a loss has no closed form."""

DRAWN_ROW = 400
"""Operations that it takes to draw a row of data for a batch, and to keep its number."""

MAX_DRAWN_ROWS = 256
"""The most rows of data that a loss without a closed form is worked out for where it is drawn."""
