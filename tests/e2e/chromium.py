"""The words for tests of the page: Chromium, driven by Playwright, and people who sit in front of it.

Playwright's own event loop would not share a thread with Trial's reactor: it has a thread, and tests wait for it.
"""

from __future__ import annotations

import atexit
import os
import shutil
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import cache
from queue import SimpleQueue
from typing import Any, TypeVar

from twisted.trial.unittest import SkipTest

from tests.daemon.running import PATIENCE, DaemonTestCase, until

try:
    from playwright.sync_api import TimeoutError as TooLate
    from playwright.sync_api import sync_playwright
except ImportError:
    sync_playwright = None  # type: ignore[assignment]

T = TypeVar("T")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
#: The daemon of the tests is on this machine, and Chromium has nobody else to talk to.
FLAGS = (
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync",
    "--disable-component-update", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)  # fmt: skip


class Chromium:
    """One browser, in a thread of its own: whatever is done to it is done there."""

    def __init__(self) -> None:
        self._deeds: SimpleQueue[tuple[Callable[[Any], Any], Future[Any]] | None] = SimpleQueue()
        self._started: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._started.result(PATIENCE)

    def _run(self) -> None:
        try:
            with sync_playwright() as playwright:
                root = ["--no-sandbox"] if os.getuid() == 0 else []
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *root])
                self._started.set_result(None)
                while deed := self._deeds.get():
                    function, future = deed
                    try:
                        future.set_result(function(browser))
                    except Exception as error:
                        future.set_exception(error)
                browser.close()
        except Exception as error:
            if not self._started.done():
                self._started.set_exception(error)

    def do(self, function: Callable[[Any], T]) -> T:
        """What the function gives for the browser, or the error that it raises."""
        future: Future[T] = Future()
        self._deeds.put((function, future))
        return future.result(2 * PATIENCE)

    def close(self) -> None:
        self._deeds.put(None)
        self._thread.join(PATIENCE)


@cache
def browser() -> Chromium:
    """The browser, which is started once."""
    chromium = Chromium()
    atexit.register(chromium.close)
    return chromium


class Sitter:
    """Somebody with a browser that has this page open; `page` is Playwright's, for the browser's thread alone."""

    def __init__(self, chromium: Chromium, url: str, width: int, height: int) -> None:
        self.chromium, self.url = chromium, url
        self.requests: list[str] = []
        self.troubles: list[str] = []
        self.page: Any = chromium.do(lambda browser: self._open(browser, width, height))

    def _open(self, browser: Any, width: int, height: int) -> Any:
        context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
        context.set_default_timeout(1000 * PATIENCE / 3)
        page = context.new_page()
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("websocket", lambda socket: self.requests.append(socket.url))
        page.on("pageerror", lambda error: self.troubles.append(f"error: {error}"))
        page.on("dialog", self._dialog)
        page.on("console", self._console)
        page.goto(self.url)
        return page

    def _dialog(self, dialog: Any) -> None:
        self.troubles.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _console(self, message: Any) -> None:
        """A connection that is refused is no trouble of the page's own: it says so to people."""
        if message.type in ("error", "warning") and "ERR_CONNECTION_REFUSED" not in message.text:
            self.troubles.append(f"console: {message.text}")

    def does(self, function: Callable[[Any], T]) -> T:
        """What the function gives for the page, in the browser's thread."""
        return self.chromium.do(lambda browser: function(self.page))

    def comes_in(self, name: str) -> Sitter:
        self.does(lambda page: page.fill("input[name=nick]", name))
        self.does(lambda page: page.press("input[name=nick]", "Enter"))
        self.sees("#names .name", name, state="attached")
        return self

    def says(self, text: str) -> None:
        """Type a text into the field, and send it."""
        self.does(lambda page: page.fill("#text", text))
        self.does(lambda page: page.press("#text", "Enter"))

    def sees(self, selector: str, text: str, seconds: float = PATIENCE / 3, state: str = "visible") -> None:
        """Wait until an element that this selects has this text in it."""
        how: Any = {"state": state, "timeout": 1000 * seconds}
        self.does(lambda page: page.locator(selector).filter(has_text=text).first.wait_for(**how))

    def sees_no(self, selector: str, text: str = "", seconds: float = PATIENCE / 3) -> None:
        """Wait until no element that this selects has this text in it."""
        self.sees(selector, text, seconds, "detached")

    def reads(self, selector: str) -> list[str]:
        """The texts of all elements that this selects."""
        texts: list[str] = self.does(lambda page: page.locator(selector).all_inner_texts())
        return texts

    def tool(self, text: str, label: str) -> None:
        """Use a tool of the line that has this text; if it has moved from under the pointer, go there again."""

        def use(page: Any) -> bool:
            line = page.locator("article").filter(has_text=text).last
            line.hover()
            try:
                line.get_by_label(label, exact=True).click(timeout=1000)
            except TooLate:
                return False
            return True

        until(lambda: self.does(use), f"{label} of {text}")


class PageTestCase(DaemonTestCase):
    """A browser for all tests, and new pages in it for each."""

    def setUp(self) -> None:
        super().setUp()
        if sync_playwright is None:
            raise SkipTest("Playwright is not installed; pip install '.[e2e]' brings it")
        if CHROMIUM is None:
            raise SkipTest("there is no Chromium here; Debian's package is called chromium")
        self.chromium = browser()

    def sitter(self, address: str, width: int = 1280, height: int = 800) -> Sitter:
        """Somebody who has the page of a server open."""
        sitter = Sitter(self.chromium, f"http://{address}/", width, height)
        self.addCleanup(sitter.does, lambda page: page.context.close())
        return sitter

    def all_was_well(self, *sitters: Sitter) -> None:
        """No script failed, nothing was forbidden, and nobody but the server was asked for anything."""
        for sitter in sitters:
            self.assertEqual(sitter.troubles, [])
            own = sitter.url, sitter.url.replace("http", "ws"), f"blob:{sitter.url}"
            self.assertEqual([each for each in sitter.requests if not each.startswith(own)], [])


__all__ = ["PageTestCase", "Sitter", "until"]
