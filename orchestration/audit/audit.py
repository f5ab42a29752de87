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
from orchestration.home.layout import (
    PREPARATION_RECORD,
    PUBLICATION_RECORD,
    RETRACTED,
    SUMS,
    TOMBSTONE,
    Home,
)
from orchestration.home.records.release import (
    Manifest,
    PreparationRecord,
    PublicationRecord,
    ReleaseIdentity,
    Tombstone,
)
from orchestration.home.records.signed import Approval, Override
from orchestration.home.records.verdict import ReleaseVerdict, Verdict
from orchestration.home.sums import listed_in
from orchestration.release import bundle
from orchestration.release.context import sums_digest
from orchestration.signatures import approvals
from orchestration.signatures.signing import fingerprint
from quality.connection import connect

CHECK_COLUMNS = ("name", "severity", "required", "executed", "observed")

Answer = dict[str, Any]


def audit_release(folder: Path, allowed_signers: Path | None = None) -> dict[str, Any]:
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
    if not is_published(place):
        return "prepared"
    return "retracted" if place.parents[1].name == RETRACTED else "published"


def is_published(place: Path) -> bool:
    """Whether a release is or was published."""
    return (place / PUBLICATION_RECORD).is_file()


def home_of(place: Path) -> Home:
    """The home that a release lies in: a prepared one two folders below it, the others three."""
    folder = place.parents[2] if is_published(place) else place.parents[1]
    return Home(folder)


def rows(folder: Path) -> list[Answer]:
    """Rows of each source table landed, accepted, refused and merged, and how many by each rule."""
    staging = folder / "internal" / "staging"
    columns = 'source_table as "table", landed, accepted, refused, merged'
    with connect() as connection:
        balance = connection.read_parquet(str(staging / "row_balance.parquet"))
        found = rows_of(balance.order("source_table").select(columns))
        refused = connection.read_parquet(str(staging / "refused_rows.parquet"))
        by_rule = refused.aggregate("source_table, rule, count(*) as rows")
        counts = by_rule.order("source_table, rule").fetchall()
    rules: dict[str, dict[str, int]] = {}
    for table, rule, count in counts:
        rules.setdefault(table, {})[rule] = count
    return [table | {"rules": rules.get(table["table"], {})} for table in found]


def methodology(place: Path, manifest: Manifest) -> Answer:
    """The methodology: name, digest, approval, and whether the followed release has the same.

    `followed` is null where the release follows none. `followed.same` is null where the followed
    release is not in the home, or has changed.
    """
    identity = manifest.methodology.as_json()
    followed = manifest.compared_with
    if followed is None:
        return identity | {"followed": None}
    compared: Answer = {"methodology": None, "same": None}
    before = release_beside(home_of(place), followed)
    if before:
        other = Verdict.read(before / "verdict.json").methodology
        same = is_same(METHOD_DIGEST, other, manifest.methodology)
        compared = {"methodology": other.as_json(), "same": same}
    return identity | {"followed": followed.as_json() | compared}


def release_beside(home: Home, identity: ReleaseIdentity) -> Path | None:
    """A release of a home, current or retracted.

    None where it is not there, or its verdict is not that of the digest named.
    """
    for folder in (home.releases, home.retracted):
        place = folder / identity.period / identity.release
        if is_release(place, identity) and lists_its_verdict(place):
            return place
    return None


def is_release(place: Path, identity: ReleaseIdentity) -> bool:
    """Whether a folder is the release of an identity."""
    return (place / SUMS).is_file() and sums_digest(place) == identity.sha256sums


def lists_its_verdict(place: Path) -> bool:
    """Whether a release's digests have that of its verdict."""
    digest = files.sha256_of(place / "verdict.json")
    return listed_in(place).get("verdict.json") == digest


def code(folder: Path, manifest: Manifest) -> Answer:
    """The code that made the candidate and the release, and the packages that computed."""
    environment = PreparationRecord.read(folder / PREPARATION_RECORD).environment
    return manifest.code.as_json() | {"environment": environment.as_json()}


def checks(
    folder: Path,
    found: Mapping[str, str],
    verdict: Verdict,
) -> Answer:
    """The checks of the candidate and of the release's files.

    found: digests of the release's files.

    `tables` says of each judged table whether its file in the release has the digest that the
    checks were run on.
    """
    tables = {f"internal/{name}": digest for name, digest in verdict.tables.items()}
    staging = {f"internal/staging/{name}": digest for name, digest in verdict.staging.items()}
    judged = []
    for table, digest in (tables | staging).items():
        file = f"{table}.parquet"
        judged.append({"file": file, "sha256": digest, "agrees": found.get(file) == digest})
    release_verdict = ReleaseVerdict.read(folder / bundle.RELEASE_VERDICT)
    overrides = bundle.overrides_in(folder)
    return {
        "candidate": judgement(verdict),
        "release": judgement(release_verdict),
        "overrides": [signed(entry, "check", "reason") for entry in overrides],
        "tables": judged,
    }


def judgement(verdict: Verdict | ReleaseVerdict) -> Answer:
    """How many checks of a verdict ran and passed, and each that did not, or was not run."""
    listed = verdict.checks
    not_passed = [check for check in listed if not check.succeeded]
    return {
        "passed": verdict.passed,
        "required_checks": verdict.required_checks,
        "checks": len(listed),
        "ran": sum(check.executed for check in listed),
        "not_run": [check.name for check in listed if not check.executed],
        "not_passed": [stated(check, *CHECK_COLUMNS) for check in not_passed],
    }


def stated(record: object, *names: str) -> Answer:
    """Some fields of a record by name."""
    return {name: getattr(record, name) for name in names}


def signed(entry: Approval | Override, *names: str) -> Answer:
    """What was signed, by whom, when and with which key; names: of the fields that were signed."""
    return stated(entry, *names, "by", "at") | {"key": fingerprint(entry.signature)}


def people(place: Path, manifest: Manifest, verdict: Verdict) -> Answer:
    """Who did what to the release, when: what is not, or not yet, is null or empty."""
    published = None
    if is_published(place):
        published = PublicationRecord.read(place / PUBLICATION_RECORD)
    previews = published.previews if published else ()
    return {
        "candidate_by": verdict.prepared_by,
        "prepared_at": PreparationRecord.read(place / PREPARATION_RECORD).prepared_at,
        "previews": [each.as_json() for each in previews],
        "approvals": [signed(entry) for entry in approvals.approvals_in(place)],
        "planned": manifest.planned.as_json(),
        "published_as": published.release if published else None,
        "published_at": published.published_at if published else None,
        "revision": manifest.revision.as_json() if manifest.revision else None,
        "retraction": retraction_of(place),
    }


def retraction_of(place: Path) -> Answer | None:
    """Who retracted a release, when and why; None of one that is not retracted."""
    stone = home_of(place).release(place.parent.name, place.name) / TOMBSTONE
    if state_of(place) != "retracted" or not stone.is_file():
        return None
    return stated(Tombstone.read(stone), "reason", "by", "at")


def changes(folder: Path, manifest: Manifest) -> Answer | None:
    """Differences from the followed release by table and kind, and what moved the city's index.

    None where the release follows none.
    """
    if manifest.compared_with is None:
        return None
    counted = 'table_name as "table", change, count(*) as differences'
    internal = folder / "internal"
    with connect() as connection:
        every = connection.read_parquet(str(internal / "changes.parquet"))
        counts = rows_of(every.aggregate(counted).order("all"))
        moved = connection.read_parquet(str(internal / "decomposition.parquet"))
        city = rows_of(moved.filter("level = 'city'"))
    return {
        "compared_with": manifest.compared_with.as_json(),
        "counts": counts,
        "city": city[0] if city else None,
    }


def rows_of(relation: duckdb.DuckDBPyRelation) -> list[Answer]:
    """The rows of a relation."""
    return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]
