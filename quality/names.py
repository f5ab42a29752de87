"""What a name in Chinese holds: common Chinese characters, and no signs that stand for lost ones.

Text that was decoded with the wrong table of characters on its way is valid text since; only its
letters tell.
"""

import codecs
import re

HAN = re.compile(r"[\u4e00-\u9fff]")
LOST = re.compile(r"[?？\ufffd\u25a1\u3013\x80-\x9f\ue000-\uf8ff]")


def is_chinese_name(name: str, least_share: float) -> bool:
    """Tell whether a text is a name in Chinese.

    It holds no sign for a lost character, at least `least_share` of its letters are Chinese
    characters of GB 2312, and it does not turn into other Chinese once GB 18030 is taken for the
    wrong table.
    """
    letters = [letter for letter in name if letter.isalpha()]
    common = sum(is_common_han(letter) for letter in letters)
    is_chinese = common > 0 and common >= least_share * len(letters)
    return is_chinese and not LOST.search(name) and not is_misread(name)


def is_common_han(letter: str) -> bool:
    """Whether a character is Chinese and among the 6,763 of GB 2312."""
    if not HAN.fullmatch(letter):
        return False
    try:
        letter.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def is_misread(name: str) -> bool:
    """Whether the name's bytes in GB 18030 are Chinese in UTF-8 from the first on.

    They must give two characters or more.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        undone = decoder.decode(name.encode("gb18030"))
    except UnicodeError:
        return False
    return len(HAN.findall(undone)) > 1
