"""A page shows no figure that is none, and none of a suppressed area, whatever areas are called."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from quality.pages import any_of, figures_in_rows, numbers_beyond

texts = st.text(st.sampled_from("0123456789.-县Ab ("), min_size=1, max_size=8).map(str.strip)
names = texts.filter(lambda text: any(map(str.isalpha, text)))
ROW = '<tr><th scope="row"><span>{zh}</span> <span>{en}</span></th><td>{cell}</td></tr>'


@given(names, names)
def test_a_digit_in_the_name_of_a_suppressed_county_is_no_figure(name_zh, name_en):
    page = ROW.format(zh=name_zh, en=name_en, cell="–")
    assert figures_in_rows(page, name_zh, name_en) == set()


def test_a_figure_beside_the_name_is_one():
    page = ROW.format(zh="第3县", en="County 3", cell="48.3")
    assert figures_in_rows(page, "第3县", "County 3") == {"48.3"}


def test_a_name_of_digits_alone_hides_no_figure():
    page = ROW.format(zh="第3县", en="x", cell="12")
    assert figures_in_rows(page, "第3县", "12") == {"12"}


def test_a_row_of_a_shown_area_of_the_same_chinese_name_is_none_of_a_suppressed_one():
    shown = ROW.format(zh="邯郸", en="Handan City", cell="48.3")
    hidden = ROW.format(zh="邯郸", en="Handan County", cell="–")
    assert figures_in_rows(hidden + shown, "邯郸", "Handan County", ["Handan City"]) == set()
    told = hidden.replace("–", "47.1")
    assert figures_in_rows(told + shown, "邯郸", "Handan County", ["Handan City"]) == {"47.1"}
    assert figures_in_rows(shown, "邯郸", "Handan County") == {"48.3"}


HEADLINE = "<strong><span>{zh}健康指数为{index}分</span> <span>{en} has {index}.</span></strong>"


@given(st.lists(names, max_size=5), names, names)
def test_a_digit_in_the_name_of_an_area_is_no_figure_of_a_headline(others, name_zh, name_en):
    page = HEADLINE.format(zh=name_zh, en=name_en, index="49.8")
    pattern = any_of([*others, name_zh, name_en])
    assert numbers_beyond(page, {Decimal("49.8")}, pattern) == 0
    assert numbers_beyond(page, {Decimal("48.3")}, pattern) == 2


def test_a_name_of_digits_alone_hides_no_figure_of_a_headline():
    page = HEADLINE.format(zh="第3县", en="12", index="12")
    assert numbers_beyond(page, set(), any_of(["第3县", "12"])) == 3
