"""Small books: written, copied and built in a process of their own, as authors build theirs."""

from __future__ import annotations

import html
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .forking import sphinx_build

TIMEOUT = 300
CONF = """\
project = "Small"
extensions = ["myst_parser", "sphinx_gdviz"]
myst_enable_extensions = ["dollarmath", "colon_fence"]
numfig = True
html_theme = "basic"
show_warning_types, linkcheck_report_timeouts_as_broken = True, False  # as Sphinx 8 has it
"""

DRIVER = """\
import sys
from sphinx.cmd.build import main
code = main(sys.argv[1:])
print("IMPORTED:", *[name for name in ("matplotlib", "numpy") if name in sys.modules])
sys.exit(code)
"""

_MESSAGE = re.compile(
    r"^(?P<file>[^\s:]+|/.*?):(?P<line>\d*):? ?(WARNING|ERROR): "
    r"(?P<text>.*?)( \[(?P<type>[\w.]+)\])?$"
)


@dataclass(frozen=True)
class Message:
    """A warning of a build."""

    file: str
    line: int
    text: str
    type: str


@dataclass(frozen=True)
class Built:
    """What came of a build."""

    folder: Path
    out: Path
    code: int
    stdout: str
    stderr: str

    @property
    def messages(self) -> list[Message]:
        """All that was said on stderr; a line that is no message of its own counts too."""
        found = []
        for line in filter(None, self.stderr.splitlines()):
            match = _MESSAGE.match(line)
            if match:
                name = Path(match["file"]).name
                line_number = int(match["line"] or 0)
                found.append(Message(name, line_number, match["text"], match["type"] or ""))
            else:
                found.append(Message("", 0, line, ""))
        return found

    @property
    def drew(self) -> int:
        """How many figures were drawn."""
        return len(re.findall(r"^drawing figures\.\.\. \[", self.stdout, re.M))

    @property
    def wrote(self) -> list[str]:
        """The documents that were written."""
        return self._progress("writing output")

    @property
    def read(self) -> list[str]:
        """The documents that were read."""
        return self._progress("reading sources")

    @property
    def drawn(self) -> list[str]:
        """The names of the figures that were drawn."""
        return self._progress("drawing figures")

    def _progress(self, what: str) -> list[str]:
        names: list[str] = re.findall(rf"^{what}\.\.\. \[ *\d+%\] (\S+)", self.stdout, re.M)
        return names

    @property
    def imported(self) -> list[str]:
        """The slow libraries that the build imported."""
        (line,) = re.findall(r"^IMPORTED:(.*)$", self.stdout, re.M)
        return line.split()

    def page(self, name: str) -> str:
        """A file of the output."""
        return (self.out / name).read_text(encoding="utf-8")

    def ok(self) -> Built:
        """Itself, if there was nothing to say."""
        assert self.code == 0, self.stdout + self.stderr
        assert not self.stderr.strip(), self.stderr
        return self


def run_sphinx(
    folder: Path,
    builder: str = "html",
    *args: str,
    out: Path | None = None,
    env: Mapping[str, str] | None = None,
    driver: bool = False,
) -> Built:
    """Build a book; doctrees and output go to `_build` in its folder."""
    out = out or folder / "_build" / builder
    doctrees = folder / "_build" / "doctrees"
    options = ["--no-color", "-b", builder, "-d", doctrees, *args, folder, out]
    arguments = [str(option) for option in options]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8", "LC_ALL": "C.UTF-8", **(env or {})}
    if not (driver or env):
        done = sphinx_build(arguments, environment, TIMEOUT)
        return Built(folder, out, done.returncode, done.stdout, done.stderr)
    # These look at the process itself: what it loads, its environment.
    start = ["-c", DRIVER] if driver else ["-m", "sphinx"]
    done = subprocess.run(
        [sys.executable, *start, *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment,
        check=False,
        timeout=TIMEOUT,
    )
    return Built(folder, out, done.returncode, done.stdout, done.stderr)


def write_book(folder: Path, pages: Mapping[str, str], conf: str = "") -> Path:
    """Write a book of some pages; where there is no index, one with all pages in a toctree."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "conf.py").write_text(CONF + conf, encoding="utf-8")
    if not any(name.startswith("index.") for name in pages):
        names = "\n".join(f"   {name.rpartition('.')[0]}" for name in pages)
        pages = {"index.rst": f"Book\n====\n\n.. toctree::\n   :numbered:\n\n{names}\n", **pages}
    for name, text in pages.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def copy_root(rootdir: Path, name: str, folder: Path) -> Path:
    """A copy of one of the small books in roots/."""
    shutil.copytree(rootdir / f"test-{name}", folder)
    return folder


def edit(path: Path, old: str, new: str) -> None:
    """Change a page, and make sure that something changed."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def plain(markup: str) -> str:
    """The text of a page of HTML, without tags and with single spaces."""
    body = re.sub(r"(?s)<(script|style|title|head)\b.*?</\1>", "", markup)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", body)).split())


def myst(*options: str, caption: str = "A caption.") -> str:
    """A figure in MyST."""
    return "\n".join(["```{gdviz-figure}", *options, "", caption, "```", ""])


def pictures(built: Built, suffix: str = "svg") -> dict[str, bytes]:
    """The pictures in the output of a build."""
    return {path.name: path.read_bytes() for path in sorted(built.out.rglob(f"gdviz-*.{suffix}"))}


QUICK = (":steps: 3", ":view: contour", ":levels: 2")
"""Options of a figure that is drawn in no time."""
