"""A suppressed area's row on the page: its figures are found, the digits of its name are none."""

from html import escape

from hypothesis import given
from hypothesis import strategies as st

from quality.pages import figures_beside

DIGITS = st.integers(0, 999_999)
NAMES = st.tuples(
    st.builds("{}{}县".format, st.sampled_from(["第", "瓯", "O'"]), DIGITS),
    st.builds("{} {} & Co.".format, st.sampled_from(["County", "Zone"]), DIGITS),
)


def page(names, *cells):
    chinese, english = map(escape, names)
    head = f'<th scope="row"><span>{chinese}</span> <span lang="en">{english}</span></th>'
    row = "".join(f"<td>{cell}</td>" for cell in cells)
    return f"<table><tr><th>x</th><td>12</td></tr><tr>{head}{row}</tr></table>"


@given(NAMES)
def test_digits_in_the_name_of_a_suppressed_area_are_no_figures(names):
    assert figures_beside(names, page(names, "", "–", "0")) == set()


@given(NAMES, DIGITS.filter(bool))
def test_its_figures_are_found_all_the_same(names, figure):
    assert figures_beside(names, page(names, "", figure)) == {str(figure)}


def test_a_name_of_digits_alone_hides_no_figure():
    assert figures_beside(["第1县", "12"], page(["第1县", "x"], "12")) == {"12"}
