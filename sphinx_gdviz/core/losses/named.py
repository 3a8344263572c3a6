"""The catalogue: losses that have a name, with what the literature says of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ...messages import GdvizError, did_you_mean, listed, quote
from ..expr.node import FUNCTIONS
from ..expr.parse import VARIABLES, find_names
from .base import FormulaLoss, Loss
from .dataset import read_nearby
from .models import ReadData, is_model, read_model

Point = tuple[float, float]


@dataclass(frozen=True)
class Entry:
    """A named loss.

    Attributes
    ----------
    loss : FormulaLoss
        The loss, with its domain, camera and number of isolines.
    title : str
        Its name in prose.
    source : str
        Its source.
    minima : tuple of points
        Its minima in the domain, the lowest first; of a lattice, the lowest ones only.
    """

    loss: FormulaLoss
    title: str
    source: str
    minima: tuple[Point, ...] = ()


SURJANOVIC = (
    "Surjanovic and Bingham, Virtual Library of Simulation Experiments, "
    "Simon Fraser University, 2013"
)

CATALOGUE: dict[str, Entry] = {
    "bowl": Entry(
        FormulaLoss("x**2 + y**2 + 0.5*sin(3*x) + 0.5*cos(3*y)", camera=(-60.0, 40.0)),
        "The book's bowl",
        "this book, Section 2.3",
        ((-0.3578182150884495, -0.6744752307527683), (-0.3578182150884495, 0.6744752307527683)),
    ),
    "rosenbrock": Entry(
        FormulaLoss("(1 - x)**2 + 100*(y - x**2)**2", ylim=(-1.0, 3.0), camera=(60.0, 50.0)),
        "The Rosenbrock function",
        "Rosenbrock, The Computer Journal 3(3), 1960, p. 175",
        ((1.0, 1.0),),
    ),
    "himmelblau": Entry(
        FormulaLoss(
            "(x**2 + y - 11)**2 + (x + y**2 - 7)**2",
            xlim=(-6.0, 6.0),
            ylim=(-6.0, 6.0),
            camera=(-75.0, 50.0),
        ),
        "The Himmelblau function",
        "Himmelblau, Applied Nonlinear Programming, McGraw-Hill, 1972",
        (
            (3.0, 2.0),
            (3.5844283403304917, -1.8481265269644036),
            (-3.779310253377747, -3.2831859912861696),
            (-2.805118086952745, 3.131312518250573),
        ),
    ),
    "beale": Entry(
        FormulaLoss(
            "(1.5 - x + x*y)**2 + (2.25 - x + x*y**2)**2 + (2.625 - x + x*y**3)**2",
            xlim=(-4.5, 4.5),
            ylim=(-4.5, 4.5),
            camera=(-165.0, 40.0),
        ),
        "The Beale function",
        "Moré, Garbow and Hillstrom, ACM Transactions on Mathematical Software 7(1), 1981, p. 17, "
        "problem 5",
        ((3.0, 0.5),),
    ),
    "booth": Entry(
        FormulaLoss(
            "(x + 2*y - 7)**2 + (2*x + y - 5)**2",
            xlim=(-10.0, 10.0),
            ylim=(-10.0, 10.0),
            camera=(-45.0, 40.0),
        ),
        "The Booth function",
        SURJANOVIC,
        ((1.0, 3.0),),
    ),
    "matyas": Entry(
        FormulaLoss(
            "0.26*(x**2 + y**2) - 0.48*x*y",
            xlim=(-10.0, 10.0),
            ylim=(-10.0, 10.0),
            camera=(30.0, 45.0),
        ),
        "The Matyas function",
        SURJANOVIC,
        ((0.0, 0.0),),
    ),
    "rastrigin": Entry(
        FormulaLoss(
            "20 + x**2 - 10*cos(2*pi*x) + y**2 - 10*cos(2*pi*y)",
            xlim=(-5.12, 5.12),
            ylim=(-5.12, 5.12),
            camera=(-60.0, 50.0),
            levels=8,
        ),
        "The Rastrigin function",
        "Rastrigin, Systems of Extremal Control (in Russian), Nauka, 1974",
        ((0.0, 0.0),),
    ),
    "ackley": Entry(
        FormulaLoss(
            "20 + e - 20*exp(-0.2*sqrt((x**2 + y**2)/2)) - exp((cos(2*pi*x) + cos(2*pi*y))/2)",
            xlim=(-5.0, 5.0),
            ylim=(-5.0, 5.0),
            camera=(-60.0, 50.0),
            levels=12,
        ),
        "The Ackley function",
        "Ackley, A Connectionist Machine for Genetic Hillclimbing, Kluwer, 1987",
        ((0.0, 0.0),),
    ),
    "styblinski-tang": Entry(
        FormulaLoss(
            "(x**4 - 16*x**2 + 5*x + y**4 - 16*y**2 + 5*y)/2",
            xlim=(-5.0, 5.0),
            ylim=(-5.0, 5.0),
            camera=(45.0, 50.0),
        ),
        "The Styblinski–Tang function",
        "Styblinski and Tang, Neural Networks 3(4), 1990, p. 467",
        (
            (-2.903534027771177, -2.903534027771177),
            (-2.903534027771177, 2.746802770990837),
            (2.746802770990837, -2.903534027771177),
            (2.746802770990837, 2.746802770990837),
        ),
    ),
    "three-hump-camel": Entry(
        FormulaLoss(
            "2*x**2 - 1.05*x**4 + x**6/6 + x*y + y**2",
            xlim=(-5.0, 5.0),
            ylim=(-5.0, 5.0),
            camera=(-75.0, 45.0),
        ),
        "The three-hump camel",
        SURJANOVIC,
        (
            (0.0, 0.0),
            (-1.7475523458302888, 0.8737761729151444),
            (1.7475523458302888, -0.8737761729151444),
        ),
    ),
    "six-hump-camel": Entry(
        FormulaLoss(
            "(4 - 2.1*x**2 + x**4/3)*x**2 + x*y + (4*y**2 - 4)*y**2",
            xlim=(-3.0, 3.0),
            ylim=(-2.0, 2.0),
            camera=(-75.0, 50.0),
        ),
        "The six-hump camel",
        "Dixon and Szegö, Towards Global Optimisation 2, North-Holland, 1978, p. 1",
        (
            (-0.08984201310031806, 0.7126564030207396),
            (0.08984201310031806, -0.7126564030207396),
            (-1.703606714969981, 0.7960835686726251),
            (1.703606714969981, -0.7960835686726251),
            (-1.6071047529201972, -0.5686514548841314),
            (1.6071047529201972, 0.5686514548841314),
        ),
    ),
    "mccormick": Entry(
        FormulaLoss(
            "sin(x + y) + (x - y)**2 - 1.5*x + 2.5*y + 1",
            xlim=(-1.5, 4.0),
            ylim=(-3.0, 4.0),
            camera=(30.0, 35.0),
        ),
        "The McCormick function",
        SURJANOVIC,
        ((-0.5471975511965977, -1.5471975511965979), (2.5943951023931957, 1.5943951023931955)),
    ),
    "goldstein-price": Entry(
        FormulaLoss(
            "(1 + (x + y + 1)**2*(19 - 14*x + 3*x**2 - 14*y + 6*x*y + 3*y**2))"
            "*(30 + (2*x - 3*y)**2*(18 - 32*x + 12*x**2 + 48*y - 36*x*y + 27*y**2))",
            camera=(30.0, 50.0),
        ),
        "The Goldstein–Price function",
        "Goldstein and Price, Mathematics of Computation 25(115), 1971, p. 569",
        ((0.0, -1.0), (-0.6, -0.4), (1.8, 0.2), (1.2, 0.8)),
    ),
    "saddle": Entry(
        FormulaLoss("x**2 - y**2", camera=(-60.0, 45.0), levels=16),
        "The saddle",
        "Goodfellow, Bengio and Courville, Deep Learning, MIT Press, 2016, Figure 4.5",
    ),
    "monkey-saddle": Entry(
        FormulaLoss("x**3 - 3*x*y**2", camera=(-30.0, 40.0)),
        "The monkey saddle",
        "Milnor, Morse Theory, Princeton University Press, 1963, section 2",
    ),
    "ravine": Entry(
        FormulaLoss("(x**2 + 25*y**2)/2", camera=(-30.0, 45.0), levels=16),
        "A ravine with condition number 25",
        "Boyd and Vandenberghe, Convex Optimization, Cambridge University Press, 2004, "
        "section 9.3.2",
        ((0.0, 0.0),),
    ),
}
"""Named losses."""

LOSSES: dict[str, Loss] = {name: entry.loss for name, entry in CATALOGUE.items()}
"""The losses of the catalogue by name."""

DEFAULT_LOSS = "bowl"

_WORD = re.compile(r"[^\W\d_]\w*")
_NAME = re.compile(rf"{_WORD.pattern}(?:[-–’' _]+\w+)*")
"""A name, also one that is written as in prose."""

_DEFINITION = re.compile(r"\w+ ?\([\w ,]*\) ?=")
"""The left side of a formula that is written as a definition."""


def find_loss(
    text: str,
    named: Mapping[str, Loss] = LOSSES,
    read_data: ReadData = read_nearby,
    *,
    parameters: Sequence[str] = (),
) -> Loss:
    """The loss with this name, of this model and its data, or of this formula.

    Parameters
    ----------
    text : str
        ``"bowl"``, ``"least-squares(cars.csv, x=speed, y=dist)"`` or ``"x**2 + y**2"``.
    named : mapping
        The losses that have a name.
    read_data : callable
        Reads the columns of a file: (file name, x columns, y column) -> Dataset.
    parameters : sequence of str
        The names of a formula's parameters, in order; if left out, those that it has: x before y,
        else as they come up.

    Raises
    ------
    GdvizError
        If the text is none of these, the data can't be read or don't suit the model, or the names
        are not those of the formula.
    """
    text = " ".join(text.split())
    if parameters and (text in named or is_model(text)):
        raise has_parameters(text)
    if text in named:
        return named[text]
    if match := _DEFINITION.match(text):
        raise GdvizError(f"{quote(text)}: leave out {quote(match[0])} and write the rest")
    name, bracket, _ = text.partition("(")
    if bracket and (name := name.strip()) in named:
        raise GdvizError(f"{quote(text)}: a named loss has no settings; write {name}")
    if is_model(text):
        return read_model(text, read_data)
    loss = FormulaLoss(text, parameters=tuple(parameters))
    try:
        if parameters:
            _check_parameters(text, loss.parameters)
        _ = loss.program
    except GdvizError:
        words = set(_WORD.findall(text))
        is_name = _NAME.fullmatch(text) and not any(letter in "½¼¾²³" for letter in text)
        if not is_name or words & {*VARIABLES, *parameters, *FUNCTIONS}:
            raise
        near = did_you_mean(text.lower(), named) or ";"
        raise GdvizError(
            f"{quote(text)} is neither a formula in {listed(parameters or VARIABLES)} nor the "
            f"name of a loss{near} the named losses are {', '.join(named)}"
        ) from None
    return loss


def has_parameters(loss: str) -> GdvizError:
    """The mistake of who names the parameters of a loss that is no formula."""
    said = f"{quote(loss)} has parameters of its own; leave the names out"
    return GdvizError(said, "parameters", is_unused=True)


def _check_parameters(text: str, parameters: tuple[str, ...]) -> None:
    """Raise GdvizError for names that a formula has, or has not, against what was written.

    Of two names one may be missing: the loss is a trough then, the same for all its values.
    """
    names, written = find_names(text), quote(", ".join(parameters))
    lacking = [name for name in names if name not in (*parameters, *FUNCTIONS)]
    extra = [name for name in parameters if name not in names]
    if lacking:
        near = did_you_mean(lacking[0], extra) or "; write all that it has"
        said = f"the formula has {listed(lacking)}, and {written} does not{near}"
        raise GdvizError(said, "parameters")
    if extra and len(parameters) != 2:
        raise GdvizError(f"the formula has no {listed(extra)}; leave that out", "parameters")


def loss_of(loss: str | Loss, dimension: int | None) -> Loss:
    """A loss, or that of a text, with so many parameters where a formula leaves that open.

    ``"x**2"`` has one parameter; where a point of two is given, it is a trough of both x and y.
    """
    if not isinstance(loss, str):
        return loss
    found = find_loss(loss)
    is_trough = dimension == 2 and found.parameters in (("x",), ("y",))
    return replace(found, parameters=VARIABLES) if is_trough else found
