"""Names as symbols: Greek letters, and trailing digits as subscripts."""

from __future__ import annotations

import re

_SMALL = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau "
    "upsilon phi chi psi omega"
)
_CAPITAL = "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"  # others look Latin
TEX_GREEK = {
    letter: rf"\{name}"
    for names, letters in ((_SMALL, "αβγδεζηθικλμνξπρστυφχψω"), (_CAPITAL, "ΓΔΘΛΞΠΣΥΦΨΩ"))
    for name, letter in zip(names.split(), letters, strict=True)
}
GREEK = {name[1:]: letter for letter, name in TEX_GREEK.items()} | {"lamda": "λ"}
"""Greek letters by their names; Python keeps the usual spelling of λ for itself."""

_INDEXED = re.compile(r"(.*?[^\W\d])_?(\d+)")
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def _letter_and_index(name: str) -> tuple[str, str]:
    match = _INDEXED.fullmatch(name)
    letter, index = match.groups() if match else (name, "")
    return GREEK.get(letter, letter), index


def is_symbol(name: str) -> bool:
    """Return True for one letter, also a Greek one by its name, with digits or without."""
    return len(_letter_and_index(name)[0]) == 1


def symbol_text(name: str) -> str:
    """A name in plain text: “θ₁” for ``theta1``."""
    letter, index = _letter_and_index(name)
    return letter + index.translate(_SUBSCRIPTS)


def symbol_tex(name: str) -> str:
    r"""A name as TeX: ``\theta_1`` for ``theta1``."""
    letter, index = _letter_and_index(name)
    if letter in TEX_GREEK:
        letter = TEX_GREEK[letter]
    elif not letter.isascii():
        letter = rf"\text{{{letter}}}"
    elif len(letter) > 1:
        escaped = letter.replace("_", r"\_")
        letter = rf"\mathrm{{{escaped}}}"
    return letter + (f"_{index}" if len(index) == 1 else f"_{{{index}}}" if index else "")
