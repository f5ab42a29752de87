"""What a release says of the origin of its figures.

It is made by the classes of the formats, is the same everywhere, and is compared with its files.
"""

import json
import shutil

import pytest
from google.protobuf import json_format
from in_toto_attestation.predicates.provenance.v1 import provenance_pb2
from in_toto_attestation.v1 import statement_pb2
from in_toto_attestation.v1.statement import Statement

from orchestration import pipeline
from orchestration.errors import RefusedError
from orchestration.home import files
from orchestration.home.layout import Home
from orchestration.lineage import sending
from orchestration.periods import Period
from quality.egress import personal
from quality.lineage import other_lineage
from quality.lineage_events import other_events
from quality.provenance import other_statement
from tests.corruptions.lineage import LINEAGE
from tests.support.endpoint import server
from tests.support.people import DECEMBER
from tests.support.settings import EXAMPLE, settings_in

CHECKS = {
    "release.lineage": other_lineage,
    "release.events": other_events,
    "release.provenance": other_statement,
}


@pytest.fixture
def release(prepared_example):
    return Home(prepared_example).prepared(DECEMBER)


def fired(folder):
    return {name for name, faults_of in CHECKS.items() if faults(faults_of, folder)}


def faults(faults_of, folder):
    try:
        return list(faults_of(folder))
    except (KeyError, StopIteration) as error:
        return [error]


def test_the_unspoiled_release_passes(release):
    assert [list(faults_of(release)) for faults_of in CHECKS.values()] == [[], [], []]
    assert list(personal(release)) == []


@pytest.mark.corruption
@pytest.mark.parametrize("corruption", LINEAGE, ids=lambda corruption: corruption.name)
def test_a_spoiled_origin_is_named_by_its_check(release, tmp_path, corruption):
    folder = shutil.copytree(release, tmp_path / "release")
    corruption.spoil(folder)
    assert fired(folder) == {corruption.check}


def test_a_changed_file_is_not_the_subject_any_more(release, tmp_path):
    folder = shutil.copytree(release, tmp_path / "release")
    with (folder / "public" / "index.html").open("a") as page:
        page.write(" ")
    assert list(other_statement(folder)) == ["provenance.json is of other files"]


def test_the_statement_is_one_of_in_toto(release):
    content = files.read_json(release / "provenance.json")
    parsed = json_format.ParseDict(content, statement_pb2.Statement())
    Statement.copy_from_pb(parsed).validate()
    predicate = json_format.ParseDict(content["predicate"], provenance_pb2.Provenance())
    named = {each.name: each for each in predicate.build_definition.resolved_dependencies}
    landed = {
        f"landing/{table['table']}.parquet": table["sha256"]
        for table in files.read_json(release / "manifest.json")["source"]["tables"]
    }
    assert {name: named[name].digest["sha256"] for name in landed} == landed
    assert predicate.run_details.builder.id.startswith("pkg:pypi/union-health-index@")
    assert not predicate.run_details.HasField("metadata")


def test_events_are_as_openlineage_has_them(release):
    events = [
        json.loads(line)
        for line in (release / "openlineage.ndjson").read_text(encoding="utf-8").splitlines()
    ]
    _, landed, _, built, *_ = events
    assert {event["schemaURL"].rpartition("/")[2] for event in events} == {"RunEvent"}
    member = next(each for each in landed["outputs"] if each["name"] == "landing.member")
    fields = member["facets"]["columnLineage"]["fields"]
    [origin] = fields["id_pseudonym"]["inputFields"]
    assert (origin["name"], origin["field"], origin["transformations"][0]["masking"]) == (
        "source.member",
        "id_number",
        True,
    )
    assert "name" not in {field["name"] for field in member["facets"]["schema"]["fields"]}
    index = next(each for each in built["outputs"] if each["name"] == "publication.union_index")
    lineage = index["facets"]["columnLineage"]
    assert lineage["fields"]["name_zh"]["inputFields"][0]["field"] == "name_zh"
    assert {"landing.member", "seeds.indicators", "variables"} <= {
        each["name"] for each in lineage["fields"]["health_index"]["inputFields"]
    }
    assert "row rules" in {
        how.get("description") for each in lineage["dataset"] for how in each["transformations"]
    }


@pytest.mark.drill
def test_a_run_and_its_preparation_are_reported_as_they_go(tmp_path):
    sending.endpoint.cache_clear()
    with server() as (url, received):
        settings = settings_in(tmp_path / "home").model_copy(update={"openlineage_url": url})
        _, [outcome] = pipeline.run(
            settings,
            str(EXAMPLE / "source"),
            pipeline.due_dates("2020-10", None),
            "tests",
            lambda _: None,
        )
        folder = pipeline.prepare(settings, Period(2020, 10))
        with pytest.raises(RefusedError):
            pipeline.prepare(settings, Period(2020, 11))
    assert outcome.passed
    jobs = ["extraction", "build", "verdict", "preparation", "preparation"]
    states = ["COMPLETE", "COMPLETE", "COMPLETE", "COMPLETE", "FAIL"]
    told = [(event["job"]["name"], event["eventType"]) for _, event in received]
    assert told == [
        each
        for job, state in zip(jobs, states, strict=True)
        for each in ((job, "START"), (job, state))
    ]
    versions = {
        data_set["name"]: data_set["facets"]["version"]["datasetVersion"].partition(":")[2]
        for _, event in received
        for data_set in event["outputs"]
        if "version" in data_set["facets"]
    }
    assert versions["verdict"] == files.sha256_of(folder / "verdict.json")
    assert versions["prepared.2020-10"] == files.sha256_of(folder / "SHA256SUMS")
    landed = {
        table["table"]: table["sha256"]
        for table in files.read_json(folder / "manifest.json")["source"]["tables"]
    }
    assert {name: versions[f"landing.{name}"] for name in landed} == landed


def test_the_public_edition_tells_of_its_own_tables_alone(release):
    public, internal = (
        files.read_json(release / edition / "lineage.json")["tables"]
        for edition in ("public", "internal")
    )
    assert "union_index" in internal.keys() - public.keys()
    assert (
        "suppressed"
        in public["area_index"]["columns"].keys() - internal["area_index"]["columns"].keys()
    )
    page = (release / "public" / "lineage.html").read_text(encoding="utf-8")
    assert page.count("Whether all figures of the row are left out") == len(public)
    assert (
        public["area_index"]["columns"]["health_index"]
        == internal["area_index"]["columns"]["health_index"]
    )
