"""Names in Chinese, told from text that was decoded with a wrong table of characters."""

import pytest

from quality.names import is_chinese_name

SOUND = (
    "瑞安市",
    "杞城",
    "浔江镇",
    "㲼头镇",
    "温州UT通讯有限公司",
    "3D打印产业园",
    "（温州）第1服装厂",
)
LOST = ("????", "鹿?区", "鹿\ufffd区", "□□市", "鹿\ue000区", "Lucheng", "ロクジョウ", "")


@pytest.mark.parametrize("name", SOUND)
def test_a_name_in_chinese_is_sound(name):
    assert is_chinese_name(name, 0.5)


@pytest.mark.parametrize("name", LOST)
def test_a_name_of_which_characters_are_lost_is_not(name):
    assert not is_chinese_name(name, 0.5)


@pytest.mark.parametrize("name", ["瑞安市", "鹿城区", "温州第一服装有限公司"])
@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("gb18030", "latin-1"),
        ("gb18030", "cp1252"),
        ("gb18030", "utf-8"),
        ("utf-8", "latin-1"),
        ("utf-8", "gb18030"),
        ("utf-8", "cp1252"),
    ],
)
def test_a_name_read_by_the_wrong_table_is_not(name, written, read):
    assert not is_chinese_name(name.encode(written).decode(read, errors="replace"), 0.5)
