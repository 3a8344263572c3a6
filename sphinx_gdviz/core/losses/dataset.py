"""Data: columns of an author's file, which a loss is a mean over."""

from __future__ import annotations

import csv
import hashlib
import io
import stat
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...messages import GdvizError, did_you_mean, quote
from ..expr.call import read_number

Array = NDArray[np.float64]

MAX_ROWS = 100_000
"""The most rows of data that are read."""
MAX_COLUMNS = 1_000
"""The most columns that a file may have."""
MAX_BYTES = 16 * 2**20
"""The largest file that is read."""
LONGEST = 100
"""The longest number, in characters: to refuse a longer text could take quadratic time."""
LARGEST = 1e100
"""The largest number: the squares of larger ones could overflow."""
NARROWEST = 1e-12
"""A column whose values differ by a smaller share of the largest is constant, but for rounding."""
LISTED = 12
"""Columns that are named in a message."""

BACKSLASH = "\\"
EXAMPLE = "a number with a point, such as 3.5"


@dataclass(frozen=True)
class Dataset:
    """Columns of a file: one or more inputs, and a target.

    Attributes
    ----------
    name : str
        The file's name as the author wrote it, for descriptions.
    x : str
        The names of the inputs, with plus signs between them: ``area + rooms``.
    y : str
        The name of the target.
    values : bytes
        The numbers as little-endian float64, column by column, the target last: bytes are compared
        and hashed at once.
    """

    name: str
    x: str
    y: str
    values: bytes

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of the inputs."""
        return split_columns(self.x)

    @cached_property
    def columns(self) -> Array:
        """The numbers, shape (d, rows), the target last, read-only."""
        numbers = np.frombuffer(self.values, "<f8").astype(np.float64, copy=False)
        columns = numbers.reshape(len(self.inputs) + 1, -1)
        columns.flags.writeable = False
        return columns

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the numbers, wherever they are from."""
        return hashlib.sha256(self.values).hexdigest()

    def __len__(self) -> int:
        return len(self.values) // (8 * (len(self.inputs) + 1))

    def __getstate__(self) -> dict[str, Any]:
        # Without what is cached, so that it is pickled to the same bytes before and after use.
        return {field.name: getattr(self, field.name) for field in fields(self)}


def read_file(path: Path, name: str, x: str, y: str, place: str = "") -> Dataset:
    """Read columns of a CSV file.

    Parameters
    ----------
    path : Path
        Path of the file.
    name : str
        Its name, as the author wrote it.
    x, y : str
        The names of the columns; several inputs have plus signs between them.
    place : str
        The place where it is looked for, for a message.

    Raises
    ------
    GdvizError
        If there is no such file, it can't be read or is too large, or as :func:`read_dataset`.
    """
    try:
        regular = stat.S_ISREG(path.stat().st_mode)
        text = b""
        if regular:  # to open a pipe could wait for ever
            with path.open("rb") as file:
                text = file.read(MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        said = f"there is no file {quote(name)}{place and f', looked for {place}'}"
        hint = f"; write {quote(name.replace(BACKSLASH, '/'))}" if BACKSLASH in name else ""
        raise GdvizError(said + hint) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise GdvizError(f"{quote(name)} can't be read ({reason})") from None
    if not regular:
        raise GdvizError(f"{quote(name)} is not a file but a folder or a device; write a CSV file")
    return read_dataset(text, name, x, y)


def read_nearby(name: str, x: str, y: str) -> Dataset:
    """Read columns of a CSV file in the working directory, as :func:`read_file` does."""
    return read_file(Path(name), name, x, y, f"in {Path.cwd()}")


def read_dataset(text: bytes, name: str, x: str, y: str) -> Dataset:
    """Read columns of CSV.

    The first line names the columns; it also shows whether commas, semicolons or tabs stand
    between them. Cells may be quoted (RFC 4180). Blank lines are skipped.

    Parameters
    ----------
    text : bytes
        In UTF-8, with a byte order mark or without.
    name : str
        The file's name, as the author wrote it.
    x, y : str
        The names of the columns; several inputs have plus signs between them.

    Raises
    ------
    GdvizError
        If it is not such a text, it lacks a column, some cell of the columns is not a finite
        number, there are fewer than two rows or more than `MAX_ROWS`, or an input is constant.
    """
    file, inputs = quote(name), split_columns(x)
    decoded = _decode(text, file)
    if y in inputs:
        raise GdvizError(f"x and y are the same column, {quote(y)}; write two")
    if len(set(inputs)) < len(inputs):
        raise GdvizError(f"x has a column twice, {quote(x)}; write each once")
    numbers = _columns(decoded, (*inputs, y), file)
    count = len(numbers[0])
    if count < 2:
        message = "one row of data" if count else "no data below its first line"
        raise GdvizError(f"{file} has {message}; two rows are the least")
    # Adding zero leaves no −0, which would be equal to 0 but for its bytes.
    columns = np.array(numbers, "<f8") + 0.0
    for heading, column in zip(inputs, columns, strict=False):
        if is_constant(column):
            message = f"column {heading} is {column[0]:.12g} in each row"
            raise GdvizError(f"{file}: {message}; it must change")
    return Dataset(name, x, y, columns.astype("<f8", copy=False).tobytes())


def split_columns(text: str) -> tuple[str, ...]:
    """The names of columns that an author writes with plus signs between them."""
    return tuple(text.split(" + "))


def is_constant(column: Array) -> bool:
    """Return True for a column that does not change, but for rounding."""
    spread = np.ptp(column)
    return bool(spread <= max(NARROWEST * np.abs(column).max(), 1 / LARGEST))


def _decode(text: bytes, file: str) -> str:
    """The text of a file that is not too large."""
    if len(text) > MAX_BYTES:
        raise GdvizError(
            f"{file} is larger than {MAX_BYTES // 2**20} MB; keep the rows and columns that the "
            "figure needs"
        )
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        raise GdvizError(f"{file}, line {line}, is not UTF-8; save the file as UTF-8") from None


def _columns(text: str, wanted: tuple[str, ...], file: str) -> list[list[float]]:
    """The numbers of each of the wanted columns."""
    rows = _rows(text, _delimiter(text, wanted), file)
    _, header = next(rows, (0, []))
    header = [_heading(cell) for cell in header]
    while header and not header[-1]:
        header.pop()
    places = [_place(header, column, file) for column in wanted]
    numbers: list[list[float]] = [[] for _ in wanted]
    for line, row in rows:
        where = f"{file}, line {line}"
        if len(numbers[0]) == MAX_ROWS:
            raise GdvizError(f"{file} has more than {MAX_ROWS} rows; keep a sample of them")
        if len(row) < len(header):
            raise GdvizError(f"{where}: the row has {len(row)} of {len(header)} cells")
        if any(row[len(header) :]):
            raise GdvizError(f"{where}: the row has {len(row)} cells for {len(header)} columns")
        for column, place, found in zip(wanted, places, numbers, strict=True):
            found.append(_number(row[place], f"{where}, column {column}"))
    return numbers


def _rows(text: str, delimiter: str, file: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not blank, each with the number of the line where it begins."""
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True)
    line = 1
    try:
        for row in reader:
            if len(row) > 1 or "".join(row).strip():
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise GdvizError(f"{file}, line {line}, can't be read as CSV ({error})") from None


def _delimiter(text: str, wanted: tuple[str, ...]) -> str:
    """The delimiter by which the first line has the wanted columns, or else the most cells."""
    first = next((line for line in io.StringIO(text, newline="") if line.strip()), "")

    def merit(delimiter: str) -> tuple[int, int]:
        try:
            cells = next(csv.reader([first], delimiter=delimiter, skipinitialspace=True))
        except csv.Error:
            return 0, 0
        return len({*wanted} & set(map(_heading, cells))), len(cells)

    return max(",;\t", key=merit)


def _heading(cell: str) -> str:
    """A column's name as an option would have it: with single spaces."""
    return " ".join(cell.split())


def _place(header: list[str], column: str, file: str) -> int:
    """Index of the column with this name."""
    if not header:
        raise GdvizError(f"{file} is empty; its first line names the columns")
    if len(header) > MAX_COLUMNS:
        raise GdvizError(f"{file} has {len(header)} columns; {MAX_COLUMNS} are the most")
    if header.count(column) > 1:
        raise GdvizError(f"{file} has two columns {quote(column)}; rename one")
    if column in header:
        return header.index(column)
    if all(map(_is_number, header)):
        raise GdvizError(f"{file} begins with numbers; name the columns in its first line")
    near = did_you_mean(column, filter(None, header)) or ";"
    listed = [quote(name) for name in header if name]
    known = ", ".join(listed[:LISTED]) + (", …" if len(listed) > LISTED else "")
    raise GdvizError(f"{file} has no column {quote(column)}{near} it has {known}")


def _number(cell: str, where: str) -> float:
    if not cell or cell.isspace():
        raise GdvizError(f"{where}: the cell is empty; write a number, or remove the row")
    if len(cell) > LONGEST:
        raise GdvizError(f"{where}: {quote(cell)} is too long for a number")
    try:
        number = read_number(cell, EXAMPLE)
    except GdvizError as error:
        raise GdvizError(f"{where}: {error}") from None
    if abs(number) > LARGEST:
        raise GdvizError(f"{where}: {quote(cell)} is too large; choose another unit")
    return number


def _is_number(cell: str) -> bool:
    try:
        return len(cell) <= LONGEST and read_number(cell, "") is not None
    except GdvizError:
        return False
