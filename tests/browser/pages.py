"""Pages of a browser, each kept for the next test that wants one opened as it was.

A page that is opened anew costs a process and the fonts of the site once more.
"""

from collections import defaultdict
from contextlib import contextmanager

BLANK = "about:blank"
AS_OPENED = {"media": "null", "color_scheme": "light"}


class WatchedPage:
    """A page, and what went wrong in it.

    faults: errors and messages of its console, dialogues, and requests for what is not its own.
    """

    def __init__(self, context):
        self.page = context.new_page()
        self.faults = []
        self.own = ()
        self.page.on("console", lambda said: self.faults.append(f"{said.type}: {said.text}"))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("dialog", self.dismiss)
        self.page.on("request", self.note_request)
        self.page.on("requestfailed", lambda asked: self.faults.append(f"failed {asked.url[:200]}"))

    def dismiss(self, dialog):
        self.faults.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def note_request(self, asked):
        if asked.url != BLANK and not asked.url.startswith(self.own):
            self.faults.append(asked.url[:200])

    def open(self, address, width, own):
        """Open an address as if for the first time; what begins with one of `own` is its own."""
        self.own = own
        self.page.set_viewport_size({"width": width, "height": 900})
        self.page.emulate_media(**AS_OPENED)
        self.page.goto(address)
        return self.page


class Pages:
    """The pages of a browser by the options of their contexts, lent to one test at a time."""

    def __init__(self, browser):
        self.browser = browser
        self.idle = defaultdict(list)

    @contextmanager
    def lending(self):
        """Gives a function that opens an address: opened(address, width=…, own=…, **options).

        In the end nothing may have gone wrong in any page that it opened.
        """
        lent = []

        def opened(address, *, width=1280, own=("file://", "data:"), **options):
            key = frozenset(options.items())
            watched = self.idle[key].pop() if self.idle[key] else self.another(options)
            lent.append((key, watched))
            return watched.open(address, width, own)

        yield opened
        for _, watched in lent:
            watched.page.goto(BLANK)
        faults = [fault for _, watched in lent for fault in watched.faults]
        for key, watched in lent:
            watched.faults.clear()
            self.idle[key].append(watched)
        assert faults == []

    def another(self, options):
        return WatchedPage(self.browser.new_context(locale="en-US", **options))
