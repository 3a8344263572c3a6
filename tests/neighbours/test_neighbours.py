"""A book of ten figures in the themes, and with the extensions, that books are made with.

They have an environment of their own: ``tox run -e neighbours``.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

RATES = ("0.01", "0.05", "0.1", "0.2", "0.3")
FIGURE = """\
{fence}{{gdviz-figure}}
:name: fig-{name}
:lr: {lr}
:view: {view}
:levels: 6
:chapter: 22

A figure of {name}.
{fence}
"""
CONF = """\
project, author = "Neighbours", "Nobody"
numfig = True
html_theme = {theme!r}
extensions = ["myst_parser", "sphinx_gdviz", *{extensions!r}]
myst_enable_extensions = ["colon_fence", "dollarmath"]
"""


def figure(name: str, lr: str = "0.1", view: str = "contour", fence: str = "```") -> str:
    """A figure in MyST."""
    return FIGURE.format(name=name, lr=lr, view=view, fence=fence)


def pages() -> dict[str, str]:
    """Ten figures on two pages, and what refers to them."""
    first = [figure(f"a{n}", lr) for n, lr in enumerate(RATES)]
    second = [figure(f"b{n}", lr, "loss") for n, lr in enumerate(RATES)]
    return {
        "index": "# Book\n\n```{toctree}\none\ntwo\n```\n",
        "one": "# Once\n\n" + "\n".join(first),
        "two": "# Twice\n\nThe rate {gdviz-value}`fig-a0 lr` {gdviz-value}`fig-a0 outcome`, see "
        "{numref}`fig-a0` and {numref}`fig-b4`.\n\n```{gdviz-table} fig-a0\n```\n\n"
        + "\n".join(second),
    }


def build(
    folder: Path,
    builder: str,
    texts: dict[str, str],
    extensions: tuple[str, ...] = (),
    theme: str = "alabaster",
    conf: str = "",
    told: tuple[str, ...] = (),
) -> dict[str, str]:
    """Build a book with no other warnings of ours, and read what it has come to."""
    for name, text in texts.items():
        path = folder / (name if "." in name else f"{name}.md")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    (folder / "conf.py").write_text(CONF.format(theme=theme, extensions=extensions) + conf, "utf-8")
    output = folder / "_build"
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-b", builder, str(folder), str(output)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    ours = [line for line in done.stderr.splitlines() if "gdviz" in line]
    assert len(ours) == len(told), done.stderr
    assert all(words in line for words, line in zip(told, ours, strict=True)), ours
    suffixes = {".html", ".md", ".tex", ".txt", ".xml", ".fjson", ".xhtml", ".ipynb"}
    found = {
        str(path.relative_to(output)): path.read_text("utf-8", "replace")
        for path in output.rglob("*")
        if path.suffix in suffixes and "_static" not in path.parts
    }
    assert found
    for name, text in found.items():
        assert "gdviz://" not in text, name
        assert 'src=""' not in text, name
        assert "![]()" not in text, name
    return found


def images(text: str) -> list[str]:
    """The addresses of pictures in a page, but for a logo."""
    return re.findall(r'(?:src|href)="([^"]*_images/[^"]+\.(?:svg|png))"', text)


@pytest.mark.parametrize(
    "theme",
    [
        *("alabaster", "furo", "pydata_sphinx_theme", "sphinx_book_theme", "sphinx_rtd_theme"),
        *("shibuya", "sphinxawesome_theme"),
    ],
)
def test_theme(theme: str, tmp_path: Path) -> None:
    found = build(tmp_path, "html", pages(), theme=theme)
    one, two = found["one.html"], found["two.html"]
    assert len({*images(one)}) == len({*images(two)}) == 5
    for number in range(1, 6):
        assert f"22.{number}" in one
        assert f"22.{number + 5}" in two
    assert "The rate 0.01 " in re.sub("<[^>]+>", "", two)


@pytest.mark.parametrize(
    "builder", ["singlehtml", "dirhtml", "revealjs", "markdown", "jupyter", "text"]
)
def test_builder(builder: str, tmp_path: Path) -> None:
    extensions = {
        "revealjs": ("sphinx_revealjs",),
        "markdown": ("sphinx_markdown_builder",),
        "jupyter": ("sphinx_tojupyter",),
    }
    found = build(tmp_path, builder, pages(), extensions.get(builder, ()))
    whole = "\n".join(found.values())
    for number in range(1, 11):
        assert f"22.{number}" in whole
    if builder != "text":
        assert len({*re.findall(r"gdviz-\w+\.(?:svg|png)", whole)}) == 10
    has_live = "gdviz-data" in whole
    assert has_live == ("gdviz.css" in whole and "gdviz.js" in whole) == builder.endswith("html")


WRAPPED = {
    "sphinx_design": "::::{tab-set}\n:::{tab-item} One\n" + figure("x") + ":::\n::::\n",
    "sphinx_tabs.tabs": "::::{tabs}\n:::{tab} One\n" + figure("x") + ":::\n::::\n",
    "sphinx_togglebutton": ":::{toggle}\n" + figure("x") + ":::\n",
    "sphinx_exercise": "::::{exercise}\n" + figure("x") + "::::\n",
    "sphinx_proof": "::::{prf:theorem}\n" + figure("x") + "::::\n",
    "sphinxcontrib.katex": "$x^2$\n\n" + figure("x") + "\n```{gdviz-steps} fig-x\n```\n",
}


@pytest.mark.parametrize(
    ("extension", "builder"),
    [
        (extension, builder)
        for extension in WRAPPED
        for builder in ("html", "latex", "text")
        # Two have no text for boxes of their own.
        if builder != "text" or extension not in ("sphinx_exercise", "sphinx_proof")
    ],
)
def test_figure_within(extension: str, builder: str, tmp_path: Path) -> None:
    texts = {"index": f"# Book\n\n{WRAPPED[extension]}\nSee {{numref}}`fig-x`.\n"}
    # It reads a tab twice where it makes none, so that a name is taken, as that of any figure.
    twice = extension == "sphinx_tabs.tabs" and builder != "html"
    told = ("name: “fig-x” is used twice",) if twice else ()
    whole = "\n".join(build(tmp_path, builder, texts, (extension,), told=told).values())
    if builder != "text":
        assert re.search(r"gdviz-\w+(?:\.svg|\.pdf|\})", whole)
    assert "22.1" in whole


SUBFIGURE = ("sphinx_subfigure",)


@pytest.mark.parametrize("builder", ["html", "latex"])
def test_subfigures(builder: str, tmp_path: Path) -> None:
    head = "::::{subfigure} AB\n:name: fig-two\n:subcaptions: below\n\n"
    grid = f"{head}{figure('x')}\n{figure('y', '0.3')}\nTwo.\n::::\n"
    values = "At {gdviz-value}`fig-y lr`, see {numref}`fig-two`.\n"
    found = build(tmp_path, builder, {"index": f"# Book\n\n{grid}\n{values}"}, SUBFIGURE)
    whole = re.sub("<[^>]+>", "", "\n".join(found.values()))
    assert len({*re.findall(r"gdviz-\w{32}", "\n".join(found.values()))}) == 2
    for words in ("A figure of x.", "A figure of y.", "At 0.3", "Two."):
        assert words in whole


def test_blog(tmp_path: Path) -> None:
    head = "---\nblogpost: true\ndate: Jan 1, 2026\nimage: 1\n---\n# A post\n\n"
    post = f"{head}{figure('x')}\nWords.\n"
    texts = {"index": "# Book\n\n```{postlist}\n:excerpts:\n```\n", "posts/one": post}
    conf = "blog_title = 'Blog'\nblog_baseurl = 'https://example.org'\nblog_feed_fulltext = True\n"
    found = build(tmp_path, "html", texts, ("ablog",), conf=conf)
    assert len(images(found["posts/one.html"])) == 1
    listed = found["index.html"].partition('class="postlist-')[2]
    assert ">Words.</p>" in listed
    assert len({*images(listed)}) == 1


def test_notebook(tmp_path: Path) -> None:
    cell = "```{code-cell} python3\nfrom sphinx_gdviz import Experiment\nExperiment(lr=0.1)\n```\n"
    head = "---\nfile_format: mystnb\nkernelspec:\n  name: python3\n---\n# Book\n\n"
    conf = "extensions.remove('myst_parser')\n"
    found = build(tmp_path, "html", {"index": head + cell + figure("x")}, ("myst_nb",), conf=conf)
    assert len(images(found["index.html"])) == 2


def test_gallery(tmp_path: Path) -> None:
    script = (
        '"""\nA descent\n=========\n"""\nfrom sphinx_gdviz import Experiment\nExperiment(lr=0.1)\n'
    )
    texts = {
        "index": "# Book\n\n```{toctree}\ngallery/index\n```\n",
        "examples/plot_one.py": script,
        "examples/README.rst": "Examples\n========\n",
    }
    conf = (
        "sphinx_gallery_conf = {'examples_dirs': 'examples', 'gallery_dirs': 'gallery'}\n"
        "exclude_patterns = ['examples']\n"
    )
    found = build(tmp_path, "html", texts, ("sphinx_gallery.gen_gallery",), conf=conf)
    page = found["gallery/plot_one.html"]
    assert "object at 0x" not in page
