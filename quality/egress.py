"""What must never leave: resident identity numbers, mobile phones and names of persons.

They are looked for in every cell and text of a release.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from quality.documents import UnknownFormError, texts_of
from quality.id_columns import ids_in
from quality.personal import kinds_in_normal_form, normal_form
from quality.release_files import files_below

REMEMBERED_BYTES = 2**22
NO_IDS = frozenset[str]()


def personal(folder: Path, canaries: Sequence[str] = ()) -> Iterator[str]:
    """Files that hold something personal, and files of a form that nothing here can read.

    Says what and where, never the value.
    """
    known_ids = ids_in(folder)
    for name, file in files_below(folder).items():
        content = file.read_bytes()
        is_small = len(content) <= REMEMBERED_BYTES
        look = kinds_of if is_small else kinds_of.__wrapped__
        try:
            kinds = look(file.name, content, tuple(canaries), known_ids)
        except UnknownFormError:
            yield f"{name} is of a form that is not looked through"
            continue
        for kind in sorted(kinds):
            yield f"{name} holds {kind}"


@lru_cache(maxsize=512)
def kinds_of(
    name: str,
    content: bytes,
    canaries: Sequence[str],
    known_ids: frozenset[str],
) -> frozenset[str]:
    """The kinds of personal values in a file.

    Remembered by all that they depend on, for both editions have many files in common.
    """
    kinds = set[str]()
    for text in texts_of(name, content):
        kinds.update(kinds_in(text, canaries, known_ids))
    return frozenset(kinds)


def kinds_in(
    text: str,
    canaries: Sequence[str],
    known_ids: frozenset[str] = NO_IDS,
) -> Iterator[str]:
    """The kinds of personal values in a text, and whether a name of a person is in it."""
    plain = normal_form(text)
    yield from kinds_in_normal_form(plain, known_ids)
    if any(normal_form(canary) in plain for canary in canaries):
        yield "a name of a person"
