"""The catalogue as a whole.

It is large enough and has every group. Each check of the gate has a corruption that it alone names,
or a reason why not.
"""

from fnmatch import fnmatch
from pathlib import Path

import yaml

from quality.queries import queries
from quality.release import required_release_checks
from quality.verdict import required_checks
from tests import corruptions
from tests.corruptions import listed
from tests.corruptions.following import FOLLOWING
from tests.corruptions.handover import HANDOVER
from tests.corruptions.lineage import LINEAGE
from tests.corruptions.release import NEVER_ALONE, RELEASE

CATALOGUE = (
    *HANDOVER,
    *listed("source"),
    *listed("methodology"),
    *listed("candidate"),
    *RELEASE,
    *FOLLOWING,
    *LINEAGE,
)
KEPT = yaml.safe_load(Path(corruptions.__file__).with_name("kept.yml").read_text(encoding="utf-8"))
GROUPS = (
    "file geography membership enterprise contracts requests ratings disputes methodology output"
)


def test_it_is_large_and_of_every_group():
    assert len(CATALOGUE) >= 150
    assert set(GROUPS.split()) <= {corruption.group for corruption in CATALOGUE}
    assert len({corruption.name for corruption in CATALOGUE}) == len(CATALOGUE)


def test_each_query_and_each_check_of_a_release_is_named_by_a_corruption():
    named = {corruption.check for corruption in CATALOGUE}
    assert set(queries()) | set(required_release_checks()) <= named
    severities = required_checks() | required_release_checks()
    assert [
        each.name for each in CATALOGUE if each.severity != severities.get(each.check, "stop")
    ] == []


def test_a_check_that_is_never_alone_has_a_reason():
    alone = {corruption.check for corruption in CATALOGUE if not corruption.also}
    others = (set(required_checks()) | set(required_release_checks())) - alone
    reasons = KEPT | NEVER_ALONE
    assert {
        name for name in others if not any(fnmatch(name, pattern) for pattern in reasons)
    } == set()
    assert {
        pattern for pattern in reasons if not any(fnmatch(name, pattern) for name in others)
    } == set()
