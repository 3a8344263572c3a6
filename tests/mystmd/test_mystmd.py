"""Books of mystmd: the same directives say the same, in the web and in exports."""

from __future__ import annotations

import re
import sys
import tomllib
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

from sphinx_gdviz.core.options.read import read_experiment
from sphinx_gdviz.core.report.numbers import plain_text
from sphinx_gdviz.core.report.quantities import answer
from sphinx_gdviz.core.report.query import read_query
from sphinx_gdviz.core.result import run
from sphinx_gdviz.draw.figure import draw
from sphinx_gdviz.mystmd.declarations import OPTIONS, PLUGIN, generate
from sphinx_gdviz.mystmd.install import install, with_plugin
from sphinx_gdviz.mystmd.myst_book import MystBook
from sphinx_gdviz.mystmd.toml_settings import TYPES, TomlSettings

from .conftest import Built, MystProject, text_of

VALUES = ("loss:.4f lr=0.1 step=10", "point lr=0.1", "verdict lr=0.05", "minimum", "loss lr=0.1")
ASKED = "\n\n".join(f"{{gdviz-value}}`fig-two {value}`" for value in VALUES)
PAGES = {
    "index.md": f"""# Start

See [](#fig-one), {{numref}}`fig-two` and [](#fig-plain).

```{{gdviz-experiment}} exp
:loss: booth
:lr: 0.05
```

```{{gdviz-table}} fig-two
:name: tab-two
:columns: setting, verdict, loss

The *runs*.
```

```{{gdviz-steps}} exp
:steps: 2
```

```{{gdviz-steps}} exp
:as: table

Steps.
```

```{{gdviz-rule}} momentum
```

```{{gdviz-rule}} exp
```

{ASKED}

{{gdviz-value}}`exp step`
""",
    # The table of contents, not the alphabet, has them in this order.
    "sub/z.md": """# Z

```{gdviz-figure}
:name: fig-one
:loss: beale
:lr: 0.01
:chapter: 22
:width: 66%

A *caption* with $x^2$ and {gdviz-value}`fig-one loss`.

A legend with **MyST**.
```
""",
    "a.md": """# A

```{gdviz-figure}
:name: fig-two
:loss: booth
:lr: 0.05, 0.1
:view: contour
:chapter: 22
:alt: Two runs.
:code:

Another.
```

```{gdviz-figure}
:name: fig-plain
:loss: booth
:chapter: 3.1

In another chapter.
```

```{gdviz-figure}
:loss: booth

An ordinary one.
```
""",
}
EXPORTS = """  exports:
    - {format: tex, template: ./plain, output: out/book.tex, articles: [index.md, sub/z.md, a.md]}
    - {format: typst, template: ./plain, output: out/book.typ, articles: [index.md, sub/z.md, a.md]}
    - {format: docx, template: ./plain, output: out/book.docx, article: a.md}
    - {format: xml, output: out/book.xml, article: a.md}
    - {format: md, output: out/book.md, article: index.md}
"""
ALL = ("--tex", "--typst", "--docx", "--xml", "--md")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, node: str) -> MystProject:
    return MystProject(tmp_path_factory.mktemp("book"), PAGES, EXPORTS)


@pytest.fixture(scope="module")
def site(project: MystProject) -> Built:
    built = project.build()
    assert (built.status, built.messages) == (0, []), built.output
    return built


@pytest.fixture(scope="module")
def exports(site: Built, project: MystProject) -> Path:
    built = project.build(*ALL)  # without Typst itself, its status is that of a failure
    assert "⛔" not in built.output, built.output
    return project.folder / "out"


def test_the_plugin_declares_what_python_reads() -> None:
    source = PLUGIN.read_text("utf-8")
    assert generate(source) == source, "run python -m sphinx_gdviz.mystmd generate"
    assert '"gdviz-figure"' in source
    assert all(len(options) > 3 for options in OPTIONS.values())


def test_numbers_of_a_chapter_follow_the_table_of_contents(site: Built) -> None:
    figures = {
        each.get("identifier"): each["enumerator"]
        for name in ("z", "a")
        for each in site.page(name)
        if each["type"] == "container"
    }
    assert figures == {"fig-one": "22.1", "fig-two": "22.2", "fig-plain": "3.1.1", None: "1"}
    references = [text_of(n) for n in site.page("index") if n["type"] == "crossReference"]
    assert references == ["Figure\xa022.1", "Figure\xa022.2", "Figure\xa03.1.1"]


def test_captions_and_legends_have_myst_in_them(site: Built) -> None:
    nodes = site.page("z")
    (caption,) = (node for node in nodes if node["type"] == "caption")
    (legend,) = (node for node in nodes if node["type"] == "legend")
    assert {"emphasis", "inlineMath"} <= {
        child["type"] for child in caption["children"][0]["children"]
    }
    assert text_of(caption).endswith("and 0.300.")
    assert "strong" in {child["type"] for child in legend["children"][0]["children"]}
    (image,) = (node for node in nodes if node["type"] == "image")
    assert image["width"] == "66%"
    assert image["alt"].startswith("The loss surface and contours")


def test_a_picture_is_the_one_that_any_host_shows(site: Built) -> None:
    options = {"loss": "booth", "lr": "0.05, 0.1", "view": "contour"}
    experiment, mistakes = read_experiment(options)
    assert experiment, mistakes
    drawn = draw(run(experiment), ("svg", "pdf", "png"))
    for suffix, data in drawn.items():
        path = site.folder / "_build/gdviz" / f"gdviz-{experiment.key}.{suffix}"
        assert path.read_bytes() == data
    image = next(node for node in site.page("a") if node["type"] == "image")
    assert image["alt"] == "Two runs."
    assert (site.folder / "_build/site/public" / image["url"].strip("/")).read_bytes() == drawn[
        "svg"
    ]


def test_values_are_those_of_core(site: Built) -> None:
    experiment, _ = read_experiment({"loss": "booth", "lr": "0.05, 0.1", "view": "contour"})
    assert experiment
    result = run(experiment)
    paragraphs = [text_of(node) for node in site.page("index") if node["type"] == "paragraph"]
    for value in VALUES:
        said = plain_text(answer(result, read_query(value)))
        raised = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789−")
        assert said.translate(raised) in paragraphs


def test_tables_steps_and_rules_are_shown(site: Built) -> None:
    nodes = site.page("index")
    runs, steps = (node for node in nodes if node["type"] == "table")
    assert [len(row["children"]) for row in runs["children"]] == [3, 3, 3]
    assert [len(row["children"]) for row in steps["children"]] == [4] * 5
    assert runs["children"][1]["children"][2]["align"] == "right"
    captions = [text_of(node) for node in nodes if node["type"] == "caption"]
    assert captions == ["Table\xa01:The runs.", "Steps."]
    derivation, momentum, rule = (node for node in nodes if node["type"] == "math")
    assert derivation["value"].count(r"\theta_{2} &=") == 1
    assert r"\mu" in momentum["value"]
    assert "0.05" in rule["value"]
    formulas = [node for node in nodes if node["type"] in ("math", "inlineMath")]
    assert len(formulas) > 5
    for formula in formulas:
        assert ElementTree.fromstring(re.sub(r"&\w+;", "", formula["html"])).tag.endswith("math")


def test_the_program_is_folded_in_the_web_and_plain_in_print(site: Built, exports: Path) -> None:
    details = [node for node in site.page("a") if node["type"] == "details"]
    folded = [text_of(node["children"][0]) for node in details]
    assert folded == ["Description", "Code", "Description", "Description"]
    latex = (exports / "book-a.tex").read_text("utf-8")
    assert latex.count("def descend(") == 1
    assert "Description" not in latex


def test_exports_have_the_numbers_and_their_own_pictures(exports: Path) -> None:
    latex = (exports / "book-z.tex").read_text("utf-8") + (exports / "book-a.tex").read_text(
        "utf-8"
    )
    assert re.findall(r"\\renewcommand\{\\thefigure\}\{([\d.]+)\}", latex) == [
        "22.1",
        "22.2",
        "3.1.1",
    ]
    assert (
        re.findall(r"\\addtocounter\{figure\}\{-1\}", latex) == [r"\addtocounter{figure}{-1}"] * 3
    )
    assert len(re.findall(r"\\includegraphics.*?/gdviz-\w+-\w+\.pdf", latex)) == 4
    typst = (exports / "book-z.typ").read_text("utf-8") + (exports / "book-a.typ").read_text(
        "utf-8"
    )
    assert re.findall(r'numbering: \(\.\.n\) => "([\d.]+)"', typst) == ["22.1", "22.2", "3.1.1"]
    assert len(re.findall(r'image\("files/gdviz-\w+-\w+\.svg"', typst)) == 4
    start = (exports / "book-index.typ").read_text("utf-8")
    assert "[Figure~22.1]" in start
    assert "[Figure~22.2]" in start
    assert "Figure\xa022.2" in (exports / "book.md").read_text("utf-8")
    jats = (exports / "book.xml").read_text("utf-8")
    assert re.findall(r"<label>Figure\s([\d.]+):", jats) == ["22.2", "3.1.1"]
    with zipfile.ZipFile(exports / "book.docx") as file:
        words = re.sub("<[^>]*>", "", file.read("word/document.xml").decode())
        pictures = [name for name in file.namelist() if name.endswith(".png")]
    assert [n for n in ("22.2", "3.1.1") if n in words] == ["22.2", "3.1.1"]
    assert len(pictures) == 3


WRONG = {
    "index.md": """# Wrong

{gdviz-value}`fig-x loss`

```{gdviz-figure}
:name: fig-a
:loss: boot
:lr: -1
:chapter: x

A caption.
```

```{gdviz-figure}
:name: fig-b
:loss: booth
:expect: diverged

This one is made.
```

```{gdviz-figure}
:loss: booth
:code: maybe
```

```{gdviz-table} fig-b
:columns: lossy
```

```{gdviz-steps} fig-b
:steps: 0
```

{gdviz-value}`fig-b lossy`

{gdviz-value}`fig-a loss`

```{gdviz-rule} adma
```
"""
}
TOLD = [
    (3, "gdviz-value: there is no figure or experiment “fig-x”; did you mean “fig-b”?"),
    (7, "gdviz-figure: loss: "),
    (8, "gdviz-figure: lr: the learning rate -1 is not positive"),
    (9, "gdviz-figure: chapter: “x” is not a chapter"),
    (17, "gdviz-figure: expect: “diverged” was claimed, but the run "),
    (22, "gdviz-figure: the caption is empty"),
    (24, "gdviz-figure: code: “maybe” is not known here"),
    (27, "gdviz-table: “lossy” is not a quantity"),
    (32, "gdviz-steps: steps: “0”: write how many"),
    (35, "gdviz-value: "),
    (39, "gdviz-rule: there is no figure or experiment “adma”"),
]


def test_mistakes_are_messages_at_their_lines_and_fail_a_strict_build(
    tmp_path: Path, node: str
) -> None:
    project = MystProject(tmp_path, WRONG)
    built = project.build()
    assert built.status != 0
    found = sorted((line, text) for _, line, text in built.messages)
    assert [line for line, _ in found] == [line for line, _ in TOLD], built.output
    for (_, text), (_, beginning) in zip(found, TOLD, strict=True):
        assert text.startswith(beginning)
    assert project.build("--site").status == 0
    assert sum(n["type"] == "container" for n in built.page("index")) == 4


ONE = {
    "index.md": """# One

```{gdviz-figure}
:name: a
:loss: booth

A.
```

{gdviz-value}`a loss`
"""
}
WORKERS = {
    "can't be started": ("", "ENOENT"),
    "dies": ("import sys; sys.exit('no memory')", "it ended with 1: no memory"),
    "hangs": ("import time; time.sleep(60)", "it has not answered for 1 s"),
    "says something else": ("print('hello', flush=True); input()", 'it said "hello"'),
    "is of another version": (
        """print('{"version": "0.0"}', flush=True); input()""",
        "it is sphinx_gdviz 0.0, and the plugin is of",
    ),
}


@pytest.mark.parametrize("why", WORKERS)
def test_a_worker_that_fails_is_one_message(tmp_path: Path, node: str, why: str) -> None:
    source, told = WORKERS[why]
    worker = tmp_path / "worker"
    if source:
        worker.write_text(f"#!{sys.executable}\n{source}\n")
        worker.chmod(0o755)
    project = MystProject(tmp_path / "book", ONE)
    env = {"GDVIZ_PYTHON": str(worker), "GDVIZ_TIMEOUT": "1"}
    built = project.build("--site", env=env)
    assert built.status == 0, built.output
    ((file, line, text),) = built.messages
    assert (file, line) == ("index.md", 3)
    assert told in text
    assert "This figure could not be made." in "".join(map(text_of, built.page("index")))


OWN = {
    "index.md": """# Own

```{gdviz-figure}
:name: fig-own
:loss: dish
:optimizer: half

A.
```

{gdviz-value}`fig-own step`; {gdviz-value}`fig-own optimizer`

```{gdviz-figure}
:loss: flat-bowl
:steps: 400

Too many.
```
""",
    "own.py": """
gdviz_losses = {"dish": lambda x, y: x**2 + 3 * y**2}
def half(theta, g, lr, memory, t):
    return theta - lr * g / 2, memory
gdviz_optimizers = {"half": half}
""",
}


def test_settings_and_functions_of_a_book(tmp_path: Path, node: str) -> None:
    project = MystProject(tmp_path, {"index.md": OWN["index.md"]})
    (tmp_path / "own.py").write_text(OWN["own.py"])
    settings = tmp_path / "gdviz.toml"
    settings.write_text(
        'python = "own.py"\nmax_steps = 300\nlevel = 3\n'
        '[defaults]\nsteps = 7\nchapter = 5\n[losses]\nflat-bowl = "x**2 + y**4"\n'
    )
    built = project.build()
    assert [(line, text) for _, line, text in built.messages] == [
        (
            3,
            "gdviz: gdviz.toml: there is no setting “level”; there are "
            "defaults, max_steps, style, losses, python",
        ),
        (15, "gdviz-figure: steps: “400” is not a whole number from 0 to 300"),
    ], built.output
    nodes = project.build("--site").page("index")
    assert [n["enumerator"] for n in nodes if n["type"] == "container"] == ["5.1", "5.2"]
    assert "7; half" in [text_of(n) for n in nodes if n["type"] == "paragraph"]
    settings.write_text('python = "../own.py"\nmax_steps = "many"\n')
    said = [text for _, _, text in project.build("--site").messages]
    assert "gdviz: gdviz.toml: max_steps: “many” is not a whole number" in said
    assert any("“../own.py” is outside of the book's folder" in text for text in said)


def test_a_name_that_stands_twice_is_told_and_one_that_has_moved_is_not(tmp_path: Path) -> None:
    book, options = MystBook(str(tmp_path)), {"loss": "booth", "steps": "3"}

    def told(page: str, turn: int, line: int) -> list[str]:
        place = {"page": str(tmp_path / page), "turn": turn, "line": line}
        asked = {"name": "gdviz-experiment", "arg": "exp", "options": options, "hasBody": False}
        return [text for _, text in book.answer({**asked, **place})["messages"]]

    assert told("a.md", 1, 5) == []
    assert told("a.md", 1, 9) == ["the name “exp” is used twice; the other is in line 5"]
    assert told("b.md", 2, 3) == ["the name “exp” is used twice; the other is in line 5 of a.md"]
    assert told("a.md", 3, 7) == []


def test_settings_of_the_guide_are_read(tmp_path: Path) -> None:
    guide = Path(__file__).parents[2] / "book/guide/jupyter-book.md"
    (block,) = re.findall(r"```toml\n(.*?)```", guide.read_text("utf-8"), re.S)
    (tmp_path / "gdviz.toml").write_text(block, "utf-8")
    (tmp_path / "figures.py").write_text("")
    settings = TomlSettings.read(tmp_path)
    assert settings.mistakes == []
    assert set(tomllib.loads(block)) == set(TYPES)
    assert (settings.book.max_steps, settings.defaults) == (1000, {"width": "66%"})
    assert "valley" in settings.book.losses


def test_init_adds_the_plugin_once(tmp_path: Path) -> None:
    path = tmp_path / "myst.yml"
    assert install(tmp_path) == 1
    path.write_text("version: 1\nproject:\n  title: A\nsite:\n  template: x\n")
    for _ in range(2):
        assert install(tmp_path) == 0
        assert path.read_text().count("gdviz.mjs") == 1
    assert path.read_text().startswith("version: 1\nproject:\n  plugins:\n    - gdviz.mjs\n  title")
    assert (tmp_path / "gdviz.mjs").read_bytes() == PLUGIN.read_bytes()
    others = "project:\n  plugins:\n  - other.mjs\n"
    assert with_plugin(others) == "project:\n  plugins:\n  - gdviz.mjs\n  - other.mjs\n"
    assert with_plugin("project: {}\n") is None
    assert with_plugin("project:\n  plugins: [other.mjs]\n") is None
