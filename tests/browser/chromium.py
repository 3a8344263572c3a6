"""A real browser, told what to do over the pipe that it has for that; no package is needed."""

from __future__ import annotations

import base64
import fcntl
import io
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any

from PIL import Image

FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--disable-extensions", "--hide-scrollbars", "--force-color-profile=srgb"),
    *("--disable-dev-shm-usage", "--remote-debugging-pipe"),
)
_START = """\
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.dup2(int(sys.argv[2]), 4)
os.execv(sys.argv[3], sys.argv[3:])
"""
"""Chromium reads from file 3 and answers on file 4."""


class Chromium:
    """A window of a browser."""

    def __init__(self, program: str, profile: Path) -> None:
        read, self._to = os.pipe()
        self._from, write = os.pipe()
        ends = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (read, write)]
        command = [*FLAGS, f"--user-data-dir={profile}", "about:blank"]
        self._process = subprocess.Popen(
            [sys.executable, "-c", _START, *map(str, ends), program, *command],
            pass_fds=ends,
            stderr=subprocess.DEVNULL,
        )
        for end in (read, write, *ends):
            os.close(end)
        self._answers = os.fdopen(self._from, "rb")
        self._number = 0
        self._session: str | None = None
        target = self("Target.createTarget", url="about:blank")["targetId"]
        attached = self("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]

    def __enter__(self) -> Chromium:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._session = None
        self("Browser.close")
        self._process.wait(30)
        os.close(self._to)
        self._answers.close()

    def __call__(self, method: str, **params: Any) -> dict[str, Any]:
        """Give an order of Chromium's protocol, and wait for its answer."""
        self._number += 1
        order: dict[str, Any] = {"id": self._number, "method": method, "params": params}
        if self._session:
            order["sessionId"] = self._session
        os.write(self._to, json.dumps(order).encode() + b"\0")
        while True:
            answer = json.loads(self._read())
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                result: dict[str, Any] = answer["result"]
                return result

    def _read(self) -> bytes:
        read = bytearray()
        while (byte := self._answers.read(1)) != b"\0":
            assert byte, "the browser is gone"
            read += byte
        return bytes(read)

    def evaluate(self, script: str) -> Any:
        """The value of a script on the page."""
        answer = self("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def show(
        self, page: Path, *, scheme: str, media: str = "screen", first: str = "", height: int = 900
    ) -> None:
        """Open a page for a reader who prefers a colour scheme.

        Parameters
        ----------
        page : Path
            A page of HTML.
        scheme : str
            What the reader prefers, light or dark.
        media : str
            What the page is for, screen or print.
        first : str
            A script that the browser runs before those of the page.
        height : int
            Height of the window, which is 1200 pixels wide.
        """
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self("Emulation.setEmulatedMedia", media=media, features=features)
        size = {"width": 1200, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self("Emulation.setDeviceMetricsOverride", **size)
        self("Page.enable")
        script = self("Page.addScriptToEvaluateOnNewDocument", source=first)["identifier"]
        self.evaluate("window.isOld = true")
        self("Page.navigate", url=page.as_uri())
        end = time.monotonic() + 30
        loaded = "document.readyState == 'complete' && !window.isOld && document.URL"
        while self.evaluate(loaded) != page.as_uri():
            assert time.monotonic() < end, "the page does not load"
            time.sleep(0.02)
        self("Page.removeScriptToEvaluateOnNewDocument", identifier=script)

    def screenshot(self, clip: dict[str, float] | None = None) -> Image.Image:
        """What is seen, or a part of it."""
        part = {"clip": {**clip, "scale": 1}} if clip else {}
        data = self("Page.captureScreenshot", **part)["data"]
        return Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB")
