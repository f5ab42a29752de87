"""The Chinese font of the documents: Noto Sans SC (SIL Open Font License), cut to the characters that are shown, in one weight.

The package has the variable font, whose default weight is Thin; so an instance is made, in about a second. The same characters give the
same bytes.
"""

from collections.abc import Iterable
from pathlib import Path

import justmytype_intl_cjk
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

from orchestration.errors import UsageError

SOURCE = Path(justmytype_intl_cjk.__file__).parent / "fonts" / "ofl" / "notosanssc" / "NotoSansSC[wght].ttf"
LICENCE = SOURCE.with_name("OFL.txt")
FAMILY = "Noto Sans SC"
REGULAR, BOLD = 400, 700
UNUSED = {"BASE", "GPOS", "vhea", "vmtx"}
PRINTABLE_ASCII = "".join(map(chr, range(0x20, 0x7F)))


def write_font(texts: Iterable[str], file: Path, weight: int = REGULAR) -> None:
    """Write a TrueType font with the characters of these texts, and ASCII. Raises UsageError naming those that it has no glyph for."""
    characters = {character for text in (*texts, PRINTABLE_ASCII) for character in text if character.isprintable()}
    with TTFont(SOURCE, lazy=True, recalcTimestamp=False) as font:
        if lacking := sorted(characters - set(map(chr, font.getBestCmap()))):
            raise UsageError(f"The font {FAMILY} lacks {', '.join(f'U+{ord(character):04X}' for character in lacking)}.")
        for table in UNUSED & set(font.keys()):
            del font[table]
        options = Options(layout_features=["tnum"], name_IDs=["*"], name_languages=["*"], notdef_outline=True)
        subsetter = Subsetter(options)
        subsetter.populate(text="".join(sorted(characters)))
        subsetter.subset(font)
        instantiateVariableFont(font, {"wght": weight}, inplace=True, updateFontNames=True).save(file)
