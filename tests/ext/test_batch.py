"""The batch: figures drawn at once by whatever executor there is, and all the same."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from .books import QUICK, Built, edit, myst, pictures, run_sphinx, write_book

NAMES = ["fig-bowl", "fig-rates", "fig-loss", "fig-arrows", "fig-surface"]
PAGE = "# One\n\n" + "\n".join(
    [
        myst(":name: fig-bowl", *QUICK),
        myst(":name: fig-rates", ":lr: 0.1, 0.5", ":steps: 9", ":overlay:", ":view: contour"),
        myst(":name: fig-loss", ":view: loss, gradient"),
        myst(":name: fig-arrows", ":view: arrows", ":mark: minima, saddles", ":width: 60%"),
        myst(":name: fig-surface", ":view: surface", ":scale: log", ":loss: (1 - x)**2 + y**4"),
    ]
)
PATH = "import pathlib, sys\nsys.path.insert(0, str(pathlib.Path(__file__).parent))\n"
"""For modules beside conf.py, which are not found otherwise."""


@pytest.fixture(scope="module")
def serial(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The book as a single process draws it."""
    return run_sphinx(write_book(tmp_path_factory.mktemp("serial"), {"one.md": PAGE})).ok()


def test_progress_is_told_by_name(serial: Built) -> None:
    assert serial.drawn == NAMES


def test_many_processes_draw_the_same(serial: Built, tmp_path: Path) -> None:
    built = run_sphinx(write_book(tmp_path, {"one.md": PAGE}), "html", "-j", "2").ok()
    assert sorted(built.drawn) == sorted(NAMES)
    assert pictures(built) == pictures(serial)
    assert built.page("one.html") == serial.page("one.html")


# The executor of a book

CLUSTER = """\
import logging

from distributed import Client, LocalCluster

def make():
    cluster = LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=logging.CRITICAL
    )
    return Client(cluster).get_executor()
"""
NOT_HERE = """\
import sphinx_gdviz.draw.figure

def refuse(*args):
    raise RuntimeError("drawn in the process of the build")

sphinx_gdviz.draw.figure.draw = refuse
"""


def test_cluster_draws_the_same(serial: Built, tmp_path: Path) -> None:
    """A real one, of processes that have not read this book's conf.py; the build draws nothing."""
    conf = PATH + NOT_HERE + 'gdviz_executor = "cluster:make"\n'
    book = write_book(tmp_path, {"one.md": PAGE}, conf)
    (book / "cluster.py").write_text(CLUSTER, "utf-8")
    built = run_sphinx(book, "html", "-W")
    # As the process ends, Dask's workers may still complain of a scheduler that is gone.
    messages = [message for message in built.messages if message.file]
    assert (built.code, messages) == (0, []), built.stdout + built.stderr
    assert sorted(built.drawn) == sorted(NAMES)
    assert pictures(built) == pictures(serial)


THREADS = """\
from concurrent.futures import ThreadPoolExecutor

def make():
    return ThreadPoolExecutor(4)
"""


def test_function_in_conf(serial: Built, tmp_path: Path) -> None:
    """Of threads, which must not mix up settings that Matplotlib has only once."""
    conf = THREADS + "gdviz_executor = make\n"
    book = write_book(tmp_path, {"one.md": PAGE}, conf)
    built = run_sphinx(book, "html", "-W").ok()
    assert pictures(built) == pictures(serial)
    edit(book / "conf.py", "(4)", "(3)")
    again = run_sphinx(book, "html", "-W").ok()
    assert (again.read, again.drew) == ([], 0), "who draws is not what is drawn"


def test_threads_do_not_mix_up_what_is_remarked(tmp_path: Path) -> None:
    """Python's warnings are the process's, not a thread's: each belongs to the figure it is of."""
    letters = "学習率勾配降下法最適化"
    figures = [
        myst(f":titles: {letter}", *QUICK[1:], f":steps: {number}")
        for number, letter in enumerate(letters, 3)
    ]
    book = write_book(
        tmp_path,
        {"one.md": "# A\n\n" + "\n".join(figures)},
        PATH + 'gdviz_executor = "pool:make"\n',
    )
    (book / "pool.py").write_text(THREADS, "utf-8")
    lines = (book / "one.md").read_text("utf-8").splitlines()
    told = {}
    for message in run_sphinx(book).messages:
        assert message.type == "gdviz.draw"
        told[message.line] = message.text
    for letter in letters:
        line = lines.index(f":titles: {letter}")  # below the first of its figure, from 0
        assert f"Glyph {ord(letter)} " in told[line]
    assert len(told) == len(letters)


FACTORIES = {
    "no module": ('"nowhere:make"', ("nowhere",)),
    "no colon": ('"pool"', ("“pool”", "package.module:name")),
    "no such name": ('"pool:nothing"', ("pool", "nothing")),
    "raises": ('"pool:broken"', ("the cluster is away",)),
    "raises in conf": ("(lambda: 1 / 0)", ("ZeroDivisionError",)),
    "returns nothing": ('"pool:nobody"', ("NoneType",)),
    "no function": ('"pool:number"', ("int", "not callable")),
    "closed": ('"pool:closed"', ("shutdown",)),
}
POOL = """\
from concurrent.futures import ThreadPoolExecutor

number = 3

def broken():
    raise ConnectionError("the cluster is away")

def nobody():
    return None

def closed():
    executor = ThreadPoolExecutor(2)
    executor.shutdown()
    return executor
"""


@pytest.mark.parametrize("name", FACTORIES)
def test_executor_that_there_is_not(serial: Built, tmp_path: Path, name: str) -> None:
    """One message, and the book is drawn all the same."""
    factory, words = FACTORIES[name]
    book = write_book(tmp_path, {"one.md": PAGE}, f"{PATH}gdviz_executor = {factory}\n")
    (book / "pool.py").write_text(POOL, "utf-8")
    built = run_sphinx(book)
    assert built.code == 0, built.stderr
    (message,) = built.messages
    assert (message.file, message.type) == ("conf.py", "gdviz.setting")
    assert message.text.startswith("gdviz_executor: ")
    assert all(word in message.text for word in words)
    assert pictures(built) == pictures(serial)


# A process that dies

DIES = """\
import os
import sphinx_gdviz.draw.figure as page

def dies(result, formats, real=page.draw):
    if result.experiment.steps in (4, 6):
        os._exit(1)
    return real(result, formats)

page.draw = dies
"""


@pytest.mark.parametrize("count", [5, 80])
def test_process_that_dies(tmp_path: Path, count: int) -> None:
    """For want of memory, say: each that kills its process fails, and the others are drawn."""
    figures = [myst(f":steps: {2 + i}", ":view: loss") for i in range(count)]
    book = write_book(tmp_path, {"one.md": "# One\n\n" + "\n".join(figures)}, DIES)
    built = run_sphinx(book, "html", "-j", "2")
    assert built.code == 0, built.stderr
    assert "Traceback" not in built.stderr
    page = (book / "one.md").read_text("utf-8").splitlines()
    lines = [page.index(line) for line in (":steps: 4", ":steps: 6")]
    told = [(message.file, message.line, message.type) for message in built.messages]
    assert sorted(told) == [("one.md", line, "gdviz.draw") for line in lines]
    assert built.page("one.html").count('src="_images/gdviz-') == count - 2
    edit(book / "conf.py", "os._exit(1)", "pass")
    mended = run_sphinx(book, "html", "-j", "2").ok()
    assert mended.page("one.html").count('src="_images/gdviz-') == count


SLOW = """\
import time
import sphinx_gdviz.draw.figure as page

def slow(result, formats, real=page.draw):
    time.sleep(60)
    return real(result, formats)

page.draw = slow
"""


def test_workers_end_with_a_build_that_is_killed(tmp_path: Path) -> None:
    figures = [myst(f":steps: {2 + i}", ":view: loss") for i in range(4)]
    book = write_book(tmp_path, {"one.md": "# One\n\n" + "\n".join(figures)}, SLOW)
    command = [sys.executable, "-m", "sphinx", "-j", "2", str(book), str(book / "_build")]
    build = psutil.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    workers = []
    for _ in range(300):
        workers = build.children()
        if len(workers) == 2:
            break
        time.sleep(0.1)
    assert len(workers) == 2
    build.kill()
    build.wait()
    _, alive = psutil.wait_procs(workers, timeout=20)
    for worker in alive:
        worker.kill()
    assert not alive
