"""What is kept between builds: drawn once, whole or not at all, the same bytes every time."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sphinx_gdviz.store import Store

from .books import Built, copy_root, edit, run_sphinx


@pytest.fixture
def book(rootdir: Path, tmp_path: Path) -> Path:
    return copy_root(rootdir, "plain", tmp_path / "book")


def store(book: Path) -> Path:
    return book / "_build" / "doctrees" / "gdviz"


def kept(book: Path) -> dict[str, bytes]:
    """All that the store keeps: results and pictures, each with its checksum."""
    return {path.name: path.read_bytes() for path in sorted(store(book).iterdir())}


def halve(data: bytes) -> bytes:
    return data[: len(data) // 2]


def flip(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes(64) + data[middle + 64 :]


KEY = "0123456789abcdef" * 2

DAMAGES = {
    "empty": lambda data: b"",
    "garbage": lambda data: b"garbage",
    "truncated": halve,
    "last byte": lambda data: data[:-10],
    "flipped": flip,
}


@pytest.fixture(scope="module")
def whole(rootdir: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """All that is kept of the book after its web and its printed edition."""
    book = copy_root(rootdir, "plain", tmp_path_factory.mktemp("whole") / "book")
    run_sphinx(book, "html").ok()
    run_sphinx(book, "latex").ok()
    return kept(book)


def fill(book: Path, files: dict[str, bytes]) -> None:
    """Put files into the store of a book."""
    store(book).mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (store(book) / name).write_bytes(data)


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_result_is_run_again(book: Path, whole: dict[str, bytes], damage: str) -> None:
    broken = {
        name: DAMAGES[damage](data) if name.endswith(".npz") else data
        for name, data in whole.items()
    }
    fill(book, broken)
    run_sphinx(book).ok()
    assert kept(book) == whole


@pytest.mark.parametrize(("builder", "suffix"), [("html", ".svg"), ("latex", ".pdf")])
@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_picture_is_drawn_again(
    book: Path, whole: dict[str, bytes], damage: str, builder: str, suffix: str
) -> None:
    name = next(name for name in whole if name.endswith(suffix))
    fill(book, whole | {name: DAMAGES[damage](whole[name])})
    assert run_sphinx(book, builder).ok().drew == 1
    assert kept(book) == whole


def test_removed_picture_is_drawn_again(book: Path, whole: dict[str, bytes]) -> None:
    fill(book, whole)
    assert run_sphinx(book).ok().drew == 0
    next(store(book).glob("*.svg")).unlink()
    assert run_sphinx(book).ok().drew == 1
    assert kept(book) == whole


def test_files_that_changed_places_are_made_again(book: Path, whole: dict[str, bytes]) -> None:
    first, second = (name for name in whole if name.endswith(".svg"))
    swapped = {first: second, second: first}
    swapped |= {f"{a}.sha256": f"{b}.sha256" for a, b in swapped.items()}
    fill(book, whole | {name: whole[other] for name, other in swapped.items()})
    assert run_sphinx(book).ok().drew == 2
    assert kept(book) == whole


def test_half_file_of_a_killed_build_disturbs_nobody(book: Path, whole: dict[str, bytes]) -> None:
    fill(book, whole | {"tmpabc.part": b"half"})
    assert run_sphinx(book).ok().drew == 0


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError])
def test_interrupted_write_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    def stop(*args: object) -> None:
        raise error

    monkeypatch.setattr(Path, "replace", stop)
    with pytest.raises(error):
        Store(tmp_path).write(KEY, "svg", b"<svg/>")
    assert list(tmp_path.iterdir()) == []


def test_no_half_files_are_left(book: Path) -> None:
    run_sphinx(book).ok()
    assert {name.rpartition(".")[2] for name in kept(book)} == {"npz", "svg", "json", "sha256"}
    assert all(path.stat().st_mode & 0o777 == 0o644 for path in store(book).iterdir())


def test_cache_that_cannot_be_written_is_told(book: Path) -> None:
    """A file where the folder should be: messages, not a traceback."""
    (book / "blocked").write_text("not a folder")
    built = run_sphinx(book, "html", "-D", "gdviz_cache=blocked")
    assert "Traceback" not in built.stderr
    assert "xception" not in built.stderr
    assert built.code == 0
    assert {m.type.partition(".")[0] for m in built.messages} == {"gdviz"}
    assert all("the cache is “" in message.text for message in built.messages)


def test_two_builds_at_once_share_a_cache(rootdir: Path, tmp_path: Path) -> None:
    running = []
    for name in ("one", "two", "three"):
        folder = copy_root(rootdir, "plain", tmp_path / name)
        options = ["-W", "-b", "html", "-D", f"gdviz_cache={tmp_path / 'cache'}"]
        command = [sys.executable, "-m", "sphinx", *options, str(folder), str(folder / "_build")]
        running.append(
            subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        )
    said = [process.communicate()[1] for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], said
    assert not list((tmp_path / "cache").glob("*.part"))
    assert len(list((tmp_path / "cache").glob("*.svg"))) == 2
    # A fourth book draws nothing.
    fourth = copy_root(rootdir, "plain", tmp_path / "four")
    again = run_sphinx(fourth, "html", "-D", f"gdviz_cache={tmp_path / 'cache'}", driver=True).ok()
    assert again.drew == 0
    assert again.imported == ["numpy"]  # its pages have been read


def test_next_edition_draws_only_its_own_pictures(book: Path) -> None:
    assert run_sphinx(book, "html").ok().drew == 2
    html = kept(book)
    assert run_sphinx(book, "latex").ok().drew == 2
    both = kept(book)
    assert {name: data for name, data in both.items() if name in html} == html
    assert {name.rpartition(".")[2] for name in both.keys() - html.keys()} == {"pdf", "sha256"}
    assert run_sphinx(book, "epub", "-D", "version=1", "-D", "copyright=N").ok().drew == 0
    assert run_sphinx(book, "text").ok().drew == 0


def test_change_of_one_option_draws_one_figure(book: Path, whole: dict[str, bytes]) -> None:
    fill(book, whole)
    run_sphinx(book).ok()
    edit(book / "index.md", ":steps: 5", ":steps: 6")
    assert run_sphinx(book).ok().drew == 1


def test_change_of_prose_draws_nothing(book: Path, whole: dict[str, bytes]) -> None:
    fill(book, whole)
    run_sphinx(book).ok()
    edit(book / "index.md", "Prose between.", "Other prose.")
    edit(book / "index.md", "The first.", "Another caption.")
    built = run_sphinx(book, driver=True).ok()
    assert built.wrote == ["index"]
    assert "drawing figures" not in built.stdout
    assert built.imported == []


def test_importing_the_package_is_quick() -> None:
    code = "import sys, sphinx_gdviz as g; print({'matplotlib', 'numpy'} & set(sys.modules))"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


# Formats drawn besides


@pytest.mark.parametrize(("builder", "other"), [("html", "pdf"), ("latex", "svg")])
def test_formats_of_another_edition_are_drawn_too(
    book: Path, whole: dict[str, bytes], builder: str, other: str
) -> None:
    """From one drawing, and the bytes are those that the other edition would have drawn."""
    conf = book / "conf.py"
    conf.write_text(conf.read_text("utf-8") + f'gdviz_formats = ["{other}"]\n', "utf-8")
    assert run_sphinx(book, builder).ok().drew == 2
    assert kept(book) == whole
    again = run_sphinx(book, "latex" if builder == "html" else "html", driver=True).ok()
    assert again.drew == 0
    assert again.imported == []


@pytest.mark.parametrize(
    ("formats", "words"),
    [
        ('["pfd"]', ("“pfd”", "did you mean “pdf”", "svg, pdf and png")),
        ('["svg", "gif"]', ("“gif”", "svg, pdf and png")),
        ("[3]", ("“3”", "svg, pdf and png")),
        ('"pdf"', ("gdviz_formats", "list")),
    ],
)
def test_format_that_there_is_not(book: Path, formats: str, words: tuple[str, ...]) -> None:
    conf = book / "conf.py"
    conf.write_text(conf.read_text("utf-8") + f"gdviz_formats = {formats}\n", "utf-8")
    built = run_sphinx(book)
    assert built.code == 0
    (message,) = built.messages
    if formats.startswith("["):  # Sphinx tells of other types, in its own words and place
        assert (message.file, message.type) == ("conf.py", "gdviz.setting")
    assert all(word in message.text for word in words)
    assert built.page("index.html").count('src="_images/gdviz-') == 2


# What is kept for how long

DAY = 24 * 60 * 60.0


def age(folder: Path, days: float) -> None:
    """Make all files of a folder as old as if no build had used them since."""
    then = time.time() - days * DAY
    for path in folder.iterdir():
        os.utime(path, (then, then))


def test_what_no_build_uses_is_removed(book: Path, whole: dict[str, bytes]) -> None:
    """A build of the web pages uses results and SVG: PDF goes, with its checksums."""
    fill(book, whole)
    age(store(book), 31)
    assert run_sphinx(book).ok().drew == 0
    assert kept(book) == {name: data for name, data in whole.items() if ".pdf" not in name}


def test_what_a_build_uses_is_kept_for_another_month(book: Path, whole: dict[str, bytes]) -> None:
    fill(book, whole)
    age(store(book), 29)
    assert run_sphinx(book).ok().drew == 0
    assert kept(book) == whole
    used = {path.name for path in store(book).iterdir() if path.stat().st_mtime > time.time() - DAY}
    assert used == {name for name in whole if ".pdf" not in name}
    age(store(book), 29)
    run_sphinx(book).ok()  # in which no document is read
    fresh = {p.name for p in store(book).iterdir() if p.stat().st_mtime > time.time() - DAY}
    assert fresh == {name for name in whole if ".svg" in name or ".json" in name}


def test_a_picture_is_not_read_to_be_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when its use is noted, once a day."""
    store = Store(tmp_path)
    store.write(KEY, "svg", b"<svg/>")
    for path in tmp_path.iterdir():
        then = path.stat().st_mtime_ns - 2 * int(DAY) * 10**9
        os.utime(path, ns=(then, then))

    def refuse(*args: object) -> None:
        raise AssertionError("it is read")

    with monkeypatch.context() as watched:
        watched.setattr(Path, "read_bytes", refuse)
        assert store.has(KEY, "svg")
        assert store.path(KEY, "svg").stat().st_mtime > time.time() - DAY
        assert store.has(KEY, "svg")
    store.path(KEY, "svg").write_bytes(b"<svg>>")
    assert not store.has(KEY, "svg")


def test_half_files_are_removed_when_nobody_can_be_writing_them(tmp_path: Path) -> None:
    def interrupted(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    for name, days in (("old", 1.1), ("new", 0.9)):
        folder = tmp_path / name
        with pytest.MonkeyPatch.context() as killed:  # as a process that is killed leaves it
            killed.setattr(Path, "replace", interrupted)
            killed.setattr(Path, "unlink", interrupted)
            with pytest.raises(KeyboardInterrupt):
                Store(folder).write(KEY, "svg", b"<svg/>")
        age(folder, days)
        Store(folder).prune()
        assert len(list(folder.iterdir())) == (name == "new")


def test_other_files_in_a_shared_folder_are_left_alone(tmp_path: Path) -> None:
    """Nothing but what the store itself has written, whatever it is called."""
    names = {"notes.txt", "film.part", "gdviz-overview.png", "gdviz-notes", "gdviz-map.svg.bak"}
    for name in names:
        (tmp_path / name).write_text("mine")
    Store(tmp_path).write(KEY, "svg", b"<svg/>")
    age(tmp_path, 400)
    Store(tmp_path).prune()
    assert {path.name for path in tmp_path.iterdir()} == names


def test_folder_that_is_not_there_is_pruned(tmp_path: Path) -> None:
    Store(tmp_path / "nothing").prune()


def test_cache_that_may_only_be_read(
    book: Path, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is used as it is: neither the last use of a file can be noted, nor a file removed."""
    fill(book, whole)
    age(store(book), 31)
    store(book).chmod(0o555)  # does not stop an administrator
    try:
        cache = ("-D", f"gdviz_cache={store(book)}", "-d", str(book / "_build" / "others"))
        assert run_sphinx(book, "html", *cache).ok().drew == 0
    finally:
        store(book).chmod(0o755)

    def refuse(*args: object, **kwargs: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "utime", refuse)
    monkeypatch.setattr(Path, "unlink", refuse)
    Store(store(book)).write(KEY, "svg", b"<svg/>")
    later = time.time() + 31 * DAY
    monkeypatch.setattr(time, "time", lambda: later)
    assert Store(store(book)).read(KEY, "svg") == b"<svg/>"
    Store(store(book)).prune()
    assert Store(store(book)).read(KEY, "svg") == b"<svg/>"


def test_cache_that_is_lost_between_builds_is_told(book: Path) -> None:
    """Documents are not read again; what their figures need can't be kept."""
    run_sphinx(book).ok()
    (book / "blocked").write_text("not a folder")
    built = run_sphinx(book, "html", "-D", "gdviz_cache=blocked")
    assert "Traceback" not in built.stderr
    assert built.code == 0
    assert built.messages
    assert {m.type.partition(".")[0] for m in built.messages} == {"gdviz"}


# A figure that can't be drawn

BROKEN_DRAW = """
import sphinx_gdviz.draw.figure as page

def broken(result, file_format, real=page.draw):
    if result.experiment.steps == 5:
        raise ZeroDivisionError("nothing to divide")
    return real(result, file_format)

page.draw = broken
"""


@pytest.mark.parametrize(
    ("builder", "jobs"),
    [("html", "1"), ("html", "2"), ("latex", "1"), ("latex", "2"), ("epub", "1")],
)
def test_figure_that_cannot_be_drawn(book: Path, builder: str, jobs: str) -> None:
    conf = book / "conf.py"
    edition = 'version = copyright = "1"\n'
    conf.write_text(conf.read_text("utf-8") + edition + BROKEN_DRAW, "utf-8")
    built = run_sphinx(book, builder, "-j", jobs)
    assert built.code == 0
    (message,) = built.messages
    assert (message.file, message.type) == ("index.md", "gdviz.draw")
    assert message.line in range(17, 20)
    assert "nothing to divide" in message.text
    if builder == "html":
        page = built.page("index.html")
        assert page.count("_images/gdviz-") == 1
        assert "gdviz-mistake" in page
        assert "[Contours of x^2" in page
        assert "The second." in page
    assert run_sphinx(book, builder, "-W", "-E", "-a").code != 0


def test_figure_that_was_mended_appears_in_its_page(book: Path) -> None:
    conf = book / "conf.py"
    original = conf.read_text("utf-8")
    conf.write_text(original + BROKEN_DRAW, "utf-8")
    run_sphinx(book)
    conf.write_text(original, "utf-8")
    assert run_sphinx(book).ok().page("index.html").count('src="_images/gdviz-') == 2


# The same bytes


def output(built: Built) -> dict[str, bytes]:
    kinds = {".html", ".svg", ".pdf", ".tex", ".png", ".xhtml", ".inv"}
    return {
        str(path.relative_to(built.out)): path.read_bytes()
        for path in sorted(built.out.rglob("*"))
        if path.suffix in kinds
    }


@pytest.mark.parametrize(
    ("name", "builder"), [("numbers", "html"), ("twins", "html"), ("twins", "latex")]
)
def test_same_bytes_in_another_folder(
    rootdir: Path, tmp_path: Path, name: str, builder: str
) -> None:
    made = []
    for folder, seed, jobs in (("a", "1", "1"), ("b/long name", "4242", "2")):
        book = copy_root(rootdir, name, tmp_path / folder)
        env = {**os.environ, "PYTHONHASHSEED": seed, "SOURCE_DATE_EPOCH": "0"}
        made.append(output(run_sphinx(book, builder, "-j", jobs, env=env).ok()))
    assert made[0].keys() == made[1].keys()
    assert [name for name in made[0] if made[0][name] != made[1][name]] == []
    suffix = {"html": ".svg", "latex": ".pdf"}[builder]
    assert any(name.endswith(suffix) for name in made[0])


# Other builders


@pytest.mark.parametrize(
    "builder", ["dummy", "xml", "pseudoxml", "gettext", "linkcheck", "texinfo", "json", "changes"]
)
def test_other_builders(book: Path, whole: dict[str, bytes], builder: str) -> None:
    fill(book, whole)
    built = run_sphinx(book, builder).ok()
    assert "gdviz://" not in built.stdout
    for path in built.out.rglob("*"):
        if path.suffix in {".xml", ".pseudoxml", ".texi", ".fjson", ".pot"}:
            text = path.read_text(encoding="utf-8")
            assert "gdviz://" not in text, path.name
