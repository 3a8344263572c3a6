"""Builds of small books, each in a fork of a process that has built one already.

Loading Sphinx, MyST, NumPy and Matplotlib, and what they make when they are first used, takes much
longer than building a small book. A fork has all that and shares nothing else: what one build
changes in memory no other sees.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

CONF = """\
extensions = ["myst_parser", "sphinx_gdviz"]
myst_enable_extensions = ["dollarmath", "colon_fence"]
numfig = True
html_theme = "basic"
"""
PAGE = """\
# A book

```{gdviz-figure}
:name: fig
:lr: 0.1, 0.2
:steps: 3
:view: surface, contour, loss

With $x$ at {gdviz-value}`fig loss run=1`, {numref}`fig`.
```

```{gdviz-table} fig
```

```{gdviz-steps} fig
:run: 1
```
"""


def serve() -> None:
    """Build a book for each line of the input, in a fork, and print its exit code."""
    from sphinx.cmd.build import main

    with TemporaryDirectory() as book:
        Path(book, "conf.py").write_text(CONF, "utf-8")
        Path(book, "index.md").write_text(PAGE, "utf-8")
        for builder in ("html", "latex", "text"):
            if main(["-QW", "-b", builder, "-d", f"{book}/_build/d", book, f"{book}/_build/out"]):
                raise SystemExit("the first book could not be built")
    for line in sys.stdin:
        arguments, folder, timeout = json.loads(line)
        child = os.fork()
        if not child:
            for number, name in enumerate((os.devnull, "out", "err")):
                path = os.path.join(folder, name)  # of devnull, which is absolute, itself
                os.dup2(os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC), number)
            signal.alarm(timeout)
            sys.exit(main(arguments))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


@cache
def _server(environment: frozenset[tuple[str, str]]) -> subprocess.Popen[str]:
    """Start the process that forks, once in each process of tests."""
    server = subprocess.Popen(
        [sys.executable, __file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=dict(environment),
    )
    atexit.register(server.communicate)  # closes what it reads from, which ends it
    return server


def sphinx_build(
    arguments: Sequence[str], environment: Mapping[str, str], timeout: int
) -> subprocess.CompletedProcess[str]:
    """Do as ``sphinx-build`` with these arguments."""
    # What pytest says of the test that is running differs from one build to the next.
    mine = frozenset((k, v) for k, v in environment.items() if k != "PYTEST_CURRENT_TEST")
    server = _server(mine)
    assert server.stdin
    assert server.stdout
    with TemporaryDirectory() as folder:
        server.stdin.write(json.dumps([arguments, folder, timeout]) + "\n")
        server.stdin.flush()
        code = int(server.stdout.readline())
        out, err = (Path(folder, name).read_text("utf-8") for name in ("out", "err"))
    return subprocess.CompletedProcess(arguments, code, out, err)


if __name__ == "__main__":
    serve()
