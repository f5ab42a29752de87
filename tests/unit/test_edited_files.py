"""What people edit by hand beside the methodology.

The gate's lists, the calendar of holidays, the settings.
"""

import os

import pytest
from pydantic import TypeAdapter

from orchestration import guarded
from orchestration.build.candidate import check_lists_of_quality
from orchestration.contract.holidays import HOLIDAYS, read_holidays
from orchestration.errors import UsageError
from orchestration.settings import load_settings
from quality import check_entries, verdict
from quality.edited_files import EditedFileError, read_yaml
from quality.release import required_release_checks

APPROVAL = (
    "{digest}:\n  methodology: '2020'\n  approved_on: '2026-11-21'\n  approved_by: the tests\n"
)
WORDS = """    words:
      zh: 全市指数较上月变动过大
      en: the city's index moved further than is likely within a month
"""
SOUND = APPROVAL.format(digest="a" * 64)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (SOUND + SOUND, r"line 5: the key a{64} is there twice"),
        (APPROVAL.format(digest="a" * 12), r"line 1, a{12}"),
        (
            SOUND.replace("'2020'", "2020"),
            r"line 2, a{64}\.methodology: Input should be a valid string",
        ),
        (SOUND.replace("2026-11-21", "2026-11-31"), r"approved_on: '2026-11-31' is no day"),
        (SOUND.replace("approved_by", "approved"), r"approved_by: Field required"),
        (SOUND.replace("the tests", "[the"), "line 5"),
        ("", "line 1"),
    ],
)
def test_an_unsound_approval_is_named_before_anything_is_built(
    tmp_path, monkeypatch, text, problem
):
    file = tmp_path / "approved_methodologies.yml"
    file.write_text(text, encoding="utf-8")
    monkeypatch.setattr(verdict, "APPROVED", file)
    with pytest.raises(UsageError, match=problem):
        check_lists_of_quality()


def test_the_day_of_an_approval_needs_no_quotes(tmp_path, monkeypatch):
    file = tmp_path / "approved_methodologies.yml"
    file.write_text(SOUND.replace("'2026-11-21'", "2026-11-21"), encoding="utf-8")
    monkeypatch.setattr(verdict, "APPROVED", file)
    assert verdict.approval_of("a" * 64) == (True, "2020, approved on 2026-11-21 by the tests")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "threshold: 10\n",
            "threshold: -10\n",
            r"plausibility.city_index_change.threshold.*greater than 0",
        ),
        (
            "threshold: 10\n",
            "threshold: ten\n",
            r"line 133, checks.plausibility.city_index_change.threshold",
        ),
        (
            "threshold: 10\n",
            "threshold: 10 # \x07\n",
            r"checks\.yml: .*control characters are not allowed",
        ),
        (
            "threshold: 10\n",
            "treshold: 10\n",
            r"checks.plausibility.city_index_change.treshold: Extra inputs",
        ),
        (
            "plausibility.city_index_change:",
            "plausibility.city_index_chance:",
            r"there is no query checks/plausibility.city_index_chance\.sql",
        ),
        (
            "    threshold: 15\n    reason: Percentage",
            "    smallest: 15\n    reason: Percentage",
            r"checks.yml, plausibility.county_sampling_change: 'threshold' is undefined",
        ),
        (
            "since: 2026-11-21\n    words:\n      zh: 全市指数",
            "since: 21.11.2026\n    words:\n      zh: 全市指数",
            r"line 135, .*since",
        ),
        (
            "    threshold: 10\n",
            "",
            r"line 131, checks.plausibility.city_index_change: .*a limit has its reason",
        ),
        (
            "      en: the city's index moved further than is likely within a month\n",
            "",
            r"city_index_change.words.en: Field required",
        ),
        (
            WORDS,
            "",
            r"checks.plausibility.city_index_change: .*words are due",
        ),
        (
            "  alert.complete:\n    severity: stop\n",
            "",
            r"the check alert\.complete has no entry",
        ),
        (
            "  predecessor.stored:\n    judged_by: gate\n    severity: warn\n",
            "  predecessor.stored:\n    judged_by: gate\n    severity: stop_unless_overridden\n",
            r"predecessor\.stored is listed as warn, .* it is stop_unless_overridden",
        ),
    ],
)
def test_an_unsound_limit_is_named_before_anything_is_built(
    tmp_path, monkeypatch, old, new, problem
):
    text = check_entries.ENTRIES.read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "checks.yml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    monkeypatch.setattr(check_entries, "ENTRIES", file)
    with pytest.raises(UsageError, match=problem):
        check_lists_of_quality()


def test_a_check_that_is_listed_twice_is_named(tmp_path, monkeypatch):
    text = verdict.REQUIRED.read_text(encoding="utf-8")
    file = tmp_path / "required_checks.yml"
    file.write_text(
        text.replace("warn:\n", "warn:\n  - methodology.approved\n", 1), encoding="utf-8"
    )
    monkeypatch.setattr(verdict, "REQUIRED", file)
    with pytest.raises(UsageError, match=r"methodology\.approved is listed more than once"):
        check_lists_of_quality()


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("  - alert.complete\n", "", r"alert\.complete is in checks\.yml; list it here"),
        (
            "warn:\n",
            "warn:\n  - alert.severity.codes\n",
            r"alert\.severity\.codes has no entry in checks\.yml",
        ),
    ],
)
def test_the_reviewed_list_and_the_entries_agree(tmp_path, monkeypatch, old, new, problem):
    text = verdict.REQUIRED.read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "required_checks.yml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    monkeypatch.setattr(verdict, "REQUIRED", file)
    with pytest.raises(UsageError, match=problem):
        check_lists_of_quality()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  release.page:\n    judged_by: release\n    severity: stop\n", ""),
        ("  release.page:\n", "  release.pages:\n"),
    ],
)
def test_a_check_of_a_release_has_a_function_and_an_entry(tmp_path, monkeypatch, old, new):
    text = check_entries.ENTRIES.read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "checks.yml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    monkeypatch.setattr(check_entries, "ENTRIES", file)
    with pytest.raises(EditedFileError, match=r"release\.page needs both an entry and a function"):
        required_release_checks()


def test_what_is_no_plain_text_file_is_not_read(tmp_path):
    (tmp_path / "link").symlink_to(verdict.APPROVED)
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "gbk").write_bytes("方法".encode("gbk"))
    told = {
        "link": "is a link, which is not followed; put the file itself there",
        "pipe": "is no plain file",
        "gbk": "is not UTF-8",
        "none": "cannot be read: No such file",
    }
    for name, problem in told.items():
        with pytest.raises(EditedFileError, match=f"{name} {problem}"):
            read_yaml(tmp_path / name, TypeAdapter(dict))


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("2004-01-01,holiday", "2004-1-1,holiday", "line 2, column date: '2004-1-1': a day is due"),
        ("2004-01-01,holiday", "2004-01-01,feast", "line 2, column kind: 'feast'"),
        (
            "2004-01-01,holiday",
            "2004-01-03,holiday",
            "line 2, column kind: 2004-01-03 is a weekend's day",
        ),
        ("2004-01-01,holiday", "2004-01-01,working_day", "2004-01-01 is a weekday"),
        (
            "2004-01-17,",
            "2004-01-01,holiday,official\n2004-01-17,",
            "line 3, column date: 2004-01-01 does not come after",
        ),
        (
            "2004-01-01,holiday,official",
            "2004-01-01,holiday,announced",
            "line 2, column status: 'announced': official or projected is due",
        ),
        ("2004-01-01,holiday,official", "2004-01-01,holiday", "2 cells instead of 3"),
        (
            "2004-01-01,holiday,official",
            "2004-01-01,holiday,projected",
            "line 2, column status: the first year is not official",
        ),
        (
            "2004-01-17,working_day,official",
            "2004-01-17,working_day,projected",
            "line 3, column status: 2004-01-17 is projected, and 2004-01-01 is official; a year is",
        ),
        (
            "2027-01-01,holiday,projected",
            "2027-01-01,holiday,official",
            "column status: 2027-02-05 is projected, and 2027-01-01 is official; a year is one or",
        ),
        (
            "2028-01-03,holiday,projected",
            "2028-01-03,holiday,official",
            "column status: 2028-01-03 is official and follows a projected day",
        ),
    ],
)
def test_an_unsound_day_of_the_calendar_is_named(tmp_path, old, new, problem):
    text = HOLIDAYS.read_text(encoding="utf-8")
    file = tmp_path / "public_holidays.csv"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(UsageError, match=problem):
        read_holidays(file)


def test_a_year_without_holidays_is_named(tmp_path):
    lines = HOLIDAYS.read_text(encoding="utf-8").splitlines(keepends=True)
    file = tmp_path / "public_holidays.csv"
    file.write_text(
        "".join(line for line in lines if not line.startswith("2020")), encoding="utf-8"
    )
    with pytest.raises(UsageError, match="no day of 2020 is listed"):
        read_holidays(file)


def test_the_settings_file_is_read_guardedly(tmp_path, monkeypatch):
    file = tmp_path / "uhi.toml"
    monkeypatch.setenv("UHI_CONFIG", str(file))
    file.write_bytes(b'\xef\xbb\xbfsite_url = "https://example.org/"\n')
    assert load_settings().site_url == "https://example.org/"
    for content, problem in (
        (b"site_url =", "uhi.toml is not well-formed TOML"),
        (b'site_url = "\xb7\xbd"', "this is not UTF-8"),
    ):
        file.write_bytes(content)
        with pytest.raises(UsageError, match=problem):
            load_settings()
    file.unlink()
    os.mkfifo(file)
    with pytest.raises(UsageError, match="no plain file"):
        load_settings()
    file.unlink()
    file.symlink_to(tmp_path / "elsewhere.toml")
    with pytest.raises(UsageError, match="is a link"):
        load_settings()


def test_the_most_bytes_of_a_guarded_file_are_those_of_the_gate_s_lists():
    from quality import edited_files

    assert edited_files.MOST_BYTES == guarded.MEBIBYTE
