"""QR codes of the unions' pages, drawn by the page from their modules.

Encoding 14,900 addresses one by one takes segno a minute and a half, or a quarter of that with a
fixed mask. But they differ in the union's id alone, and with one mask and one length a QR code is
linear: what a character changes of the modules does not depend on the others. So segno encodes one
address of each length, and one for each other character at each place; the rest is their exclusive
or.
"""

import base64
from collections import defaultdict
from collections.abc import Iterable
from urllib.parse import quote

import numpy as np
import segno

Page = tuple[int, str]
# By union.
Addresses = dict[str, str]


def page_address(site_url: str, union_id: str) -> str:
    """Where the page of a union stands."""
    site = site_url.rstrip("/")
    name = quote(union_id, safe="")
    return f"{site}/index.html#union/{name}"


def page_codes(site_url: str, union_ids: Iterable[str]) -> dict[str, Page]:
    """The QR code of each union's page: modules on a side, and their bits by row, as Base64."""
    by_length: dict[int, Addresses] = defaultdict(dict)
    for union_id in union_ids:
        address = page_address(site_url, union_id)
        by_length[len(address)][union_id] = address
    pages: dict[str, Page] = {}
    for addresses in by_length.values():
        codes = encoded(list(addresses.values()))
        pages.update(zip(addresses, codes, strict=True))
    return pages


def encoded(addresses: list[str]) -> list[Page]:
    """The QR codes of addresses of one length, in order.

    Raises segno's DataOverflowError where they are too long for any.
    """
    first = addresses[0]
    base, mask = modules(first)
    characters = np.array([list(address) for address in addresses])
    found = np.repeat(base[np.newaxis], len(addresses), axis=0)
    for place, column in enumerate(characters.T):
        others = set(column) - {first[place]}
        for character in others:
            changed, _ = modules(replaced(first, place, character), mask)
            found[column == character] ^= base ^ changed
    return [page_of(code) for code in found]


def replaced(
    text: str,
    place: int,
    character: str,
) -> str:
    """A text with another character at a place."""
    characters = list(text)
    characters[place] = character
    return "".join(characters)


def page_of(code: np.ndarray) -> Page:
    """A QR code as the page has it."""
    bits = np.packbits(code)
    encoded_bits = base64.b64encode(bits.tobytes())
    return len(code), encoded_bits.decode("ascii")


def modules(address: str, mask: int | None = None) -> tuple[np.ndarray, int]:
    """The modules of an address's QR code, dark as 1, and its mask: a given one, or the best."""
    code = segno.make(
        address,
        error="m",
        mode="byte",
        micro=False,
        boost_error=False,
        mask=mask,
    )
    rows = [list(row) for row in code.matrix]
    return np.array(rows, dtype=np.uint8), code.mask
