"""The catalogue of spoiled releases.

Each is named by its check and only by the others it lists, and every required check catches one.
"""

import shutil
from fnmatch import fnmatch

import pytest

from orchestration.home.layout import Home
from quality.release import BuiltRelease, judge_release, required_release_checks
from tests.corruptions.following import FOLLOWING
from tests.corruptions.lineage import LINEAGE
from tests.corruptions.release import NEVER_ALONE, RELEASE
from tests.corruptions.release_spoiling import CANARY, rewrite, uncover
from tests.support.homes import PREPARED
from tests.support.lanes import everyday
from tests.support.people import DECEMBER

pytestmark = pytest.mark.corruption
# Of personal data, of small areas, of what the public is shown, of files, of the origin.
RELEASE_EVERYDAY = (
    "a phone in the cells of a Parquet file",
    "an area shown that covers small ones",
    "a public figure edited",
    "a CSV file cut mid-row",
    "a union's page edited",
    "a manifest with another code",
)
FOLLOWING_EVERYDAY = ("what moved an index that does not add up",)


@pytest.fixture
def release(prepared_example):
    return Home(prepared_example).prepared(DECEMBER)


@pytest.fixture(scope="module")
def following(two_months):
    """December prepared after November was released: (its folder, that of November)."""
    return two_months.parent / PREPARED, two_months / "releases" / "2020-11" / "r1"


def fired(folder, before=None, months=()):
    results = judge_release(BuiltRelease(folder, before=before, months=months, canaries=[CANARY]))
    return {result.name for result in results if not (result.passed and result.executed)}


def test_the_unspoiled_release_passes_every_check(release):
    results = list(judge_release(BuiltRelease(release, canaries=[CANARY])))
    assert {result.name for result in results} == set(required_release_checks())
    assert [result for result in results if not (result.passed and result.executed)] == []


@pytest.mark.parametrize("corruption", everyday(RELEASE, *RELEASE_EVERYDAY))
def test_a_spoiled_release_is_named_by_its_check(release, tmp_path, corruption):
    folder = shutil.copytree(release, tmp_path / "release")
    corruption.spoil(folder)
    assert_named(corruption, fired(folder))


@pytest.mark.parametrize("corruption", everyday(FOLLOWING, *FOLLOWING_EVERYDAY))
def test_a_spoiled_account_of_what_changed_is_named(following, tmp_path, corruption):
    folder = shutil.copytree(following[0], tmp_path / "release")
    corruption.spoil(folder)
    assert_named(corruption, fired(folder, following[1], [following[1]]))


def assert_named(corruption, found):
    assert corruption.check in found
    assert {
        name
        for name in found
        if not any(fnmatch(name, pattern) for pattern in (corruption.check, *corruption.also))
    } == set()
    assert all(any(fnmatch(name, pattern) for name in found) for pattern in corruption.also)


def test_a_release_that_follows_another_passes_every_check_with_it_alone(following):
    folder, before = following
    assert fired(folder, before, [before]) == set()
    assert fired(folder, None, [before]) == {"release.changes"}
    assert fired(folder, before) == {"release.site"}


# A first release that is judged beside another says nothing of it.
NOT_STATED = {"release.standing": "it supersedes earlier and does not state so"}


@pytest.mark.drill
def test_few_unions_found_by_difference_of_revisions_are_named(release, tmp_path):
    earlier = shutil.copytree(release, tmp_path / "earlier")
    assert failed_beside(release, earlier) == NOT_STATED
    one = "(select min(union_id) from built where county_code = '330381')"
    corrected = f"if(union_id = {one}, 0, health_index)::decimal(18, 4) as health_index"
    rewrite("internal/union_index", f"select * replace ({corrected}) from built")(earlier)
    told = "1 sum over few unions found by difference of revisions"
    found = {"release.recoverable": f"{told}; union_index.health_index: {told}"}
    assert failed_beside(release, earlier) == NOT_STATED | found


@pytest.mark.drill
def test_a_small_area_that_an_earlier_revision_gave_away_does_not_stop_the_next(release, tmp_path):
    earlier = shutil.copytree(release, tmp_path / "earlier")
    for area in ("330302", "330328"):
        uncover(area)(earlier)
    assert set(failed_beside(earlier)) >= {"release.recoverable"}
    assert failed_beside(release, earlier) == NOT_STATED


def failed_beside(release, *earlier):
    results = judge_release(BuiltRelease(release, earlier))
    return {
        result.name: result.observed
        for result in results
        if not (result.passed and result.executed)
    }


def test_every_required_check_catches_alone_or_says_why_not():
    catalogue = (*RELEASE, *FOLLOWING, *LINEAGE)
    assert {corruption.check for corruption in catalogue} == set(required_release_checks())
    assert set(required_release_checks()) - {
        corruption.check for corruption in catalogue if not corruption.also
    } == set(NEVER_ALONE)
    assert len({corruption.name for corruption in catalogue}) == len(catalogue)
