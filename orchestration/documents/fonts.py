"""The Chinese font of the documents: Noto Sans SC (SIL Open Font License), in one weight.

The package has the variable font, whose default weight is Thin; parsing it takes most of a second.
So an instance of each weight with the characters in common use is made once and kept in the user's
cache. What draws or embeds by itself only what it shows takes it whole; what goes out as a file is
cut from it, unless a text has characters beyond. The same characters give the same bytes.

In common use are the characters of GB 2312 and those of the third level of the Table of General
Standard Chinese Characters (State Council, 2013), which is for names of places and people:
`place_name_characters.txt` has those of Unicode's basic plane.
"""

import io
from collections.abc import Iterable
from contextlib import suppress
from functools import cache, lru_cache
from pathlib import Path

import fontTools
import justmytype_intl_cjk
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont
from platformdirs import user_cache_path

from orchestration.errors import UsageError
from orchestration.home import files

SOURCE = (
    Path(justmytype_intl_cjk.__file__).parent
    / "fonts"
    / "ofl"
    / "notosanssc"
    / "NotoSansSC[wght].ttf"
)
LICENCE = SOURCE.with_name("OFL.txt")
PLACE_NAME_CHARACTERS = Path(__file__).with_name("place_name_characters.txt")
FAMILY = "Noto Sans SC"
REGULAR, BOLD = 400, 700
UNUSED = {"BASE", "GPOS", "vhea", "vmtx"}
PRINTABLE_ASCII = "".join(map(chr, range(0x20, 0x7F)))
LATEST_CUTS = 8
GB2312_ROWS, GB2312_CELLS = range(0xA1, 0xF8), range(0xA1, 0xFF)
BLOCKS = (
    range(0xA0, 0x250),  # Latin-1 and Latin Extended
    range(0x2000, 0x2070),  # punctuation
    range(0x2190, 0x2300),  # arrows, mathematical signs
    range(0x2460, 0x2780),  # numbers in circles, geometric shapes, signs
    range(0x3000, 0x3040),  # Chinese punctuation
    range(0xFF00, 0xFFF0),  # wide forms
)


def write_font(texts: Iterable[str], file: Path, weight: int = REGULAR) -> None:
    """Write a TrueType font that has the characters of these texts, and others.

    Raises UsageError naming the characters that it has no glyph for.
    """
    characters = characters_of(texts)
    file.write_bytes(
        common_instance(weight)
        if characters <= common_characters()
        else cut(None, frozenset(characters), weight)
    )


def write_cut_font(texts: Iterable[str], file: Path, weight: int = REGULAR) -> None:
    """Write a TrueType font with the characters of these texts, and ASCII, alone.

    Raises UsageError as write_font does.
    """
    characters = characters_of(texts)
    instance = common_instance(weight) if characters <= common_characters() else None
    file.write_bytes(cut(instance, frozenset(characters), weight))


def characters_of(texts: Iterable[str]) -> set[str]:
    """The characters of some texts, and ASCII.

    Raises UsageError naming those that the font has no glyph for.
    """
    characters = {
        character
        for text in (*texts, PRINTABLE_ASCII)
        for character in text
        if character.isprintable()
    }
    if lacking := sorted(characters - drawable(characters)):
        code_points = ", ".join(f"U+{ord(character):04X}" for character in lacking)
        raise UsageError(f"The font {FAMILY} lacks {code_points}.")
    return characters


def drawable(characters: Iterable[str]) -> set[str]:
    """Those of some characters that the font has a glyph for."""
    asked = {character for character in characters if character.isprintable()}
    return asked if asked <= common_characters() else asked & all_characters()


@cache
def all_characters() -> frozenset[str]:
    """The characters that the font has."""
    with TTFont(SOURCE, lazy=True) as font:
        return frozenset(map(chr, font.getBestCmap()))


@cache
def common_characters() -> frozenset[str]:
    """The characters in common use that the font has, and some blocks of letters and signs."""
    with TTFont(io.BytesIO(common_instance(REGULAR)), lazy=True) as font:
        return frozenset(map(chr, font.getBestCmap()))


@cache
def common_instance(weight: int) -> bytes:
    """The font of a weight with the characters in common use.

    It is taken from the user's cache, or made and, where possible, kept there.
    """
    pairs = (
        bytes([row, cell]).decode("gb2312", "ignore")
        for row in GB2312_ROWS
        for cell in GB2312_CELLS
    )
    names = PLACE_NAME_CHARACTERS.read_text(encoding="utf-8").replace("\n", "")
    asked = {
        *"".join(pairs),
        *names,
        *PRINTABLE_ASCII,
        *(chr(code) for block in BLOCKS for code in block),
    }
    made_of = files.digest_of(
        {
            "font": files.sha256_of(SOURCE),
            "characters": "".join(sorted(asked)),
            "fonttools": fontTools.version,
        }
    )
    kept = user_cache_path("union-health-index") / f"noto_sans_sc_{weight}_{made_of[:16]}.ttf"
    if kept.exists():
        return kept.read_bytes()
    content = cut(None, frozenset(asked & all_characters()), weight)
    with suppress(OSError):  # what cannot be kept is made anew next time
        kept.parent.mkdir(parents=True, exist_ok=True)
        files.write_bytes_atomically(kept, content)
    return content


@lru_cache(maxsize=LATEST_CUTS)
def cut(instance: bytes | None, characters: frozenset[str], weight: int) -> bytes:
    """A font with these characters.

    It is cut from an instance of its weight, whose glyphs are copied as they are, or from the
    variable font.
    """
    source = SOURCE if instance is None else io.BytesIO(instance)
    with TTFont(source, lazy=True, recalcTimestamp=False, recalcBBoxes=instance is None) as font:
        for table in UNUSED & set(font.keys()):
            del font[table]
        subsetter = Subsetter(
            Options(
                layout_features=["tnum"], name_IDs=["*"], name_languages=["*"], notdef_outline=True
            )
        )
        subsetter.populate(text="".join(sorted(characters)))
        subsetter.subset(font)
        if instance is None:
            instantiateVariableFont(font, {"wght": weight}, inplace=True, updateFontNames=True)
        content = io.BytesIO()
        font.save(content)
    return content.getvalue()
