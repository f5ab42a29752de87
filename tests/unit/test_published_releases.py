"""Which releases a further one is judged beside: those that the ledger has, as it has them."""

import shutil

import pytest

from orchestration.errors import VerificationError
from orchestration.home.layout import Home
from orchestration.home.releases import beside, next_name, releases_of
from orchestration.periods import Period
from tests.support import ledgers

DECEMBER = Period(2020, 12)
NAMES = ("r1", "r2", "r3")


@pytest.fixture
def home(tmp_path):
    """A home with three releases of December; the first is superseded, the second retracted."""
    home = Home(tmp_path / "home")
    for name in NAMES:
        room = home.retracted_release if name == "r2" else home.release
        ledgers.publish(home.folder, room(DECEMBER, name), DECEMBER, name)
    stone = home.release(DECEMBER, "r2")
    stone.mkdir()
    (stone / "retraction.json").write_text("{}", encoding="utf-8")
    return home


def places(home):
    """Where the files of the three releases are."""
    return [
        home.release(DECEMBER, "r1"),
        home.retracted_release(DECEMBER, "r2"),
        home.release(DECEMBER, "r3"),
    ]


def test_superseded_and_retracted_ones_are_among_them(home):
    assert releases_of(home, DECEMBER) == places(home)
    assert beside(home, DECEMBER.next).month_before == places(home)
    assert beside(home, DECEMBER.previous).month_after == places(home)


@pytest.mark.parametrize("place", range(len(NAMES)))
@pytest.mark.parametrize("act", ["take away", "seal anew"])
def test_none_is_forgotten_or_taken_for_another(home, place, act):
    release = places(home)[place]
    if act == "take away":
        shutil.rmtree(release)
    else:
        (release / "SHA256SUMS").write_text("sealed anew\n", encoding="utf-8")
    for period in (DECEMBER.previous, DECEMBER, DECEMBER.next):
        with pytest.raises(VerificationError, match=f"{NAMES[place]}, published for 2020-12, is"):
            beside(home, period)


def test_what_no_publication_put_there_is_none_and_its_name_is_taken_all_the_same(home):
    home.release(DECEMBER, "r4").mkdir()
    assert releases_of(home, DECEMBER) == places(home)
    assert next_name(home, DECEMBER) == "r5"
