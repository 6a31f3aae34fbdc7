"""A headless Chromium that a test drives, by the DevTools protocol on a pipe: it opens pages, clicks, types, looks."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_SECONDS = 60.0
_KEYS = {"Tab": 9, "Enter": 13, "Escape": 27, "Space": 32}


class _Pipe:
    """The way to a browser and back: a message each, ended by a zero."""

    def __init__(self, to: int, back: int) -> None:
        self._to, self._back, self._rest = to, back, b""

    def write(self, message: dict[str, Any]) -> None:
        os.write(self._to, json.dumps(message).encode() + b"\0")

    def read(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            more = os.read(self._back, 2**20)
            assert more, "the browser has ended"
            self._rest += more
        one, _, self._rest = self._rest.partition(b"\0")
        message: dict[str, Any] = json.loads(one)
        return message


class Browser:
    """One tab of a running browser, with cookies of its own."""

    def __init__(self, pipe: _Pipe) -> None:
        self._pipe, self._number, self._session = pipe, 0, ""
        self.errors: list[str] = []
        self._context = self.send("Target.createBrowserContext")["browserContextId"]
        target = self.send("Target.createTarget", url="about:blank", browserContextId=self._context)["targetId"]
        self._session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "DOM"):
            self.send(f"{domain}.enable")

    def close(self) -> None:
        self._session = ""
        self.send("Target.disposeBrowserContext", browserContextId=self._context)

    def send(self, method: str, **parameters: Any) -> Any:
        """Send a command and return its result."""
        self._number += 1
        session = {"sessionId": self._session} if self._session else {}
        message = {"id": self._number, "method": method, "params": parameters, **session}
        self._pipe.write(message)
        while True:
            answer = self._read()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                return answer["result"]

    def _read(self) -> dict[str, Any]:
        message = self._pipe.read()
        if message.get("method") == "Log.entryAdded" and message["params"]["entry"]["level"] == "error":
            self.errors.append(message["params"]["entry"]["text"])
        if message.get("method") == "Runtime.exceptionThrown":
            self.errors.append(json.dumps(message["params"]["exceptionDetails"]))
        return message

    def run(self, script: str) -> Any:
        """Return what a script in the page comes to."""
        found = self.send("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def until(self, script: str) -> None:
        """Wait until a script in the page comes to something true."""
        end = time.monotonic() + _SECONDS
        while time.monotonic() < end:
            try:
                if self.run(f"Boolean({script})"):
                    return
            except AssertionError:
                # The page is being replaced.
                pass
            time.sleep(0.05)
        raise AssertionError(f"never true: {script}; the page says: {self.run('document.body.innerText')}")

    def open(self, url: str) -> None:
        """Open a page, and wait until it is there."""
        self.run("window.before = 1")
        self.send("Page.navigate", url=url)
        self.until("!window.before && document.readyState === 'complete'")

    def click(self, selector: str) -> None:
        """Click an element that leads to another page, and wait for that."""
        self.run(f"window.before = 1; document.querySelector({json.dumps(selector)}).click()")
        self.until("!window.before && document.readyState === 'complete'")

    def press(self, key: str, times: int = 1) -> None:
        """Press a key, as somebody does who has no mouse."""
        code = _KEYS[key]
        text = {"Enter": "\r", "Space": " "}.get(key)
        for _ in range(times):
            about = {"key": " " if key == "Space" else key, "code": key, "windowsVirtualKeyCode": code}
            told = {"text": text} if text else {}
            self.send("Input.dispatchKeyEvent", type="keyDown", **about, **told)
            self.send("Input.dispatchKeyEvent", type="keyUp", **about)

    def type(self, text: str) -> None:
        """Type into what has the focus."""
        self.send("Input.insertText", text=text)

    def tab_to(self, script: str, most: int = 80) -> None:
        """Press Tab until the element with the focus, `it`, is one that the script says yes to."""
        for _ in range(most):
            self.press("Tab")
            if self.run(f"(it => {script})(document.activeElement)"):
                return
        raise AssertionError(f"the keyboard does not reach it: {script}")

    def violations(self) -> list[str]:
        """Return what axe-core finds against WCAG 2.2 AA in the page as it is now: the rule and the first element."""
        if not self.run("Boolean(window.axe)"):
            # By the debugger and not as a script of the page, which may have none.
            self.run(_axe())
        found = self.run(
            "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
            ".then(found => found.violations.map(each => `${each.id} at ${each.nodes[0].target}`))"
        )
        return [str(each) for each in found]

    def choose_file(self, selector: str, path: Path) -> None:
        """Choose a file in a form."""
        root = self.send("DOM.getDocument")["root"]["nodeId"]
        node = self.send("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self.send("DOM.setFileInputFiles", nodeId=node, files=[str(path)])

    def look(self, path: Path, width: int = 1100, height: int = 800, dark: bool = False, whole: bool = True) -> None:
        """Take a picture, of the whole page."""
        self.shape(width, height, dark)
        if whole:
            height = int(self.run("document.documentElement.scrollHeight"))
            self.shape(width, min(height, 4000), dark)
        picture = self.send("Page.captureScreenshot", format="png")["data"]
        path.write_bytes(base64.b64decode(picture))

    def shape(self, width: int, height: int, dark: bool = False) -> None:
        """Be as wide as a phone or a desk, light or dark."""
        self.send(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.send("Emulation.setEmulatedMedia", features=[scheme])


@cache
def _axe() -> str:
    found = find_spec("axe_playwright_python")
    assert found is not None and found.origin is not None
    return (Path(found.origin).parent / "axe.min.js").read_text(encoding="utf-8")


@contextmanager
def driven(browser: str, folder: Path) -> Iterator[Browser]:
    """Start a browser of its own and end it."""
    with started(browser, folder) as new_tab:
        yield new_tab()


@contextmanager
def started(browser: str, folder: Path) -> Iterator[Callable[[], Browser]]:
    """Start a browser and end it; yield what opens a tab of it, one after the other."""
    there, to = os.pipe()
    back, here = os.pipe()

    def as_it_expects() -> None:
        # It reads descriptor 3 and writes 4; a copy first, as one of ours may have such a number.
        ours = os.dup(there), os.dup(here)
        os.dup2(ours[0], 3)
        os.dup2(ours[1], 4)

    command = [browser, "--headless", "--disable-gpu", "--hide-scrollbars", "--remote-debugging-pipe", "--no-first-run",
               f"--user-data-dir={folder / 'profile'}", "--disable-dev-shm-usage"]  # fmt: skip
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--no-sandbox")
    process = subprocess.Popen(
        command, preexec_fn=as_it_expects, pass_fds=(3, 4), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    os.close(there)
    os.close(here)
    try:
        pipe = _Pipe(to, back)
        yield lambda: Browser(pipe)
    finally:
        process.terminate()
        process.wait()
        os.close(to)
        os.close(back)
