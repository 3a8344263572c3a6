"""Browsers, books, servers and windows for tests of the reader's figure."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from ext.books import Built, run_sphinx, write_book
from playwright.sync_api import Browser, Page

from .pages import PAGES, Open, address, chromium, complaints, size

Build = Callable[..., Built]


@pytest.fixture(scope="module")
def browser(tool: Callable[[str], str]) -> Iterator[Browser]:
    """Chromium, as it is installed."""
    with chromium(tool("chromium")) as browser:
        yield browser


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Builds a book, once; a figure that is in several is drawn once."""
    drawn = tmp_path_factory.mktemp("drawn")
    books: dict[object, Built] = {}

    def once(conf: str = "", pages: Mapping[str, str] = PAGES) -> Built:
        key = (conf, *pages.items())
        if key not in books:
            book = write_book(tmp_path_factory.mktemp("book"), pages, conf)
            books[key] = run_sphinx(book, "html", "-W", "-D", f"gdviz_cache={drawn}").ok()
        return books[key]

    return once


@pytest.fixture(scope="session")
def built(build: Build) -> Built:
    """A page with figures."""
    return build()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Open]:
    """Opens pages in new windows, in which nothing may be complained of."""
    opened: list[tuple[Page, list[str]]] = []

    def show(target: str, **window: Any) -> Page:
        page = browser.new_context(**{**size(1000, 900), **window}).new_page()
        opened.append((page, complaints(page)))
        page.goto(target)
        return page

    yield show
    for page, _ in opened:
        page.context.close()
    assert [told for _, told in opened if told] == []


@pytest.fixture
def page(open_page: Open, built: Built) -> Page:
    """The page with figures in a new window."""
    return open_page(address(built))


@pytest.fixture
def served() -> Iterator[Callable[[Path], str]]:
    """Serves a folder to this machine: a policy with 'self' means nothing without a server."""
    servers: list[ThreadingHTTPServer] = []

    def serve(folder: Path) -> str:
        handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()
