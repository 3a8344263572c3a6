"""Tracing: a function of Python becomes an expression.

The function is called once, with symbols for numbers, which note what is done to them. So its
derivatives are as exact as those of a formula, and pictures, caches and pages need no Python.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ...messages import GdvizError
from .node import ARITHMETIC, COMPARISONS, FUNCTIONS, KNOWN, MAX_OPERATIONS, NUMPY_NAMES, Expr, walk
from .parse import MAX_DEGREE, check_degree


def trace(function: Callable[..., Any], parameters: Sequence[str]) -> Expr:
    """Make an expression of a function of some parameters.

    Raises
    ------
    GdvizError
        If the function does more than arithmetic and to call functions that formulas have too, or
        fails.
    """
    try:
        expr = Expr.of(function(*map(Expr.symbol, parameters)))
    except GdvizError:
        raise
    except (Exception, SystemExit) as error:  # of whatever kind an author's code raises
        message = " ".join(str(error).split())
        raise GdvizError(f"the function fails ({type(error).__name__}: {message})") from None
    parts = list(walk(expr))
    if len(parts) > MAX_OPERATIONS:
        raise GdvizError(f"the function takes more than {MAX_OPERATIONS} operations")
    for part in parts:
        if part.operation == "power":
            exponent = part.operands[1]
            if not exponent.is_number or abs(exponent.value) > MAX_DEGREE:
                raise GdvizError(
                    f"an exponent is a number from -{MAX_DEGREE} to {MAX_DEGREE}; "
                    "for another power write np.exp(... * np.log(...))"
                )
        if part.operands and part.operation not in (*ARITHMETIC, *COMPARISONS, *FUNCTIONS):
            name = f"np.{NUMPY_NAMES[part.operation]}"
            raise GdvizError(f"{name} is not known here; there are {KNOWN}")
    check_degree(expr)
    return expr
