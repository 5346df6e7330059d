"""One headless Chromium that photographs many pages: it is spoken to in its DevTools protocol, over a pipe.

In: HTML files. Out: PNG pictures of the whole page, light or dark, and what is wider than its frame. A browser for each
picture took four seconds; the pipe needs no port, no package and no driver.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import tempfile
from base64 import b64decode
from pathlib import Path
from types import TracebackType
from typing import Any, Self

WIDTH, TALLEST = 1900, 9000  # pixels of a picture
PATIENCE = 60  # seconds for one answer: then the browser hangs
_OPTIONS = (
    "headless no-sandbox disable-gpu disable-quic no-first-run disable-sync disable-component-update hide-scrollbars"
    " disable-background-networking disable-dev-shm-usage remote-debugging-pipe"
)


class Browser:
    """`with Browser() as browser: browser.open(page); browser.photograph(picture, dark=True)`."""

    def __enter__(self) -> Self:
        found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        if found is None:
            raise SystemExit("no Chromium on this machine: leave --pictures out, the page itself needs none")
        self._profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        theirs_in, self._out = os.pipe()
        self._in, theirs_out = os.pipe()

        def at_three_and_four() -> None:  # where Chromium looks for the pipe; moved up first, they may be 3 or 4 now
            high_in, high_out = os.dup2(theirs_in, 198), os.dup2(theirs_out, 199)
            os.dup2(high_in, 3)
            os.dup2(high_out, 4)

        self._process = subprocess.Popen(
            [found, *(f"--{o}" for o in _OPTIONS.split()), f"--user-data-dir={self._profile.name}", "about:blank"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            close_fds=False,
            preexec_fn=at_three_and_four,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self._rest, self._number = b"", 0
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self._tell("Page.enable")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._in)
        os.close(self._out)
        self._profile.cleanup()

    def open(self, page: Path, *, ready: str = "0") -> Any:
        """Opens the page and waits for the promise (or value) `ready` in it; its JSON value is returned."""
        self._tell("Emulation.setDeviceMetricsOverride", width=WIDTH, height=100, deviceScaleFactor=1, mobile=False)
        self._tell("Page.navigate", url=page.as_uri())
        self._await(lambda message: message.get("method") == "Page.loadEventFired")
        return self._value(ready)

    def photograph(self, picture: Path, *, dark: bool) -> None:
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._tell("Emulation.setEmulatedMedia", features=[scheme])
        height = min(int(self._value("document.documentElement.scrollHeight")), TALLEST)
        clip = {"x": 0, "y": 0, "width": WIDTH, "height": height, "scale": 1}
        made = self._tell("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)
        picture.write_bytes(b64decode(made["data"]))

    def _value(self, expression: str) -> Any:
        said = self._tell("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in said:
            raise RuntimeError(f"the page could not say {expression}: {said['exceptionDetails'].get('text')}")
        return said["result"].get("value")

    def _tell(self, method: str, **params: Any) -> dict[str, Any]:
        return self._ask(method, session=self._session, **params)

    def _ask(self, method: str, *, session: str = "", **params: Any) -> dict[str, Any]:
        self._number += 1
        number = self._number
        asked = {"id": number, "method": method, "params": params} | ({"sessionId": session} if session else {})
        data = json.dumps(asked).encode() + b"\0"
        while data:
            data = data[os.write(self._out, data) :]
        answer = self._await(lambda message: message.get("id") == number)
        if "error" in answer:
            raise RuntimeError(f"Chromium refused {method}: {answer['error'].get('message')}")
        result: dict[str, Any] = answer["result"]
        return result

    def _await(self, wanted: Any) -> dict[str, Any]:
        """The next message that is wanted; others are events that nobody waits for."""
        while True:
            while b"\0" not in self._rest:
                if not select.select([self._in], [], [], PATIENCE)[0]:
                    raise SystemExit(f"Chromium did not answer for {PATIENCE} s")
                piece = os.read(self._in, 1 << 20)
                if not piece:
                    raise SystemExit("Chromium ended: does it start by hand with --headless --no-sandbox?")
                self._rest += piece
            line, _, self._rest = self._rest.partition(b"\0")
            message: dict[str, Any] = json.loads(line)
            if wanted(message):
                return message
