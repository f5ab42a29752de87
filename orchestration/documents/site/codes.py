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


def page_address(site_url: str, union_id: str) -> str:
    """Where the page of a union stands."""
    return f"{site_url.rstrip('/')}/index.html#union/{quote(union_id, safe='')}"


def page_codes(site_url: str, union_ids: Iterable[str]) -> dict[str, Page]:
    """The QR code of each union's page: modules on a side, and their bits by row, as Base64."""
    by_length: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for union_id in union_ids:
        address = page_address(site_url, union_id)
        by_length[len(address)].append((union_id, address))
    return {
        union_id: page
        for alike in by_length.values()
        for (union_id, _), page in zip(
            alike, encoded([address for _, address in alike]), strict=True
        )
    }


def encoded(addresses: list[str]) -> list[Page]:
    """The QR codes of addresses of one length, in order.

    Raises segno's DataOverflowError where they are too long for any.
    """
    first = addresses[0]
    base, mask = modules(first)
    characters = np.array([list(address) for address in addresses])
    found = np.repeat(base[np.newaxis], len(addresses), axis=0)
    for place, column in enumerate(characters.T):
        for character in set(column) - {first[place]}:
            found[column == character] ^= (
                base ^ modules(first[:place] + character + first[place + 1 :], mask)[0]
            )
    packed = np.packbits(found.reshape(len(addresses), -1), axis=1)
    return [(len(base), base64.b64encode(bits.tobytes()).decode("ascii")) for bits in packed]


def modules(address: str, mask: int | None = None) -> tuple[np.ndarray, int]:
    """The modules of an address's QR code, dark as 1, and its mask: a given one, or the best."""
    code = segno.make(address, error="m", mode="byte", micro=False, boost_error=False, mask=mask)
    return np.array([list(row) for row in code.matrix], dtype=np.uint8), code.mask
