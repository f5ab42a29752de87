"""Numbers with their nouns, as messages say them."""


def counted_noun(number: int, one: str, several: str | None = None) -> str:
    """`1 row`, `2 rows`, `1,200 entries`.

    one: the noun as it stands after 1, with whatever follows it (`file differs`); several: after
    any other number, by default with an s.
    """
    words = one if number == 1 else several or f"{one}s"
    return f"{number:,} {words}"
