"""The Chinese font of the documents: Noto Sans SC (SIL Open Font License), cut to the characters that are shown, in one weight.

The package has the variable font, whose default weight is Thin; parsing it takes most of a second. So an instance of each weight with the
characters in common use is made once and kept in the user's cache; fonts are cut from that, unless a text has characters beyond. The same
characters give the same bytes.
"""

import io
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path

import justmytype_intl_cjk
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont
from platformdirs import user_cache_path

from orchestration import files
from orchestration.errors import UsageError

SOURCE = Path(justmytype_intl_cjk.__file__).parent / "fonts" / "ofl" / "notosanssc" / "NotoSansSC[wght].ttf"
LICENCE = SOURCE.with_name("OFL.txt")
FAMILY = "Noto Sans SC"
REGULAR, BOLD = 400, 700
UNUSED = {"BASE", "GPOS", "vhea", "vmtx"}
PRINTABLE_ASCII = "".join(map(chr, range(0x20, 0x7F)))
GB2312_ROWS, GB2312_CELLS = range(0xA1, 0xF8), range(0xA1, 0xFF)


def write_font(texts: Iterable[str], file: Path, weight: int = REGULAR) -> None:
    """Write a TrueType font with the characters of these texts, and ASCII. Raises UsageError naming those that it has no glyph for."""
    characters = {character for text in (*texts, PRINTABLE_ASCII) for character in text if character.isprintable()}
    if lacking := sorted(characters - drawable(characters)):
        raise UsageError(f"The font {FAMILY} lacks {', '.join(f'U+{ord(character):04X}' for character in lacking)}.")
    content = common_instance(weight) if characters <= common_characters() else None
    file.write_bytes(cut(content, characters, weight))


def drawable(characters: Iterable[str]) -> set[str]:
    """Those of some characters that the font has a glyph for."""
    asked = set(characters)
    return asked if asked <= common_characters() else asked & all_characters()


@cache
def all_characters() -> frozenset[str]:
    """The characters that the font has."""
    with TTFont(SOURCE, lazy=True) as font:
        return frozenset(map(chr, font.getBestCmap()))


@cache
def common_characters() -> frozenset[str]:
    """The characters in common use: those of GB 2312 and of Latin-1 that the font has, as its cached instance has them."""
    with TTFont(io.BytesIO(common_instance(REGULAR)), lazy=True) as font:
        return frozenset(map(chr, font.getBestCmap()))


@cache
def common_instance(weight: int) -> bytes:
    """The font of a weight with the characters in common use, from the user's cache, or made and kept there where it can be."""
    kept = user_cache_path("union-health-index") / f"noto_sans_sc_{files.sha256_of(SOURCE)[:16]}_{weight}.ttf"
    if kept.exists():
        return kept.read_bytes()
    pairs = (bytes([row, cell]).decode("gb2312", "ignore") for row in GB2312_ROWS for cell in GB2312_CELLS)
    asked = {*"".join(pairs), *PRINTABLE_ASCII, *map(chr, range(0xA0, 0x100)), *"–—‘’“”…‰←↑→↓−"}
    content = cut(None, asked & all_characters(), weight)
    with suppress(OSError):  # what cannot be kept is made anew next time
        kept.parent.mkdir(parents=True, exist_ok=True)
        files.write_bytes_atomically(kept, content)
    return content


def cut(instance: bytes | None, characters: Iterable[str], weight: int) -> bytes:
    """A font with these characters, of an instance of its weight, or of the variable font."""
    with TTFont(SOURCE if instance is None else io.BytesIO(instance), lazy=True, recalcTimestamp=False) as font:
        for table in UNUSED & set(font.keys()):
            del font[table]
        subsetter = Subsetter(Options(layout_features=["tnum"], name_IDs=["*"], name_languages=["*"], notdef_outline=True))
        subsetter.populate(text="".join(sorted(characters)))
        subsetter.subset(font)
        if instance is None:
            instantiateVariableFont(font, {"wght": weight}, inplace=True, updateFontNames=True)
        content = io.BytesIO()
        font.save(content)
    return content.getvalue()
