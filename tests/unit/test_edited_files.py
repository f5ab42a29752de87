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
from quality import queries, verdict
from quality.edited_files import EditedFileError, read_yaml

APPROVAL = (
    "{digest}:\n  methodology: '2020'\n  approved_on: '2026-11-21'\n  approved_by: the tests\n"
)
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
        (SOUND.replace("2026-11-21", "2026-11-31"), "'2026-11-31' is no day"),
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
            r"line 4, plausibility.city_index_change.threshold",
        ),
        (
            "threshold: 10\n",
            "treshold: 10\n",
            r"plausibility.city_index_change.treshold: Extra inputs",
        ),
        (
            "plausibility.city_index_change:",
            "plausibility.city_index_chance:",
            "there is no check plausibility.city_index_chance",
        ),
        (
            "  threshold: 15\n",
            "",
            r"limits.yml, plausibility.county_sampling_change: 'threshold' is undefined",
        ),
        (
            "since: 2026-11-21\nplausibility.county_index",
            "since: 21.11.2026\nplausibility.county_index",
            r"line 6, .*since",
        ),
    ],
)
def test_an_unsound_limit_is_named_before_anything_is_built(
    tmp_path, monkeypatch, old, new, problem
):
    text = queries.LIMITS.read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "limits.yml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    monkeypatch.setattr(queries, "LIMITS", file)
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


def test_what_is_no_plain_text_file_is_not_read(tmp_path):
    (tmp_path / "link").symlink_to(verdict.APPROVED)
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "gbk").write_bytes("方法".encode("gbk"))
    for name in ("link", "pipe", "gbk", "none"):
        with pytest.raises(EditedFileError, match=name):
            read_yaml(tmp_path / name, TypeAdapter(dict))


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("2004-01-01,holiday", "2004-1-1,holiday", "line 2, column date: '2004-1-1': a day is due"),
        ("2004-01-01,holiday", "2004-01-01,feast", "line 2, column kind: 'feast'"),
        ("2004-01-01,holiday", "2004-01-03,holiday", "2004-01-03 is a weekend's day"),
        ("2004-01-01,holiday", "2004-01-01,working_day", "2004-01-01 is a weekday"),
        ("2004-01-01,holiday\n", "2004-01-01,holiday\n2004-01-01,holiday\n", "does not come after"),
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
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "uhi.toml"
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
