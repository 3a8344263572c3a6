"""What a result says in words: alt texts, and whatever else is read rather than looked at."""

from __future__ import annotations

import re

from .experiment import CURVES, Result, Run


def number(value: float) -> str:
    """A measured number for a reader, with a real minus sign: three decimals, or three digits."""
    if value == 0 or 0.0005 <= abs(value) < 10_000:
        text = f"{value:.3f}".rstrip("0").rstrip(".")
    else:
        text = f"{value:.3g}"
    return text.replace("-", "−")


def setting(value: float) -> str:
    """A number that the author wrote, as it was written or shorter."""
    return f"{value + 0.0:.12g}".replace("-", "−")  # adding zero makes −0 of no sign


def formula(text: str) -> str:
    """A formula for a reader or a screen reader: powers with ^, “2 x” for 2*x, “·” elsewhere."""
    text = "".join(text.split()).replace("**", "^")
    text = re.sub(r"(?<=[0-9)])\*(?=[a-z(])", " ", text)
    text = re.sub(r"(?<![\^(*·/eE])([+-])", r" \1 ", text.replace("*", "·"))
    return " ".join(text.replace("-", "−").split())


def outcome(run: Run) -> str:
    """What a run did, as a predicate: “converged at step 26 to loss −0.075”."""
    verdict, loss = run.verdict, number(float(run.trajectory.losses[-1]))
    match verdict.kind:
        case "converged":
            said = f"converged at step {verdict.step} to loss {loss}"
        case "stuck":
            place = {"box": "at the edge of its box", "flat": "where the loss is flat"}.get(
                verdict.place or "", f"at a {verdict.place}"
            )
            said = f"was stuck {place} from step {verdict.step}, at loss {loss}"
        case "oscillating":
            said = f"oscillated from step {verdict.step} and ended at loss {loss}"
        case "diverged" if verdict.place == "undefined":
            said = f"left the domain of the loss at step {verdict.step}"
        case "diverged":
            said = f"diverged at step {verdict.step}"
        case "slow":
            said = f"was still on its way at step {verdict.step}, at loss {loss}"
    if verdict.clip_step is not None and verdict.place != "box":
        said += f" (first held by the box at step {verdict.clip_step})"
    return said


def alt_text(result: Result) -> str:
    """What a figure shows, for those who do not see it."""
    experiment = result.experiment
    several = len(experiment.start) > 1
    views = {
        "surface": "the loss surface",
        "contour": "contours",
        "arrows": "arrows of the negative gradient",
        "loss": "the loss against the step",
        "gradient": "the gradient norm against the step",
    }
    shown = _listed(list(dict.fromkeys(views[panel.view] for panel in experiment.panels)))
    starts = "" if several else f" from {place_name(experiment.start[0])}"
    runs = "; ".join(
        f"at learning rate {setting(run.lr)}"
        + (f" from {place_name(run.start)}" if several else "")
        + f" it {outcome(run)}"
        for run in result.runs
    )
    loss = formula(experiment.function.formula)
    if all(panel.view in CURVES for panel in experiment.panels):
        what = f"of gradient descent on {loss}"
    else:
        paths = "path" if len(result.runs) == 1 else "paths"
        what = f"of {loss} with the {paths} of gradient descent"
    steps = f"{experiment.steps} step{'s' * (experiment.steps != 1)}"
    return f"{shown[0].upper()}{shown[1:]} {what}, {steps}{starts}; {runs}."


def place_name(point: tuple[float, float]) -> str:
    """A point as readers write it: “(1.5, −2)”."""
    return f"({setting(point[0])}, {setting(point[1])})"


def _listed(words: list[str]) -> str:
    """“a, b and c”."""
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
