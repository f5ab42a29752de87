"""Whether a public edition leads to no file that is not in it, so that it is whole alone."""

import html
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from posixpath import normpath
from urllib.parse import unquote, urlsplit

from quality.release_files import files_below

MARKUP = (".html", ".svg")
STYLES = (".css", *MARKUP)
LINK = re.compile(r"""\s(?:href|src|action|poster|data)=(?:"([^"]*)"|'([^']*)')""")
URL = re.compile(r"""url\(\s*["']?([^"')]*)""")
ELSEWHERE = ("data", "http", "https", "mailto", "tel")


def references_outside(folder: Path) -> Iterator[str]:
    """Public files that lead to a file that the public edition does not have."""
    public = folder / "public"
    there = files_below(public)
    for name, file in there.items():
        for address in addresses_in(file):
            if leads_outside(name, address, set(there)):
                yield f"public/{name} leads to {address}, which is not in the public edition"


def addresses_in(file: Path) -> Iterator[str]:
    """The addresses that a page, drawing or style sheet names, in order."""
    if file.suffix not in STYLES:
        return
    text = file.read_text(encoding="utf-8")
    if file.suffix in MARKUP:
        for quoted in LINK.findall(text):
            yield html.unescape("".join(quoted))
    yield from URL.findall(text)


def leads_outside(name: str, address: str, there: set[str]) -> bool:
    """Whether an address in a file of this name leads to a file that is not there.

    Addresses of the web lead to no file, and those of a place within a page to that page.
    """
    parts = urlsplit(address)
    if parts.scheme in ELSEWHERE:
        return False
    if parts.scheme or parts.netloc:
        return True
    if not parts.path:
        return False
    beside = PurePosixPath(name).parent
    return normpath(str(beside / unquote(parts.path))) not in there
