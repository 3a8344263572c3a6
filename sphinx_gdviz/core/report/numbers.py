"""Numerals, and texts with numerals and mathematics in them, as they are written for a reader."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from ...messages import GdvizError, quote

EXAMPLE = "a format of Python such as .4f, .3g, .2e, .1% or +.3f"
_FORMAT = re.compile(r"\+?,?(\.[0-9]{1,2})?[efg%]?")
_RAISED = str.maketrans("0123456789−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


class Exact(float):
    """A number that was written, not measured, and that is shown as it is."""


@dataclass(frozen=True)
class Numeral:
    """A number as it is written: digits with a real minus sign, and a power of ten where needed.

    Attributes
    ----------
    digits : str
        Such as ``"−1.30"``; empty where there is only a power of ten.
    exponent : int or None
        Of that power.
    """

    digits: str
    exponent: int | None = None

    @property
    def plain(self) -> str:
        """As plain text: “1.3 × 10⁻¹¹”."""
        if self.exponent is None:
            return self.digits
        raised = str(self.exponent).replace("-", "−").translate(_RAISED)
        return f"{self.before_exponent}{raised}"

    @property
    def before_exponent(self) -> str:
        """All but the raised exponent: “1.3 × 10”."""
        return f"{self.digits} × 10" if self.digits else "10"

    @property
    def tex(self) -> str:
        """As TeX: ``1.3 \\times 10^{-11}``."""
        digits = self.digits.replace("−", "-").replace("%", r"\%").replace(",", "{,}")
        digits = {"∞": r"\infty", "-∞": r"-\infty", "undefined": r"\text{undefined}"}.get(
            digits, digits
        )
        if self.exponent is None:
            return digits
        power = f"10^{{{self.exponent}}}"
        return rf"{digits} \times {power}" if digits else power


@dataclass(frozen=True)
class Tex:
    """A piece of mathematics, as TeX and as plain text."""

    tex: str
    plain: str


RichText = tuple[str | Numeral | Tex, ...]
"""Words, numbers and mathematics, one after another."""


def plain_text(text: RichText) -> str:
    """A rich text as plain text."""
    return "".join(part if isinstance(part, str) else part.plain for part in text)


def check_format(text: str) -> str:
    """A format, if it is one.

    Raises
    ------
    GdvizError
        If it is none.
    """
    if not _FORMAT.fullmatch(text):
        raise GdvizError(f"{quote(text)} is not a format; write {EXAMPLE}")
    return text


def rounded(value: float, form: str = "") -> Numeral:
    """A number that was computed, in a format; without one: three decimals, or three digits.

    Its zeros at the end are kept: they have been measured.
    """
    if math.isnan(value):
        return Numeral("undefined")
    if math.isinf(value):
        return Numeral("∞" if value > 0 else "−∞")
    if form:
        return _numeral(format(value, form))
    if isinstance(value, int):
        return _numeral(str(value))
    if value == 0 or 0.0005 <= abs(value) < 10_000:
        return _numeral(f"{value:.3f}" if value else "0")
    return _numeral(f"{value:.3g}")


def exact(value: float) -> Numeral:
    """A number that was written, as short as it is: “0.1”, “10⁻⁸”."""
    if value == 0 or 1e-4 <= abs(value) < 1e6:
        return _numeral(_shortened(f"{value:.10f}"))
    return _numeral(f"{value:.10g}")


def _shortened(text: str) -> str:
    return text.rstrip("0").rstrip(".")


def _numeral(text: str) -> Numeral:
    """A number that Python has written, for a reader."""
    digits, _, exponent = text.partition("e")
    if exponent and int(exponent) == 0:
        exponent = ""
    if not digits.strip("+-0.,%"):
        digits = digits.lstrip("-")  # it was rounded to zero
        exponent = ""
    percent = digits.endswith("%")
    digits = digits.removesuffix("%").replace("-", "−") + " %" * percent
    if not exponent:
        return Numeral(digits)
    return Numeral("" if digits == "1" else digits, int(exponent))
