"""A page shows no figure in the row of a suppressed area, whatever the area is called."""

from hypothesis import given
from hypothesis import strategies as st

from quality.pages import figures_in_rows

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
