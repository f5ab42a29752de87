"""The two lanes of the tests: what every run has, and what the drill has besides.

`make test` runs what is not marked; `make drill` what is marked `drill`. A case goes to the drill
where others of its kind, which every run has, would fail with it.
"""

import pytest


def everyday(cases, *chosen):
    """The cases of a matrix: every run has the chosen ones, the drill has the others.

    A case is a value or a tuple of values; one with a name (a corruption) may be chosen by it, and
    is shown by it.
    """
    assert set(chosen) <= {*map(choice_of, cases)}, chosen
    return [case_of(case, is_chosen=choice_of(case) in chosen) for case in cases]


def choice_of(case):
    """What a case is chosen by: its name, or itself."""
    return getattr(case, "name", case)


def case_of(case, *, is_chosen):
    """A case with its mark."""
    cells = case if isinstance(case, tuple) else (case,)
    marks = () if is_chosen else pytest.mark.drill
    return pytest.param(*cells, id=getattr(case, "name", None), marks=marks)
