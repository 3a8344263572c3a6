"""An experiment and its result as plain data, for a page to run it again.

The shapes are those of ``widget/src/types.ts``.
"""

from __future__ import annotations

import base64
import math
from dataclasses import asdict
from typing import Any

import numpy as np

from ...messages import GdvizError, listed
from ..descent.maps import Axis
from ..descent.verdict import Verdict, steepness
from ..experiment import Experiment, Panel
from ..expr.derivative import differentiate
from ..expr.node import Expr
from ..expr.program import Program
from ..expr.symbols import symbol_text
from ..losses.base import Loss, ProgramLoss
from ..losses.logistic import LogisticRegression
from ..losses.regression import LeastSquares, Model
from ..methods.schedules import Schedule
from ..result import Result, Run
from .rule_data import term_data

MAX_ROWS = 2_000
"""The most rows of data that a page holds."""
MAX_ITERATES = 3_000
"""The most iterates that a page holds; it makes longer runs by itself."""
MAX_INSTRUCTIONS = 3_000
"""The longest program that a page holds."""
MAX_POINTS = 24
"""The most critical points that a page knows of."""


def obstacle(experiment: Experiment) -> str:
    """The reason why a page can't run an experiment again; empty where it can."""
    try:
        _ = experiment.schedule.expressions
    except GdvizError as error:
        return str(error)
    if any(optimizer.rule.takes_hessian for optimizer in experiment.optimizers):
        return "its rule takes the Hessian"
    if experiment.loss.dimension != 2:
        return f"its loss has {experiment.loss.named_parameters}"
    shown = {panel.view.name for panel in experiment.panels}
    if unknown := shown & {"error", "parameters", "data"}:
        return f"it has the view {listed(sorted(unknown))}"
    if experiment.against != "step" and any(panel.view.is_curve for panel in experiment.panels):
        return "its curves are against the epoch"
    if experiment.others:
        return "it has several losses"
    if experiment.constraint:
        return "it has a constraint"
    if experiment.differences:
        return f"its runs differ in their {listed(experiment.differences)}"
    if not experiment.steps:
        return "it shows the loss alone, without a run"
    if experiment.arrows:
        return "it has arrows at places of its own"
    if experiment.models:
        return "it has models of the loss at points"
    if experiment.notes or experiment.numbers or experiment.names:
        return "it has labels of its own"
    match experiment.loss:
        case Model() as model:
            said = f"its data has {model.rows} rows; {MAX_ROWS} are the most"
            return said if model.rows > MAX_ROWS else ""
        case ProgramLoss() as loss:
            programs = (loss.program, differentiate(loss.program))
            steps = [step for program in programs for step in program.instructions]
            # JSON has no infinite numbers; a constant may be one, as log(0) is.
            if not all(math.isfinite(step.value) for step in steps):
                return "its loss has a number that is not finite"
            said = f"its loss and the derivatives are {len(steps)} operations"
            return f"{said}; {MAX_INSTRUCTIONS} are the most" * (len(steps) > MAX_INSTRUCTIONS)
    return "its loss is no formula"


def page_data(result: Result) -> dict[str, Any]:
    """All of an experiment that does not depend on how it is drawn."""
    experiment = result.experiment
    count = sum(len(run.trajectory.points) for run in result.runs)
    x, y = result.frame
    return {
        "loss": _loss(experiment.loss),
        "frame": {"x": x, "y": y},
        "aspect": experiment.aspect_of(result.frame),
        "steps": experiment.steps,
        "schedule": schedule_data(experiment.schedule),
        "clip": experiment.clip,
        "noise": experiment.noise,
        "batch": experiment.batch,
        "seed": experiment.seed,
        "scale": {
            "low": result.scale.low,
            "high": result.scale.high,
            "linearThreshold": result.scale.linear_threshold,
        },
        "marks": experiment.marks,
        "points": [
            {
                "point": point.point,
                "kind": point.kind,
                "loss": point.loss,
                **({"stable": rate} if (rate := point.largest_stable_rate) else {}),
            }
            for point in result.critical_points[:MAX_POINTS]
        ],
        "runs": [_run(run, with_path=count <= MAX_ITERATES) for run in result.runs],
        "panels": _panels(result),
        "maps": [
            {
                "run": _runs_in(result, panel)[0],
                "axes": [_axis(experiment.loss, axis) for axis in experiment.axes(panel.view)],
            }
            for panel in experiment.panels
            if panel.view.is_sweep
        ],
    }


def schedule_data(schedule: Schedule) -> Any:
    """The factor of the rate as a term in the update ``t`` and the number of ``steps``."""
    rising, proper = schedule.expressions
    if not schedule.warmup:
        return term_data(proper)
    is_warm = Expr("less_equal", (Expr.symbol("t"), Expr.number(schedule.warmup)))
    return term_data(Expr("where", (is_warm, rising, proper)))


def _axis(loss: Loss, axis: Axis) -> dict[str, Any]:
    """A setting that changes; the page calls the parameters of any loss x and y."""
    places = dict(zip(loss.parameters, "xy", strict=False))
    return {**asdict(axis), "name": places.get(axis.name, axis.name)}


def _panels(result: Result) -> list[dict[str, Any]]:
    """The panels that are drawn in a page; where all are of many runs, one of them is shown."""
    panels = [panel for panel in result.experiment.panels if not panel.view.is_sweep]
    if not panels:
        return [{"view": "contour", "title": "", "runs": [*range(len(result.runs))]}]
    return [
        {"view": panel.view.name, "title": panel.title, "runs": _runs_in(result, panel)}
        for panel in panels
    ]


def _runs_in(result: Result, panel: Panel) -> list[int]:
    return [i for i, run in enumerate(result.runs) if run.method in panel.methods]


def _loss(loss: Loss) -> dict[str, Any]:
    nothing: dict[str, Any] = {"code": [], "out": []}
    data = {
        "name": loss.description,
        "parameters": loss.symbols,
        "symbols": [*map(symbol_text, loss.symbols)],
        "value": nothing,
        "derivatives": nothing,
        "xlim": loss.xlim,
        "ylim": loss.ylim,
        "steepness": steepness(loss),
    }
    match loss:
        case ProgramLoss():
            data["value"] = program_data(loss.program)
            data["derivatives"] = program_data(differentiate(loss.program))
        case LeastSquares() | LogisticRegression():
            x, y = loss.columns
            kind = "logistic" if isinstance(loss, LogisticRegression) else "least-squares"
            data["rows"] = {"model": kind, "x": x.tolist(), "y": y.tolist()}
    return data


def program_data(program: Program) -> dict[str, Any]:
    """A program: a constant is a number, all else a name with the registers that it works on."""
    code: list[Any] = []
    for step in program.instructions:
        match step.operation:
            case "constant":
                code.append(step.value)
            case "parameter":
                code.append(["xy"[int(step.value)]])
            case operation:
                code.append([operation, *step.operands])
    return {"code": code, "out": program.outputs}


def _run(run: Run, *, with_path: bool) -> dict[str, Any]:
    optimizer = run.method.optimizer
    data: dict[str, Any] = {
        "method": {"rule": optimizer.name, "settings": dict(optimizer.settings), "lr": run.lr},
        "start": run.start,
        "verdict": _verdict(run.verdict),
    }
    if with_path:
        doubles = np.ascontiguousarray(run.trajectory.points, "<f8")
        data["path"] = base64.b64encode(doubles.tobytes()).decode()
    return data


def _verdict(verdict: Verdict) -> dict[str, Any]:
    names = {"clip_step": "clipStep"}
    return {
        names.get(name, name): value for name, value in asdict(verdict).items() if value is not None
    }


def short(value: Any) -> Any:
    """Numbers as short as they are: JSON would write 2.0; what is not finite is null."""
    match value:
        case dict():
            return {key: short(item) for key, item in value.items()}
        case list() | tuple():
            return [short(item) for item in value]
        case float() if not math.isfinite(value):
            return None
        case float() if value == int(value) and abs(value) < 2**53:
            return int(value)
    return value
