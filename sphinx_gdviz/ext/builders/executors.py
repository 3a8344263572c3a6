"""Executors that draw: the build itself, worker processes, or one that a book names."""

from __future__ import annotations

import importlib
import multiprocessing
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from contextlib import AbstractContextManager
from itertools import islice
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
Key = TypeVar("Key")

AHEAD = 64
"""Tasks given out before the first of them has come back: their trajectories are in memory."""


class SerialExecutor(Executor):
    """Runs each task at once, in the process that submits it."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run a task; its future is done."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


def make_executor(
    factory: str | Callable[[], Executor], jobs: int
) -> AbstractContextManager[Executor]:
    """The executor of a build.

    Parameters
    ----------
    factory : str or callable
        A function that makes it, or its name as in “package.module:name”; empty for our own.
    jobs : int
        Number of processes that Sphinx was told to use.

    Raises
    ------
    Exception
        Whatever goes wrong in a factory that is not ours.
    """
    if factory:
        return (_load(factory) if isinstance(factory, str) else factory)()
    return _processes(jobs) if jobs > 1 else SerialExecutor()


def _processes(jobs: int) -> ProcessPoolExecutor:
    # A fork has Matplotlib imported already. The threads of BLAS do not live in it, and matrices
    # of two by two, which are all that drawing has, need none.
    fork = "fork" in multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("fork" if fork else None)
    return ProcessPoolExecutor(jobs, context, _end_with, (os.getpid(),))


def _end_with(parent: int) -> None:
    """Have a worker end when the build is gone, also when that was killed."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def run_tasks(
    executor: Executor,
    task: Callable[..., T],
    keys: Iterable[Key],
    arguments: Callable[[Key], tuple[Any, ...]],
) -> Iterator[tuple[Key, Future[T]]]:
    """Run a task for all keys, and yield keys and futures as they are done.

    A worker that is killed breaks its whole executor, with all that it was to do. That is then done
    one by one, in another process, so that one task fails alone.

    Parameters
    ----------
    executor : Executor
        Runs the tasks. Where it does not even take one, the future has failed.
    task : callable
        The function to run.
    keys : iterable
        One for each run of the function.
    arguments : callable
        Makes the task's arguments of a key, when its turn comes.
    """
    ahead = 1 if isinstance(executor, SerialExecutor) else AHEAD
    remaining = iter(keys)
    pending: dict[Future[T], Key] = {}
    broken: list[Key] = []
    while True:
        for key in islice(remaining, ahead - len(pending)):
            try:
                future = executor.submit(task, *arguments(key))
            except Exception as error:
                future = Future()
                future.set_exception(error)
            pending[future] = key
        if not pending:
            break
        for future in wait(pending, return_when=FIRST_COMPLETED).done:
            if _is_broken(future):
                broken.append(pending.pop(future))
            else:
                yield pending.pop(future), future
    yield from _run_one_by_one(task, deque(broken), arguments)


def _run_one_by_one(
    task: Callable[..., T], keys: deque[Key], arguments: Callable[[Key], tuple[Any, ...]]
) -> Iterator[tuple[Key, Future[T]]]:
    """Run a task in a process that has nothing else to do, and in another when that is killed."""
    while keys:
        with _processes(1) as executor:
            future: Future[T] = Future()
            while keys and not _is_broken(future):
                key = keys.popleft()
                future = executor.submit(task, *arguments(key))
                wait([future])
                yield key, future


def _is_broken(future: Future[Any]) -> bool:
    """Whether a task was not done since a worker was killed."""
    return (
        future.done() and not future.cancelled() and isinstance(future.exception(), BrokenExecutor)
    )


def _load(name: str) -> Callable[[], Executor]:
    module, _, attribute = name.partition(":")
    if not attribute:
        raise ValueError(f"“{name}” is not a name such as “package.module:name”")
    factory: Callable[[], Executor] = getattr(importlib.import_module(module), attribute)
    return factory
