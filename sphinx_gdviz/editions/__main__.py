"""Build every edition of a book: ``python -m sphinx_gdviz.editions [options] SOURCE OUTPUT``."""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from . import ZIP_EPOCH

EDITIONS = {"html": "html", "epub": "epub", "text": "text", "pdf": "latex"}
"""What a reader gets, and the Sphinx builder that it comes from."""

NO_TEX = (
    "pdf: no latexmk and pdflatex on the PATH, so LaTeX only; on Debian: apt-get install latexmk "
    "texlive-latex-recommended texlive-latex-extra texlive-fonts-recommended tex-gyre"
)


class EditionError(Exception):
    """An edition could not be made; the message is what its tool said."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Build the editions that were asked for, and say where they are.

    Parameters
    ----------
    arguments
        The words of the command line; those of the process when left out.

    Returns
    -------
    int
        The exit status: 0 when every edition was made.
    """
    options = _parser().parse_args(arguments)
    # An author's own SOURCE_DATE_EPOCH counts. FORCE_SOURCE_DATE is for TeX's \today and the like.
    environment = {"SOURCE_DATE_EPOCH": str(ZIP_EPOCH), **os.environ, "FORCE_SOURCE_DATE": "1"}
    results: dict[str, str] = {}
    failed = False
    for edition in options.only:
        try:
            results[edition] = str(_build(edition, options, environment))
        except EditionError as error:
            print(error, file=sys.stderr)
            results[edition] = "failed"
            failed = True
    for edition, result in results.items():
        print(f"{edition:<5} {result}")
    return int(failed)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sphinx_gdviz.editions", description=__doc__)
    parser.add_argument("source", type=Path, help="folder of the book")
    parser.add_argument("output", type=Path, help="folder for the editions")
    parser.add_argument("-c", dest="confdir", type=Path, help="folder of conf.py, if not SOURCE")
    parser.add_argument("-j", dest="jobs", default="1", help="processes for Sphinx, or 'auto'")
    parser.add_argument("-W", dest="strict", action="store_true", help="warnings are errors")
    parser.add_argument(
        "--only",
        type=_editions,
        default=list(EDITIONS),
        metavar="LIST",
        help=f"some of {','.join(EDITIONS)}; 'latex' means 'pdf'",
    )
    return parser


def _editions(text: str) -> list[str]:
    wanted = {"pdf" if word == "latex" else word for word in text.replace(" ", "").split(",")}
    if unknown := wanted - EDITIONS.keys():
        raise argparse.ArgumentTypeError(
            f"no edition is called {', '.join(sorted(unknown))}; there are {', '.join(EDITIONS)}"
        )
    return [edition for edition in EDITIONS if edition in wanted]


def _build(edition: str, options: argparse.Namespace, environment: Mapping[str, str]) -> Path:
    """Make one edition and return its path."""
    builder = EDITIONS[edition]
    folder: Path = options.output / builder
    # One doctree folder for all: each experiment is then read and run once. It lies outside the
    # folders of the editions, since whatever lies in that of the EPUB gets into the archive.
    command = [sys.executable, "-m", "sphinx", "-q", "-b", builder, "-j", options.jobs]
    command += [
        "-d",
        str(options.output / "doctrees"),
        "-c",
        str(options.confdir or options.source),
    ]
    command += ["-W", "--keep-going"] if options.strict else []
    print(f"{edition}: building", flush=True)
    if subprocess.run([*command, str(options.source), str(folder)], env=environment).returncode:
        raise EditionError(f"{edition}: Sphinx stopped; see its messages above")
    if edition == "html":
        return folder / "index.html"
    if edition == "epub":
        return _only_file(folder, "*.epub")
    if edition == "pdf":
        return _pdf(folder, options.output / "pdf", environment)
    return folder


def _pdf(latex: Path, folder: Path, environment: Mapping[str, str]) -> Path:
    """Compile the LaTeX of the book, and return the PDF, or the LaTeX where there is no TeX."""
    source = _only_file(latex, "*.tex")
    if not (shutil.which("latexmk") and shutil.which("pdflatex")):
        print(NO_TEX)
        return source
    log = latex / "latexmk.log"
    with log.open("wb") as file:
        run = subprocess.run(
            ["latexmk", "-pdf", "-interaction=nonstopmode", "-halt-on-error", source.name],
            cwd=latex,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    if run.returncode:
        raise EditionError(f"pdf: LaTeX stopped; all of it is in {log}\n{_tail(log)}")
    folder.mkdir(parents=True, exist_ok=True)
    result = folder / source.with_suffix(".pdf").name
    shutil.copyfile(source.with_suffix(".pdf"), result)
    return result


def _tail(log: Path, lines: int = 25) -> str:
    """Return what TeX said from its first error on, or the end of the log."""
    text = log.read_text(encoding="utf-8", errors="replace")
    error = re.search(r"^(!|\S+:\d+: )", text, flags=re.MULTILINE)
    if error:
        return "\n".join(text[error.start() :].splitlines()[:lines])
    return "\n".join(text.splitlines()[-lines:])


def _only_file(folder: Path, pattern: str) -> Path:
    """Return the one file that a builder leaves, or say what is there instead."""
    files = sorted(folder.glob(pattern))
    if len(files) != 1:
        raise EditionError(f"{folder}: expected one {pattern}, found {len(files)}")
    return files[0]


if __name__ == "__main__":
    raise SystemExit(main())
