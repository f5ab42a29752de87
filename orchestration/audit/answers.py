"""`uhi audit`: what an auditor asks of a release, answered from its own files alone.

Beside it lie the release that it follows, which tells whether the methodology changed, and the
tombstone of a retracted one.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from orchestration.contract.methodology import METHOD_DIGEST, is_same
from orchestration.home import files
from orchestration.home.layout import RETRACTED, Home
from orchestration.home.records.release import (
    Manifest,
    PreparationRecord,
    PublicationRecord,
    ReleaseIdentity,
    Tombstone,
)
from orchestration.home.records.signed import Approval, Override
from orchestration.home.records.verdict import ReleaseVerdict, Verdict
from orchestration.home.releases import TOMBSTONE
from orchestration.release import bundle
from orchestration.release.context import SUMS, sums_digest
from orchestration.signatures import approvals
from orchestration.signatures.signing import fingerprint
from quality.connection import connect

Answer = dict[str, Any]


def audit(folder: Path, allowed_signers: Path | None = None) -> dict[str, Any]:
    """The answers on a published, retracted or prepared release, as JSON.

    With the allowed signers its signatures are verified too.

    Raises VerificationError naming every difference where the release does not verify, UsageError
    where the folder is none.
    """
    verified = bundle.verify(folder, allowed_signers)
    manifest = verified.manifest
    place = folder.resolve()
    verdict = Verdict.read(folder / "verdict.json")
    return {
        "release": str(folder),
        "period": manifest.period,
        "as_of": manifest.as_of,
        "state": state_of(place),
        "sha256sums": sums_digest(folder),
        "files_verified": len(verified.files),
        "signatures_verified": allowed_signers is not None,
        "source": manifest.source.as_json() | {"landing": manifest.landing.as_json()},
        "rows": rows(folder),
        "methodology": methodology(place, manifest),
        "code": code(folder, manifest),
        "checks": checks(folder, verified.files, verdict),
        "people": people(place, manifest, verdict),
        "changes": changes(folder, manifest),
    }


def state_of(place: Path) -> str:
    """Whether a release is prepared, published or retracted."""
    if not (place / bundle.PUBLICATION).is_file():
        return "prepared"
    return "retracted" if place.parents[1].name == RETRACTED else "published"


def home_of(place: Path) -> Home:
    """The home that a release lies in: a prepared one two folders below it, the others three."""
    return Home(place.parents[2 if (place / bundle.PUBLICATION).is_file() else 1])


def rows(folder: Path) -> list[Answer]:
    """Rows of each source table landed, accepted, refused and merged, and how many by each rule."""
    staging = folder / "internal" / "staging"
    with connect() as connection:
        balance = connection.read_parquet(str(staging / "row_balance.parquet"))
        found = rows_of(
            balance.order("source_table").select(
                'source_table as "table", landed, accepted, refused, merged'
            )
        )
        by_rule = connection.read_parquet(str(staging / "refused_rows.parquet")).aggregate(
            "source_table, rule, count(*) as rows"
        )
        rules = by_rule.order("source_table, rule").fetchall()
    return [
        table | {"rules": {rule: count for name, rule, count in rules if name == table["table"]}}
        for table in found
    ]


def methodology(place: Path, manifest: Manifest) -> Answer:
    """The methodology: name, digest, approval, and whether the followed release has the same.

    `followed` is null where the release follows none. `followed.same` is null where the followed
    release is not in the home, or has changed.
    """
    stated = manifest.methodology.as_json()
    followed = manifest.compared_with
    if followed is None:
        return stated | {"followed": None}
    before = release_beside(home_of(place), followed)
    other = Verdict.read(before / "verdict.json").methodology if before else None
    compared = {
        "methodology": other.as_json() if other else None,
        "same": is_same(METHOD_DIGEST, other, manifest.methodology) if other else None,
    }
    return stated | {"followed": followed.as_json() | compared}


def release_beside(home: Home, identity: ReleaseIdentity) -> Path | None:
    """A release of a home, current or retracted.

    None where it is not there, or its verdict is not that of the digest named.
    """
    for room in (home.releases, home.retracted):
        place = room / identity.period / identity.release
        if (place / SUMS).is_file() and sums_digest(place) == identity.sha256sums:
            listed = (place / SUMS).read_text(encoding="utf-8").splitlines()
            if f"{files.sha256_of(place / 'verdict.json')}  verdict.json" in listed:
                return place
    return None


def code(folder: Path, manifest: Manifest) -> Answer:
    """The code that made the candidate and the release, and the packages that computed."""
    environment = PreparationRecord.read(folder / bundle.RECORD).environment
    return manifest.code.as_json() | {"environment": environment.as_json()}


def checks(folder: Path, found: Mapping[str, str], verdict: Verdict) -> Answer:
    """The checks of the candidate and of the release's files.

    found: digests of the release's files.

    `tables` says of each judged table whether its file in the release has the digest that the
    checks were run on.
    """
    judged = {f"internal/{name}.parquet": digest for name, digest in verdict.tables.items()}
    judged |= {
        f"internal/staging/{name}.parquet": digest for name, digest in verdict.staging.items()
    }
    overrides = bundle.overrides_in(folder)
    return {
        "candidate": judgement(verdict),
        "release": judgement(ReleaseVerdict.read(folder / bundle.RELEASE_VERDICT)),
        "overrides": [signed(entry, "check", "reason") for entry in overrides],
        "tables": [
            {"file": name, "sha256": digest, "agrees": found.get(name) == digest}
            for name, digest in judged.items()
        ],
    }


def judgement(verdict: Verdict | ReleaseVerdict) -> Answer:
    """How many checks of a verdict ran and passed, and each that did not, or was not run."""
    told = ("name", "severity", "required", "executed", "observed")
    listed = verdict.checks
    return {
        "passed": verdict.passed,
        "required_checks": verdict.required_checks,
        "checks": len(listed),
        "ran": sum(check.executed for check in listed),
        "not_run": [check.name for check in listed if not check.executed],
        "not_passed": [
            {name: getattr(check, name) for name in told} for check in listed if not check.succeeded
        ],
    }


def signed(entry: Approval | Override, *what: str) -> Answer:
    """What was signed, by whom, when and with which key."""
    stated = {name: getattr(entry, name) for name in (*what, "by", "at")}
    return stated | {"key": fingerprint(entry.signature)}


def people(place: Path, manifest: Manifest, verdict: Verdict) -> Answer:
    """Who did what to the release, when: what is not, or not yet, is null or empty."""
    record = place / bundle.PUBLICATION
    published = PublicationRecord.read(record) if record.is_file() else None
    stone = home_of(place).release(place.parent.name, place.name) / TOMBSTONE
    is_retracted = state_of(place) == "retracted" and stone.is_file()
    retraction = Tombstone.read(stone) if is_retracted else None
    return {
        "candidate_by": verdict.prepared_by,
        "prepared_at": PreparationRecord.read(place / bundle.RECORD).prepared_at,
        "previews": [each.as_json() for each in published.previews] if published else [],
        "approvals": [signed(entry) for entry in approvals.approvals_in(place)],
        "planned": manifest.planned.as_json(),
        "published_as": published.release if published else None,
        "published_at": published.published_at if published else None,
        "revision": manifest.revision.as_json() if manifest.revision else None,
        "retraction": {name: getattr(retraction, name) for name in ("reason", "by", "at")}
        if retraction
        else None,
    }


def changes(folder: Path, manifest: Manifest) -> Answer | None:
    """Differences from the followed release by table and kind, and what moved the city's index.

    None where the release follows none.
    """
    if manifest.compared_with is None:
        return None
    with connect() as connection:
        every = connection.read_parquet(str(folder / "internal" / "changes.parquet"))
        counts = rows_of(
            every.aggregate('table_name as "table", change, count(*) as differences').order("all")
        )
        moved = connection.read_parquet(str(folder / "internal" / "decomposition.parquet"))
        city = rows_of(moved.filter("level = 'city'"))
    return {
        "compared_with": manifest.compared_with.as_json(),
        "counts": counts,
        "city": city[0] if city else None,
    }


def rows_of(relation: duckdb.DuckDBPyRelation) -> list[Answer]:
    """The rows of a relation."""
    return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]
