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
from itertools import product
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
    if characters <= common_characters():
        content = common_instance(weight)
    else:
        content = cut(None, characters, weight)
    file.write_bytes(content)


def write_cut_font(texts: Iterable[str], file: Path, weight: int = REGULAR) -> None:
    """Write a TrueType font with the characters of these texts, and ASCII, alone.

    Raises UsageError as write_font does.
    """
    characters = characters_of(texts)
    instance = None
    if characters <= common_characters():
        instance = common_instance(weight)
    content = cut(instance, characters, weight)
    file.write_bytes(content)


def characters_of(texts: Iterable[str]) -> frozenset[str]:
    """The characters of some texts, and ASCII.

    Raises UsageError naming those that the font has no glyph for.
    """
    characters = printable(PRINTABLE_ASCII).union(*map(printable, texts))
    lacking = characters - drawable(characters)
    if lacking:
        code_points = [f"U+{ord(character):04X}" for character in sorted(lacking)]
        raise UsageError(f"The font {FAMILY} lacks {', '.join(code_points)}.")
    return characters


def printable(characters: Iterable[str]) -> frozenset[str]:
    """Those of some characters that can be seen."""
    return frozenset(character for character in characters if character.isprintable())


def drawable(characters: Iterable[str]) -> set[str]:
    """Those of some characters that the font has a glyph for."""
    asked = set(printable(characters))
    if asked <= common_characters():
        return asked
    return asked & all_characters()


@cache
def all_characters() -> frozenset[str]:
    """The characters that the font has."""
    return characters_in(SOURCE)


@cache
def common_characters() -> frozenset[str]:
    """The characters in common use that the font has, and some blocks of letters and signs."""
    return characters_in(io.BytesIO(common_instance(REGULAR)))


def characters_in(source: Path | io.BytesIO) -> frozenset[str]:
    """The characters that a font has."""
    with TTFont(source, lazy=True) as font:
        return frozenset(map(chr, font.getBestCmap()))


@cache
def common_instance(weight: int) -> bytes:
    """The font of a weight with the characters in common use.

    It is taken from the user's cache, or made and, where possible, kept there.
    """
    kept = kept_instance(weight)
    if kept.exists():
        return kept.read_bytes()
    drawn = characters_in_use() & all_characters()
    content = cut(None, drawn, weight)
    with suppress(OSError):  # what cannot be kept is made anew next time
        kept.parent.mkdir(parents=True, exist_ok=True)
        files.write_bytes_atomically(kept, content)
    return content


def kept_instance(weight: int) -> Path:
    """Where the font of a weight is kept, by what it is made of."""
    characters = "".join(sorted(characters_in_use()))
    made_of = {
        "font": files.sha256_of(SOURCE),
        "characters": characters,
        "fonttools": fontTools.version,
    }
    digest = files.digest_of(made_of)[:16]
    return user_cache_path("union-health-index") / f"noto_sans_sc_{weight}_{digest}.ttf"


@cache
def characters_in_use() -> frozenset[str]:
    """The characters in common use, and some blocks of letters and signs."""
    names = PLACE_NAME_CHARACTERS.read_text(encoding="utf-8").replace("\n", "")
    found = {*names, *PRINTABLE_ASCII}
    for row, cell in product(GB2312_ROWS, GB2312_CELLS):
        found.update(bytes([row, cell]).decode("gb2312", "ignore"))
    for block in BLOCKS:
        found.update(map(chr, block))
    return frozenset(found)


@lru_cache(maxsize=LATEST_CUTS)
def cut(
    instance: bytes | None,
    characters: frozenset[str],
    weight: int,
) -> bytes:
    """A font with these characters.

    It is cut from an instance of its weight, whose glyphs are copied as they are, or from the
    variable font.
    """
    is_variable = instance is None
    source = SOURCE if instance is None else io.BytesIO(instance)
    content = io.BytesIO()
    with TTFont(
        source,
        lazy=True,
        recalcTimestamp=False,
        recalcBBoxes=is_variable,
    ) as font:
        keep_characters(font, characters)
        if is_variable:
            instantiateVariableFont(
                font,
                {"wght": weight},
                inplace=True,
                updateFontNames=True,
            )
        font.save(content)
    return content.getvalue()


def keep_characters(font: TTFont, characters: frozenset[str]) -> None:
    """Take from a font all other characters, and the tables that nothing here reads."""
    for table in UNUSED & set(font.keys()):
        del font[table]
    options = Options(
        layout_features=["tnum"],
        name_IDs=["*"],
        name_languages=["*"],
        notdef_outline=True,
    )
    subsetter = Subsetter(options)
    subsetter.populate(text="".join(sorted(characters)))
    subsetter.subset(font)
