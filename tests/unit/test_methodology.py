"""A methodology that would make a build meaningless is refused before anything is built.

One that nobody approved is named.
"""

import shutil

import pytest

from orchestration.audit.recount import queries_of
from orchestration.contract import methodology_rules
from orchestration.contract.methodology import METHOD_DIGEST, is_same, load_methodology
from orchestration.contract.methodology_tables import TABLES
from orchestration.documents.site import wording as site_wording
from orchestration.documents.workbook.tabulation import wording as workbook_wording
from orchestration.errors import UsageError
from orchestration.home.records.verdict import MethodologyIdentity
from orchestration.periods import Period
from orchestration.settings import METHODOLOGY
from quality.verdict import approval_of, required_checks
from tests.corruptions import listed
from tests.support.methodologies import copied_version, edit

PERIOD = Period(2020, 12)


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(METHODOLOGY, tmp_path / "methodology")


def test_the_shipped_methodology_is_sound_and_approved():
    methodology = load_methodology(METHODOLOGY, PERIOD)
    assert methodology.name == "2020"
    assert approval_of(methodology.version_digest)[0]


@pytest.mark.corruption
@pytest.mark.parametrize(
    "corruption", listed("methodology"), ids=lambda corruption: corruption.name
)
def test_a_corruption_is_named(folder, corruption):
    corruption.spoil(folder)
    if corruption.check == "usage":
        with pytest.raises(UsageError, match=corruption.message):
            load_methodology(folder, PERIOD)
    else:
        assert corruption.check == "methodology.approved"
        assert required_checks()[corruption.check] == corruption.severity
        digest = load_methodology(folder, PERIOD).version_digest
        assert approval_of(digest) == (
            False,
            f"the digest {digest} is not in approved_methodologies.yml",
        )


def test_a_missing_table_is_named(folder):
    (folder / "grades.csv").unlink()
    with pytest.raises(UsageError, match=r"grades\.csv cannot be read"):
        load_methodology(folder, PERIOD)


def rewritten(folder):
    """The same rows in other files.

    A byte order mark, other line ends, blank last lines, quotes, zeros, another order of rows.
    """
    for table in TABLES:
        file = folder / f"{table}.csv"
        header, *rows = file.read_text(encoding="utf-8").splitlines()
        if table == "indicators":
            rows = [row.replace(",basic,9,", ',"basic",9.00,') for row in reversed(rows)]
        file.write_bytes(("\ufeff" + "\r\n".join([header, *rows]) + "\r\n\r\n").encode())


def test_how_a_file_is_written_does_not_matter(folder):
    sound = load_methodology(METHODOLOGY, PERIOD)
    rewritten(folder)
    found = load_methodology(folder, PERIOD)
    assert (found.version_digest, found.method_digest) == (
        sound.version_digest,
        sound.method_digest,
    )
    assert sorted(map(str, found.tables["indicators"])) == sorted(
        map(str, sound.tables["indicators"])
    )
    assert found.digest != sound.digest


def test_a_byte_order_mark_alone_is_not_another_state_of_the_files(folder):
    for table in TABLES:
        file = folder / f"{table}.csv"
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert load_methodology(folder, PERIOD).digest == load_methodology(METHODOLOGY, PERIOD).digest


def test_a_new_version_does_not_unapprove_the_old_one(folder):
    copied_version(
        folder,
        "2021",
        "2020-12",
        "2020-11",
        ("1,basic,9,", "1,basic,7,"),
        ("2,basic,7,", "2,basic,9,"),
    )
    november, december = (load_methodology(folder, period) for period in (PERIOD.previous, PERIOD))
    assert (november.name, december.name) == ("2020", "2021")
    assert approval_of(november.version_digest)[0]
    assert not approval_of(december.version_digest)[0]


def test_the_same_rows_under_another_name_are_the_same_method_but_not_the_approved_version(folder):
    copied_version(folder, "2021", "2020-12", "2020-11")
    november, december = (load_methodology(folder, period) for period in (PERIOD.previous, PERIOD))
    assert is_same(METHOD_DIGEST, november.identity, december.identity)
    assert not approval_of(december.version_digest)[0]


@pytest.mark.parametrize(
    ("table", "old", "new", "same"),
    [
        ("alert_rules", "健康指数偏低", "健康指数较低", True),
        ("labels", "绿码", "绿色", True),
        ("methodologies", "2019-01,,", "2019-01,2022-12,", True),
        ("scoring_knots", "enrolment_rate,90,100", "enrolment_rate,91,100", False),
        ("grades", "suspended,30", "suspended,31", False),
        ("alert_rules", "index,<,75", "index,<,74", False),
        ("methodologies", ",,12,", ",,11,", False),
    ],
)
def test_what_makes_another_method_is_rows_not_names(folder, table, old, new, same):
    edit(folder, table, old, new)
    described = [load_methodology(each, PERIOD).identity for each in (METHODOLOGY, folder)]
    assert is_same(METHOD_DIGEST, *described) == same


def test_verdicts_of_before_are_compared_by_the_digest_of_the_files():
    now = load_methodology(METHODOLOGY, PERIOD).identity
    before = MethodologyIdentity(name=now.name, sha256=now.sha256)
    assert is_same(METHOD_DIGEST, before, now)
    assert not is_same(METHOD_DIGEST, before.model_copy(update={"sha256": "0" * 64}), now)


def test_an_indicator_that_is_not_listed_or_not_recounted_is_named(folder, tmp_path, monkeypatch):
    names = tmp_path / "indicator_names.sql"
    listed = methodology_rules.INDICATOR_NAMES.read_text(encoding="utf-8")
    names.write_text(listed.replace("        'venues',\n", ""), encoding="utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(methodology_rules, "INDICATOR_NAMES", names)
        with pytest.raises(UsageError, match=r"'venues' is not in indicator_names\.sql yet; run"):
            load_methodology(folder, PERIOD)
    monkeypatch.setattr(methodology_rules, "RECOUNTS", tmp_path)
    named = r"^Version 2020 of the methodology, indicators\.csv: nothing recounts the indicator 'en"
    with pytest.raises(UsageError, match=named):
        load_methodology(folder, PERIOD)


def test_a_missing_recount_is_told_where_a_release_is_traced():
    with pytest.raises(UsageError, match=r"canteens\.sql is missing"):
        queries_of("canteens")


def test_every_unit_has_its_words():
    words = site_wording.wording()
    for unit in methodology_rules.UNITS:
        assert unit in words["units"]
        assert unit in words["unit_names"]
        assert workbook_wording()["unit", unit]
