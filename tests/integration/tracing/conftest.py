"""What is traced: the example's release, in the home that has its landing, and a union of it."""

import pytest

from tests.support.traced_figures import union_with_rating


@pytest.fixture(scope="module")
def home(old):
    return old[0]


@pytest.fixture(scope="module")
def release(home):
    return home / "releases" / "2020-12" / "r1"


@pytest.fixture(scope="module")
def some_union(release):
    """A linked union with a rating of its members, and what goes before it."""
    return union_with_rating(release)
