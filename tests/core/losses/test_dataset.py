"""Two columns of a file: what is read, and what is refused with which words."""

from __future__ import annotations

import csv
import hashlib
import os
import pickle
import struct
import time
import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_gdviz.core.losses.dataset import (
    LARGEST,
    LONGEST,
    MAX_BYTES,
    MAX_ROWS,
    Dataset,
    is_constant,
    read_dataset,
    read_file,
    read_nearby,
)
from sphinx_gdviz.messages import GdvizError

HOUSES = "area,price\n50,1.5\n80,2\n120,-3e1\n"


def read(text: str | bytes, x: str = "area", y: str = "price") -> Dataset:
    return read_dataset(text if isinstance(text, bytes) else text.encode(), "houses.csv", x, y)


def columns(text: str | bytes, x: str = "area", y: str = "price") -> list[list[float]]:
    return read(text, x, y).columns.tolist()


def refusal(call: Callable[..., object], *arguments: object) -> str:
    """With which words a call is refused."""
    with pytest.raises(GdvizError) as caught:
        call(*arguments)
    return str(caught.value)


def test_a_plain_file() -> None:
    dataset = read(HOUSES)
    assert (dataset.name, dataset.x, dataset.y) == ("houses.csv", "area", "price")
    assert dataset.columns.tolist() == [[50, 80, 120], [1.5, 2, -30]]
    assert len(dataset) == 3
    assert dataset.values == struct.pack("<6d", 50, 80, 120, 1.5, 2, -30)
    assert dataset.columns.dtype == np.float64
    with pytest.raises(ValueError, match="read-only"):
        dataset.columns[0, 0] = 1


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + HOUSES,
        HOUSES.replace("\n", "\r\n"),
        HOUSES.replace("\n", "\r"),
        HOUSES.rstrip("\n"),
        HOUSES.replace(",", ";"),
        HOUSES.replace(",", "\t"),
        HOUSES.replace(",", ", "),
        HOUSES.replace("\n", "\n\n  \n"),
        "\n \n" + HOUSES.replace(",", ";"),
        '"area","price"\n"50","1.5"\n"80", "2"\n120,"-3e1"\n',
        '"area";"price"\n"50";"1.5"\n80;2\n120;-3e1\n',
        " area , price \n 50 , 1.5 \n80,2\n120,-3e1",
        "area,price,\n50,1.5,\n80,2\n120,-3e1,,",
        'price,town,area\n1.5,"Ulm, West",50\n2,x,80\n-3e1,,120',
        'town,area,price\n"Ulm\nWest",50,1.5\n"a ""b""",80,2\n,120,-3e1',
        'id;area;price;"a,b,c,d,e"\n1;50;1.5;\n2;80;2;\n3;120;-3e1;',
        "area,price\n+50.,15e-1\n080,2.0E+00\n1.2e2,-30",
    ],
)
def test_the_same_file_in_other_dresses(text: str) -> None:
    assert read(text) == read(HOUSES)


def test_names_with_spaces_are_as_an_option_has_them() -> None:
    assert columns("the  area,price (€)\n1,2\n3,4", "the area", "price (€)") == [[1, 3], [2, 4]]


def test_the_columns_may_be_in_any_order_or_there_twice_if_not_asked_for() -> None:
    assert columns("u,u,price,area\na,b,3,1\na,b,4,2") == [[1, 2], [3, 4]]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "“houses.csv” is empty"),
        ("\ufeff\n \n", "“houses.csv” is empty"),
        ("area,price\n", "“houses.csv” has no data below its first line"),
        ("area,price\n1,2\n", "“houses.csv” has one row of data; two rows"),
        (b"area,price\n1,2\n3,\xe94\n", "“houses.csv”, line 3, is not UTF-8"),
        (HOUSES.encode("utf-16"), "“houses.csv”, line 1, is not UTF-8"),
        (
            "aera,price\n1,2\n",
            "“houses.csv” has no column “area”; did you mean “aera”? it has “aera”, “price”",
        ),
        ("a;b,b;c\n", "has no column “area”; it has “a”, “b,b”, “c”"),
        ("a,,price\n1,2,3", "has no column “area”; it has “a”, “price”"),
        (",".join("bcdefghijklmno") + "\n", "it has “b”, “c”, *“m”, …"),
        ("area,price,area\n1,2,3", "“houses.csv” has two columns “area”"),
        ("price,area,price\n1,2,3", "“houses.csv” has two columns “price”"),
        ("50,1.5\n80,2\n", "“houses.csv” begins with numbers; name the columns"),
        ("area,price\n1,2\n\n3\n", "“houses.csv”, line 4: the row has 1 of 2 cells"),
        ("area,price\n1,2\n3,4,5\n", "“houses.csv”, line 3: the row has 3 cells for 2 columns"),
        ("area,price\n1,2\n,4\n", "“houses.csv”, line 3, column area: the cell is empty"),
        ('area,price\n1,2\n3," "\n', "“houses.csv”, line 3, column price: the cell is empty"),
        (
            "area,price\n1,2\n\n3,4\n5,n/a\n",
            "“houses.csv”, line 5, column price: “n/a” is not a number; write a number with",
        ),
        ("area;price\n1;2\n3;4,5\n", "line 3, column price: “4,5” is not a number; *a point"),
        ("area,price\n1,2\n3,nan\n", "line 3, column price: “nan” is not a finite number"),
        ("area,price\n-Infinity,2\n", "line 2, column area: “-Infinity” is not a finite number"),
        ("area,price\n1e999,2\n", "line 2, column area: “1e999” is not a finite number"),
        ("area,price\n1_0,2\n", "line 2, column area: “1_0” is not a number"),
        ("area,price\n0x10,2\n", "line 2, column area: “0x10” is not a number"),
        ("area,price\n٣,2\n", "line 2, column area: “٣” is not a number"),
        ("area,price\n1,2e100\n", "line 2, column price: “2e100” is too large"),
        (f"area,price\n1,{'1' * 101}\n", "line 2, column price: “1*…” is too long for a number"),
        ("area,price\n4,1\n4,2\n4,3\n", "“houses.csv”: column area is 4 in each row"),
        ("area,price\n1e9,1\n1000000000.0001,2\n", "column area is 1000000000 in each row"),
        ("area,price\n0,1\n1e-101,2\n", "column area is 0 in each row"),
        ('area,price\n1,2\n"3,4\n5,6\n', "line 3, can't be read as CSV"),
        ('area,price\n1,2\n"3"x,4\n', "line 3, can't be read as CSV"),
        ('town,area,price\n"a\nb",1,2\n"c\nd",3,x\n', "line 4, column price: “x”"),
        (f"area,price\n{'a' * 200_000},1\n", "line 2, can't be read as CSV"),
        (f"area,price{',a' * 1000}\n", "“houses.csv” has 1002 columns"),
    ],
)
def test_what_is_refused(text: str | bytes, message: str) -> None:
    said = refusal(read, text)
    assert all(part in said for part in message.split("*")), said
    assert "\n" not in said
    assert len(said) < 300


def test_one_column_twice_is_refused() -> None:
    said = refusal(read, HOUSES, "area", "area")
    assert said == "x and y are the same column, “area”; write two"


def test_a_text_that_only_looks_like_a_number_is_refused_at_once() -> None:
    began = time.perf_counter()
    assert "too long" in refusal(read, f"area,price\n{'1' * 130_000}x,2\n")
    assert time.perf_counter() - began < 1  # minutes, if a pattern goes back and forth in it


def test_as_many_rows_as_are_allowed_and_one_more() -> None:
    text = "area,price\n" + "".join(f"{row},2\n" for row in range(MAX_ROWS))
    assert len(read(text)) == MAX_ROWS
    assert len(read(text + "\n")) == MAX_ROWS
    assert "“houses.csv” has more than 100000 rows" in refusal(read, text + "1,2\n")


def test_a_large_file_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    def reader(*arguments: object, **settings: object) -> None:
        raise AssertionError("it was parsed")

    text = b"area,price\n".ljust(MAX_BYTES, b"\n")
    assert "no data" in refusal(read, text)
    monkeypatch.setattr(csv, "reader", reader)
    assert "“houses.csv” is larger than 16 MB; keep the rows" in refusal(read, text + b"\n")


def test_the_digest_is_of_the_numbers_alone() -> None:
    dataset = read(HOUSES)
    assert dataset.digest == hashlib.sha256(dataset.values).hexdigest()
    renamed = read_dataset(HOUSES.replace("area", "a").encode(), "b.csv", "a", "price")
    assert renamed.digest == dataset.digest
    assert renamed != dataset
    swapped = read(HOUSES, "price", "area")
    assert swapped.digest != dataset.digest


def test_minus_zero_is_zero() -> None:
    assert read("area,price\n-0,1\n1,-0.0") == read("area,price\n0,1\n1,0")


def test_datasets_are_compared_hashed_and_pickled() -> None:
    dataset = read(HOUSES)
    before = pickle.dumps(dataset)
    assert dataset == read(HOUSES)
    assert hash(dataset) == hash(read(HOUSES))
    assert dataset != read(HOUSES + "1,1\n")
    _ = dataset.columns, dataset.digest
    assert pickle.dumps(dataset) == before
    again = pickle.loads(before)
    assert again == dataset
    assert again.columns.tolist() == dataset.columns.tolist()


@given(
    st.lists(
        st.tuples(*[st.floats(-LARGEST, LARGEST, allow_subnormal=False)] * 2),
        min_size=2,
        max_size=20,
    ),
    st.sampled_from(",;\t"),
    st.sampled_from(["\n", "\r\n"]),
)
def test_what_is_written_is_read(rows: list[tuple[float, float]], delimiter: str, end: str) -> None:
    lines = [("area", "price"), *((repr(x), repr(y)) for x, y in rows)]
    text = end.join(map(delimiter.join, lines))
    if is_constant(np.array(rows)[:, 0]):
        assert "in each row" in refusal(read, text)
    else:
        assert columns(text) == [list(column) for column in zip(*rows, strict=True)]


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(text: bytes) -> None:
    for whole in (text, b"area,price\n1,2\n" + text):
        with suppress(GdvizError):
            assert np.isfinite(read(whole).columns).all()


# Files


def of_file(path: Path) -> Dataset:
    return read_file(path, "houses.csv", "area", "price")


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text(HOUSES)
    assert of_file(path) == read(HOUSES)


def test_a_file_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").write_text(HOUSES)
    for path in (tmp_path / "missing.csv", tmp_path / "file" / "houses.csv"):
        assert refusal(of_file, path) == "there is no file “houses.csv”"
    with pytest.raises(GdvizError, match=r"“a\\b\.csv”, looked for in /.*; write “a/b.csv”"):
        read_nearby("a\\b.csv", "x", "y")


def test_a_folder(tmp_path: Path) -> None:
    assert "“houses.csv” is not a file but a folder" in refusal(of_file, tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a system without named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "“houses.csv” is not a file" in refusal(of_file, tmp_path / "pipe")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="a system without /dev")
def test_a_device() -> None:
    assert "“houses.csv” is not a file" in refusal(of_file, Path("/dev/zero"))


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object) -> None:
        raise PermissionError(13, "Permission denied", str(tmp_path))

    path = tmp_path / "houses.csv"
    path.write_text(HOUSES)
    monkeypatch.setattr(Path, "open", refuse)  # root may read what it likes
    assert refusal(of_file, path) == "“houses.csv” can't be read (Permission denied)"


def test_a_path_that_no_system_takes() -> None:
    assert "“houses.csv” can't be read" in refusal(of_file, Path("a\0b"))


def test_no_more_than_is_allowed_is_read(tmp_path: Path) -> None:
    path = tmp_path / "houses.csv"
    with path.open("wb") as file:
        file.truncate(20 * MAX_BYTES)
    tracemalloc.start()
    try:
        assert "“houses.csv” is larger than 16 MB" in refusal(of_file, path)
        assert tracemalloc.get_traced_memory()[1] < 3 * MAX_BYTES
    finally:
        tracemalloc.stop()


def test_the_limits_fit_together() -> None:
    assert 50 * MAX_ROWS < MAX_BYTES  # two columns of long numbers
    assert len(repr(-1.2345678901234567e-100)) < LONGEST
