"""JSON Schemas of the records, by the names of their files; made from the types themselves."""

from collections.abc import Mapping
from typing import Any

from orchestration.home.events import EVENT
from orchestration.home.records.cases import CaseSnapshot
from orchestration.home.records.intake import ErasureDecision, IntakeRecord
from orchestration.home.records.record import OnFile
from orchestration.home.records.release import (
    Current,
    Manifest,
    PreparationRecord,
    PublicationRecord,
    Tombstone,
)
from orchestration.home.records.revisions import Revisions
from orchestration.home.records.signed import Overrides
from orchestration.home.records.verdict import Plan, ReleaseVerdict, Verdict
from orchestration.home.records.watch import WatchState

DIALECT = "https://json-schema.org/draft/2020-12/schema"
LEDGER = "ledger.jsonl"
FILES: Mapping[str, type[OnFile]] = {
    "CURRENT.json": Current,
    "cases.json": CaseSnapshot,
    ".erasure.json": ErasureDecision,
    "intake.json": IntakeRecord,
    "manifest.json": Manifest,
    "overrides.json": Overrides,
    "plan.json": Plan,
    "publication.json": PublicationRecord,
    "record.json": PreparationRecord,
    "release_verdict.json": ReleaseVerdict,
    "retraction.json": Tombstone,
    "revisions.json": Revisions,
    "verdict.json": Verdict,
    "watch.json": WatchState,
}


def schemas() -> dict[str, dict[str, Any]]:
    """The schema of each kind of file, and that of a line of the ledger, by the file's name."""
    found = {name: schema_of(name, kind) for name, kind in FILES.items()}
    return dict(sorted((found | {LEDGER: schema_of_line()}).items()))


def schema_of(name: str, kind: type[OnFile]) -> dict[str, Any]:
    """The schema of a kind of file; its title has the version of the file's form."""
    title = f"{name}, version {kind.format_version}"
    return {"$schema": DIALECT} | kind.model_json_schema() | {"title": title}


def schema_of_line() -> dict[str, Any]:
    """The schema of a line of the ledger: an event, bound to the line before by `previous`."""
    described: dict[str, Any] = {"$schema": DIALECT} | EVENT.json_schema() | {"title": LEDGER}
    bound_to = {"type": "string", "description": "SHA-256 of the line before, zeros at first."}
    for definition in described["$defs"].values():
        if "event" in definition.get("properties", {}):
            definition["properties"]["previous"] = bound_to
    return described
