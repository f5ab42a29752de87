"""What others can do with a release.

A spreadsheet reads its CSV files, the frictionless library its data packages, and anyone gets the
same bytes.
"""

import csv
import json
import os
import shutil
import subprocess
import sys

import frictionless
import pytest

from orchestration.home.layout import Home
from orchestration.release import bundle
from tests.support.faults import DECEMBER, copy_of, digests, environment_of, needs_faketime, uhi

EDITIONS = ("internal", "public")
UNDER = "import os, sys; os.umask(int(sys.argv[1], 8)); os.execvp(sys.argv[2], sys.argv[2:])"
THREADS = "import duckdb; print(duckdb.sql(\"select current_setting('threads')\").fetchall()[0][0])"
SURROUNDINGS = {
    "one": {"umask": "022", "TZ": "Asia/Shanghai", "LC_ALL": "C.UTF-8", "SLURM_CPUS_ON_NODE": "1"},
    "other": {
        "umask": "077",
        "TZ": "America/St_Johns",
        "LC_ALL": "C",
        "SLURM_CPUS_ON_NODE": "7",
        "PYTHONHASHSEED": "7",
        "UHI_PROCESSES": "2",
    },
}


@pytest.fixture
def release(prepared_example):
    return Home(prepared_example).prepared(DECEMBER)


def test_a_spreadsheet_shows_chinese(release):
    csv_files = [file for edition in EDITIONS for file in (release / edition).rglob("*.csv")]
    assert len(csv_files) == 10 + 5 + 2 * 7
    assert all(
        file.read_bytes().startswith(b"\xef\xbb\xbf")
        and file.read_bytes().count(b"\xef\xbb\xbf") == 1
        for file in csv_files
    )
    with (release / "public" / "area_index.csv").open(encoding="utf-8-sig", newline="") as lines:
        assert next(csv.DictReader(lines))["name_zh"] == "温州市"


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_frictionless_library_validates_the_data_package(release, edition):
    report = frictionless.validate(release / edition / "datapackage.json")
    assert report.flatten(["name", "rowNumber", "fieldName", "type", "note"]) == []
    assert report.stats["tasks"] == len(list((release / edition).rglob("*.csv")))


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"),
    [
        ("area_index", "温州市", "瓯海市", "hash-count"),
        ("methodology/labels", "黄", "赤赤", "byte-count"),
        ("area_index", ",city,", ",province,", "constraint-error"),
        ("area_index", "2020-12,3303,", "December,3303,", "type-error"),
        ("area_index", "area_code", "area", "incorrect-label"),
        ("area_index", "2020-12,3303,", "2020-12,,", "primary-key"),
    ],
)
def test_the_frictionless_library_finds_what_is_not_as_described(
    release, tmp_path, name, old, new, fault
):
    edition = shutil.copytree(release / "public", tmp_path / "public")
    file = edition / f"{name}.csv"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert [fault] in frictionless.validate(edition / "datapackage.json").flatten(["type"])


def test_the_data_package_says_what_is_in_it(release):
    package = json.loads((release / "public" / "datapackage.json").read_text(encoding="utf-8"))
    assert package["title"] == (
        "温州市民营企业工会健康指数 2020-12"
        " / Wenzhou: health index of private-enterprise unions, 2020-12"
    )
    fields = {
        (resource["name"], field["name"]): field
        for resource in package["resources"]
        for field in resource["schema"]["fields"]
    }
    assert fields["area_index", "level"]["constraints"] == {
        "required": True,
        "enum": ["city", "county", "township"],
    }
    assert fields["area_index", "health_index"]["constraints"] == {"minimum": 0, "maximum": 100}
    assert fields["area_index", "suppressed"]["type"] == "boolean"
    assert all(field["description"] for field in fields.values())


def prepare_in_surroundings(example, folder):
    """The example's release, prepared by the command in two surroundings."""
    for name, surroundings in SURROUNDINGS.items():
        (folder / name).mkdir()
        home = copy_of(example, folder / name, f"home of the {name}")
        umask, variables = (
            surroundings["umask"],
            {key: value for key, value in surroundings.items() if key != "umask"},
        )
        environment = environment_of(home, **variables)
        threads = subprocess.run(
            [sys.executable, "-c", THREADS],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        assert threads.strip() == variables["SLURM_CPUS_ON_NODE"]
        shifted = ["faketime", "-f", "+400d"] if name == "other" else []
        command = [sys.executable, "-c", UNDER, umask, *shifted, *uhi("prepare", "2020-12")]
        subprocess.run(
            command, env=environment, cwd=home.parent, capture_output=True, text=True, check=True
        )


@pytest.fixture(scope="module")
def prepared_in(example_run, prebuilt):
    folder = prebuilt("surroundings", prepare_in_surroundings, example_run[0].home.folder)
    return {
        name: folder / name / f"home of the {name}" / "prepared" / "2020-12"
        for name in SURROUNDINGS
    }


@pytest.mark.drill
@needs_faketime
def test_the_same_candidate_gives_the_same_bytes_wherever_it_is_prepared(prepared_in):
    one, other = (digests(prepared_in[name]) for name in SURROUNDINGS)
    assert [name for name in one.keys() | other.keys() if one.get(name) != other.get(name)] == [
        "record.json"
    ]
    records = [
        json.loads((folder / "record.json").read_text(encoding="utf-8"))
        for folder in prepared_in.values()
    ]
    assert {field for field in records[0] if records[0][field] != records[1][field]} == {
        "prepared_at",
        "ledger_head",
    }


@pytest.mark.drill
@needs_faketime
def test_who_may_read_a_release_is_what_the_umask_says(prepared_in):
    for name, folder in prepared_in.items():
        umask = int(SURROUNDINGS[name]["umask"], 8)
        modes = {path.is_dir(): set() for path in folder.rglob("*")}
        for path in folder.rglob("*"):
            modes[path.is_dir()].add(path.stat().st_mode & 0o777)
        assert modes == {True: {0o777 & ~umask}, False: {0o666 & ~umask}}
        assert bundle.verify(folder).manifest.period == "2020-12"
        assert os.access(folder / "SHA256SUMS", os.R_OK)
