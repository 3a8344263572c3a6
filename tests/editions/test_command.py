"""The command that builds all editions."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONF = (
    'project = "Small"\nextensions = ["sphinx_gdviz"]\nnumfig = True\nversion = copyright = "1"\n'
)
PAGE = """\
Small
=====

.. gdviz-figure::
   :steps: {steps}

   A figure.
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A book of one page."""
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "conf.py").write_text(CONF, "utf-8")
    (folder / "index.rst").write_text(PAGE.format(steps=5), "utf-8")
    return folder


def run(*arguments: str | Path, path: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    if path is not None:
        environment["PATH"] = path
    command = [sys.executable, "-m", "sphinx_gdviz.editions", *map(str, arguments)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_without_tex_one_line_says_so_and_the_rest_is_built(source: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    done = run(source, output, path="/nonexistent")
    assert done.returncode == 0, done.stderr
    (line,) = [line for line in done.stdout.splitlines() if "latexmk" in line]
    assert "apt-get install" in line
    assert (output / "html/index.html").exists()
    assert (output / "text/index.txt").exists()
    assert list((output / "epub").glob("*.epub"))


def test_only_some_editions(source: Path, tmp_path: Path) -> None:
    done = run("--only", "text", source, tmp_path / "out")
    assert done.returncode == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"doctrees", "text"}


def test_an_edition_that_is_not_known(source: Path, tmp_path: Path) -> None:
    done = run("--only", "html,papyrus", source, tmp_path / "out")
    assert done.returncode == 2
    assert "no edition is called papyrus" in done.stderr


def test_a_mistake_fails_the_build_where_warnings_are_errors(source: Path, tmp_path: Path) -> None:
    (source / "index.rst").write_text(PAGE.format(steps=-1), "utf-8")
    assert run("--only", "html", source, tmp_path / "a").returncode == 0
    done = run("-W", "--only", "html", source, tmp_path / "b")
    assert done.returncode == 1
    assert "index.rst:5: WARNING: gdviz-figure: steps: “-1”" in done.stderr


def test_a_latex_error_is_shown_and_fails(source: Path, tmp_path: Path) -> None:
    """A latexmk of our own that fails: what it said is passed on."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("latexmk", "pdflatex"):
        (tools / name).write_text("#!/bin/sh\necho '! Emergency stop.'\nexit 12\n", "utf-8")
        (tools / name).chmod(0o755)
    done = run("--only", "pdf", source, tmp_path / "out", path=f"{tools}:/usr/bin:/bin")
    assert done.returncode == 1
    assert "! Emergency stop." in done.stderr
