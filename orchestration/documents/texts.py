"""Texts from outside, as documents show them."""


def one_line(text: str) -> str:
    """A text without line breaks and other characters that nothing can be seen of."""
    visible = [character if character.isprintable() else " " for character in text]
    words = "".join(visible).split()
    return " ".join(words)
