"""Builds of small books, each in a fork of a process that has loaded what every build loads.

Loading Sphinx, MyST, NumPy and Matplotlib takes longer than building a small book. A fork has them
and shares nothing else: what one build changes in memory no other sees.
"""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

SERVER = """\
import json, os, signal, sys
from importlib import import_module
import contourpy, fontTools.subset, matplotlib.mathtext, matplotlib.backends.backend_agg
import myst_parser.sphinx_ext.main
from sphinx.application import builtin_extensions
from sphinx.cmd.build import main

for name in builtin_extensions:
    import_module(name)
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
"""


@cache
def _server(environment: frozenset[tuple[str, str]]) -> subprocess.Popen[str]:
    """Start the process that forks, once in each process of tests."""
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER],
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
