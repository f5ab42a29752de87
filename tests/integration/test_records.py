"""Records of a real home: each is its type, byte for byte, and fits the schema of its file."""

import json
from collections import Counter

import jsonschema

from orchestration.home import files, ledger
from orchestration.home.schemas import FILES, LEDGER, schemas
from orchestration.release import retraction
from tests.support import ledgers
from tests.support.faults import copy_of
from tests.support.people import DECEMBER
from tests.support.settings import settings_in

# Those that are there only while something is at work.
PASSING = {".erasure.json", "watch.json"}


def check_against(schema, content):
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(content)


def test_every_record_of_a_home_is_its_type_to_the_byte_and_fits_its_schema(revised, tmp_path):
    home = copy_of(revised.home.folder, tmp_path, "home")
    retraction.retract(settings_in(home).home, DECEMBER, "figures wrong", "tests")
    described, seen = schemas(), Counter()
    for file in home.rglob("*.json"):
        if file.name in FILES and "dbt" not in file.parts:
            assert FILES[file.name].read(file).text() == file.read_text(encoding="utf-8")
            check_against(described[file.name], files.read_json(file, holding=object))
            seen[file.name] += 1
    assert set(seen) == set(FILES) - PASSING


def test_every_line_of_the_ledger_fits_its_schema_and_is_written_so_again(revised):
    described = schemas()[LEDGER]
    events = ledger.Ledger.of(revised.home).events
    for event, entry in zip(events, ledgers.entries(revised.home.folder), strict=True):
        check_against(described, entry)
        assert json.dumps(event.as_json() | {"previous": entry["previous"]}) == json.dumps(entry)
    assert len({event.event for event in events}) > 5
