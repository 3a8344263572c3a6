"""The views: kinds of panels that a figure may have, and all that there is to say of each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from .descent.maps import CELLS, RATES, STARTS


@dataclass(frozen=True)
class View:
    """A kind of panel; all code that depends on the view reads it from here.

    Attributes
    ----------
    name : str
        The view in the option ``view``.
    title : str
        Title of the panel where the view has one only.
    plane : str
        The space of the panel: the ``"box"`` of two parameters and the loss, the ``"frame"`` of two
        parameters, the ``"graph"`` of a loss over one, a quantity against the ``"step"``, the
        ``"data"`` of a loss, or the result of a ``"sweep"``.
    alt : str
        The view in an alternative text.
    description : str
        The view in a long description; empty for a map, which is described by its numbers.
    quantity : str
        Quantity of a curve, as the label of its axis; empty for all others.
    swept : int
        Number of settings that change across the view.
    descents : int
        Number of descents in the map of the view; 0 for a view that shows the runs only.
    """

    name: str
    title: str
    plane: Literal["box", "frame", "graph", "step", "data", "sweep"]
    alt: str
    description: str = ""
    quantity: str = ""
    swept: int = 0
    descents: int = 0

    @property
    def dimension(self) -> int | None:
        """The number of parameters that a loss must have; None for any number."""
        return {"box": 2, "frame": 2, "graph": 1}.get(self.plane)

    @property
    def has_own_axes(self) -> bool:
        """True for a view whose axes are neither parameters nor, of a graph, the loss."""
        return self.plane in ("step", "data", "sweep")

    @property
    def is_curve(self) -> bool:
        """True for a view of a quantity against the step."""
        return self.plane == "step"

    @property
    def is_shared(self) -> bool:
        """True for a curve of all runs in one panel."""
        return self.is_curve and self.name != "parameters"

    def against(self, unit: str) -> View:
        """The same curve against another unit of progress than the step."""
        if not self.is_curve or unit == "step":
            return self
        texts = (self.title, self.alt, self.description)
        title, alt, description = (text.replace("step", unit) for text in texts)
        return replace(self, title=title, alt=alt, description=description)

    @property
    def is_sweep(self) -> bool:
        """True for a view of descents with other settings than those of the runs."""
        return self.plane == "sweep"

    @property
    def has_map(self) -> bool:
        """True for a view of a map of many descents."""
        return self.descents > 0

    @property
    def is_coloured(self) -> bool:
        """True for a view of the frame from above, in the colours of the loss."""
        return self.plane == "frame" and not self.has_map

    @property
    def is_landscape(self) -> bool:
        """True for a view of the loss over its parameters, with a run or without."""
        return self.plane in ("box", "graph") or self.is_coloured


def _curve(name: str, quantity: str, shown: str) -> View:
    """A view of all runs against the step."""
    against = "against the step"
    alt, description = f"the {quantity.lower()} {against}", f"the {shown} of each run {against}"
    return View(name, f"{quantity} against step", "step", alt, description, quantity)


_VIEWS = (
    View(
        "surface",
        "Loss surface",
        "box",
        "the loss surface",
        "the loss as a surface, seen from above at a slant",
    ),
    View(
        "contour", "Contours", "frame", "contours", "the loss as isolines, darker where it is lower"
    ),
    View(
        "arrows",
        "Downhill directions",
        "frame",
        "arrows of the negative gradient",
        "the isolines with arrows that point downhill",
    ),
    View("basins", "Where each start ends", "frame", "basins", descents=STARTS**2),
    View("graph", "Loss and iterates", "graph", "the graph", "the loss as a curve"),
    _curve("loss", "Loss", "loss"),
    _curve("error", "Error", "distance of the loss from the lowest that is known,"),
    _curve("gradient", "Gradient norm", "length of the gradient"),
    _curve("rate", "Learning rate", "learning rate"),
    _curve("parameters", "Parameters", "parameters"),
    View("data", "Data and model", "data", "the data", "the rows of the data, and the model"),
    View(
        "outcomes", "What runs do", "sweep", "the outcomes of many runs", swept=2, descents=CELLS**2
    ),
    View(
        "bifurcation",
        "Where the iterates settle",
        "sweep",
        "the later iterates of many runs",
        swept=1,
        descents=RATES,
    ),
)
VIEWS = {view.name: view for view in _VIEWS}
"""All views by name, in the order in which they are listed for authors."""


def views_of(dimension: int, *, has_data: bool = False) -> tuple[str, ...]:
    """The names of the views that can show a loss of so many parameters, with data or without."""
    return tuple(
        view.name
        for view in _VIEWS
        if view.dimension in (None, dimension) and (has_data or view.plane != "data")
    )
