"""The public names for Python, and an experiment that shows itself in a notebook."""

from __future__ import annotations

import base64
import html
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from .core import experiment
from .core.descent.critical_points import CriticalPoint, critical_points
from .core.descent.run import Trajectory, descend
from .core.descent.verdict import Verdict, Verdicts
from .core.losses.base import FormulaLoss, Loss
from .core.losses.named import find_loss
from .core.options.read import Book, experiment_options, read_experiment
from .core.options.syntax import read_style
from .core.report.describe import alt_text
from .core.result import Result, Run, run
from .files import write_whole
from .messages import GdvizError

__all__ = [
    "CriticalPoint",
    "Experiment",
    "FormulaLoss",
    "GdvizError",
    "Loss",
    "Trajectory",
    "Verdict",
    "Verdicts",
    "critical_points",
    "descend",
    "find_loss",
]

Numbers = float | Sequence[float]


class Experiment:
    """An experiment and how to show it, as in the directive.

    Every option of ``gdviz-figure`` that says what to run or how to show it is a keyword here, and
    means the same. A value is the option's text, or numbers, tuples and lists in its place.

    Parameters
    ----------
    loss : str, Loss or callable
        A name, a formula, ``"least-squares(data.csv, x=area, y=price)"`` with a file in the
        working directory, a loss, or a function ``f(x, y)`` that does arithmetic.
    optimizer : str, callable, pair of callables, or list of them
        ``"gd"``, ``"adam(beta1=0.8)"``, or an update rule ``f(theta, g, lr, memory, t)``; a rule
        with a memory is a pair of ``init(theta, lr)`` and such a function.
    lr : float or sequence of float
        Learning rates.
    start : pair of float, or sequence of pairs
        Starting points.
    steps : int
        Updates in each run.
    **options
        All others: ``parameters``, ``view``, ``schedule``, ``clip``, ``noise``, ``titles``, …
    style : str or dict
        Changes to the default style: the name of a style sheet that comes with Matplotlib, or
        settings of Matplotlib.

    Raises
    ------
    ValueError
        With a message for each option that is not right.

    Examples
    --------
    >>> figure = Experiment("rosenbrock", optimizer="momentum", lr=0.002, steps=2000)
    >>> figure.runs[0].verdict.kind
    'converged'
    """

    def __init__(
        self,
        loss: str | Loss | Callable[..., Any] | None = None,
        *,
        optimizer: Any = None,
        lr: Numbers | str | None = None,
        start: Sequence[Any] | str | None = None,
        steps: int | str | None = None,
        style: str | Mapping[str, Any] = "",
        **options: Any,
    ) -> None:
        given = {
            "loss": loss,
            "optimizer": optimizer,
            "lr": lr,
            "start": start,
            "steps": steps,
            **options,
        }
        written = {name: v for name, v in given.items() if v is not None and v is not False}
        self.settings = _read(written, Book(style=read_style(style)))
        self._written = {**written, **({"style": style} if style else {})}

    @cached_property
    def result(self) -> Result:
        """All runs, and what the views need besides; they are run when this is first asked for."""
        return run(self.settings)

    @property
    def runs(self) -> tuple[Run, ...]:
        """The runs: optimizer by optimizer, rate by rate and start by start."""
        return self.result.all_runs

    @property
    def alt(self) -> str:
        """The figure as text."""
        return alt_text(self.result)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Draw the figure into a file, which is written whole or not at all.

        Parameters
        ----------
        path : path
            Its suffix says the format: ``.svg``, ``.pdf`` or ``.png``.

        Raises
        ------
        ValueError
            If the suffix is another one.
        OSError
            If the file can't be written.
        """
        from .draw.figure import PICTURES, draw

        target = Path(path)
        kind = next((kind for kind in PICTURES if f".{kind}" == target.suffix), None)
        if kind is None:
            raise ValueError(f"“{target.name}” is no picture; write a name with .svg, .pdf or .png")
        data = draw(self.result, [kind])[kind]
        write_whole(target, data)

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={_repr(value)}" for name, value in self._written.items())
        return f"Experiment({values})"

    def _repr_html_(self) -> str | None:
        """The picture for tools that take HTML alone, such as Sphinx-Gallery."""
        ipython: Any = sys.modules.get("IPython")
        if ipython and ipython.get_ipython():
            return None  # in a notebook a picture that is no HTML can be kept in a file
        from .draw.figure import draw

        data = base64.b64encode(draw(self.result, ["svg"])["svg"]).decode()
        alt = html.escape(self.alt)
        return f'<img src="data:image/svg+xml;base64,{data}" alt="{alt}">'

    def _repr_png_(self) -> bytes:
        """The picture for tools that take bitmaps alone."""
        from .draw.figure import draw

        return draw(self.result, ["png"])["png"]

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """Representations for a notebook: vector pictures, a bitmap, and text where none goes.

        The PDF is for print: MyST-NB and nbconvert put it into LaTeX before any bitmap.
        """
        from .draw.figure import draw

        files = draw(self.result, ["svg", "png", "pdf"])
        return {
            "image/svg+xml": files["svg"].decode(),
            "image/png": base64.b64encode(files["png"]).decode(),
            "application/pdf": base64.b64encode(files["pdf"]).decode(),
            "text/plain": self.alt,
        }


def _repr(value: Any) -> str:
    """A value as it was written, the same in every process: functions by their names."""
    if isinstance(value, (list, tuple)):
        inside = ", ".join(map(_repr, value))
        return f"[{inside}]" if isinstance(value, list) else f"({inside}{',' * (len(value) == 1)})"
    if isinstance(value, Loss) or not callable(value):
        return repr(value)
    return str(getattr(value, "__name__", type(value).__name__))


def _read(options: Mapping[str, Any], book: Book) -> experiment.Experiment:
    known = experiment_options(book)
    unknown = [f"{name}: there is no such option" for name in options if name not in known]
    read, mistakes = read_experiment(options, book)
    told = [*unknown, *(mistake.full for mistake in mistakes)]
    if told or read is None:
        raise ValueError("; ".join(told))
    return read
