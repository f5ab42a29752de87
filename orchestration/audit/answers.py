"""`uhi audit`: what an auditor asks of a release, answered from its own files alone.

Beside it lie the release that it follows, which tells whether the methodology changed, and the
tombstone of a retracted one.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from orchestration.home import files
from orchestration.home.layout import RETRACTED
from orchestration.methodology import METHOD_DIGEST, is_same
from orchestration.release import approvals, bundle
from orchestration.release.releases import TOMBSTONE
from orchestration.release.signing import fingerprint
from orchestration.release.standing import SUMS, sums_digest
from quality.connection import connect

Answer = dict[str, Any]


def audit(folder: Path, allowed_signers: Path | None = None) -> dict[str, Any]:
    """The answers on a published, retracted or prepared release, as JSON.

    With the allowed signers its signatures are verified too.

    Raises VerificationError naming every difference where the release does not verify, UsageError
    where the folder is none.
    """
    manifest = bundle.verify(folder, allowed_signers)
    place = folder.resolve()
    verdict = files.read_json(folder / "verdict.json")
    return {
        "release": str(folder),
        "period": manifest["period"],
        "as_of": manifest["as_of"],
        "state": state_of(place),
        "sha256sums": sums_digest(folder),
        "files_verified": len(manifest["files"]),
        "signatures_verified": allowed_signers is not None,
        "source": {**manifest["source"], "landing": manifest["landing"]},
        "rows": rows(folder),
        "methodology": methodology(place, manifest),
        "code": code(folder, manifest),
        "checks": checks(folder, manifest["files"], verdict),
        "people": people(place, manifest, verdict),
        "changes": changes(folder, manifest),
    }


def state_of(place: Path) -> str:
    """Whether a release is prepared, published or retracted."""
    if not (place / bundle.PUBLICATION).is_file():
        return "prepared"
    return "retracted" if place.parents[1].name == RETRACTED else "published"


def home_of(place: Path) -> Path:
    """The home that a release lies in: a prepared one two folders below it, the others three."""
    return place.parents[2 if (place / bundle.PUBLICATION).is_file() else 1]


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


def methodology(place: Path, manifest: Mapping[str, Any]) -> Answer:
    """The methodology: name, digest, approval, and whether the followed release has the same.

    `followed` is null where the release follows none. `followed.same` is null where the followed
    release is not in the home, or has changed.
    """
    stated = manifest["methodology"]
    followed = manifest["compared_with"]
    if followed is None:
        return {**stated, "followed": None}
    before = release_beside(home_of(place), followed)
    if before is None:
        return {**stated, "followed": {**followed, "methodology": None, "same": None}}
    other = files.read_json(before / "verdict.json")["methodology"]
    return {
        **stated,
        "followed": {
            **followed,
            "methodology": other,
            "same": is_same(METHOD_DIGEST, other, stated),
        },
    }


def release_beside(home: Path, identity: Mapping[str, str]) -> Path | None:
    """A release of a home, current or retracted.

    None where it is not there, or its verdict is not that of the digest named.
    """
    for room in ("releases", RETRACTED):
        place = home / room / identity["period"] / identity["release"]
        if (place / SUMS).is_file() and sums_digest(place) == identity["sha256sums"]:
            listed = (place / SUMS).read_text(encoding="utf-8").splitlines()
            if f"{files.sha256_of(place / 'verdict.json')}  verdict.json" in listed:
                return place
    return None


def code(folder: Path, manifest: Mapping[str, Any]) -> Answer:
    """The code that made the candidate and the release, and the packages that computed."""
    return {
        **manifest["code"],
        "environment": files.read_json(folder / bundle.RECORD)["environment"],
    }


def checks(folder: Path, found: Mapping[str, str], verdict: Mapping[str, Any]) -> Answer:
    """The checks of the candidate and of the release's files.

    found: digests of the release's files.

    `tables` says of each judged table whether its file in the release has the digest that the
    checks were run on.
    """
    judged = {f"internal/{name}.parquet": digest for name, digest in verdict["tables"].items()}
    judged |= {
        f"internal/staging/{name}.parquet": digest for name, digest in verdict["staging"].items()
    }
    overrides = bundle.overrides_in(folder)
    return {
        "candidate": judgement(verdict),
        "release": judgement(files.read_json(folder / bundle.RELEASE_VERDICT)),
        "overrides": [signed(entry, "check", "reason") for entry in overrides],
        "tables": [
            {"file": name, "sha256": digest, "agrees": found.get(name) == digest}
            for name, digest in judged.items()
        ],
    }


def judgement(verdict: Mapping[str, Any]) -> Answer:
    """How many checks of a verdict ran and passed, and each that did not, or was not run."""
    told = ("name", "severity", "required", "executed", "observed")
    listed = verdict["checks"]
    return {
        "passed": verdict["passed"],
        "required_checks": verdict["required_checks"],
        "checks": len(listed),
        "ran": sum(check["executed"] for check in listed),
        "not_run": [check["name"] for check in listed if not check["executed"]],
        "not_passed": [
            {name: check[name] for name in told}
            for check in listed
            if not (check["passed"] and check["executed"])
        ],
    }


def signed(entry: Mapping[str, str], *what: str) -> Answer:
    """What was signed, by whom, when and with which key."""
    return {name: entry[name] for name in (*what, "by", "at")} | {
        "key": fingerprint(entry["signature"])
    }


def people(place: Path, manifest: Mapping[str, Any], verdict: Mapping[str, Any]) -> Answer:
    """Who did what to the release, when: what is not, or not yet, is null or empty."""
    published = (
        files.read_json(place / bundle.PUBLICATION)
        if (place / bundle.PUBLICATION).is_file()
        else {}
    )
    stone = home_of(place) / "releases" / place.parent.name / place.name / TOMBSTONE
    retraction = (
        files.read_json(stone) if state_of(place) == "retracted" and stone.is_file() else None
    )
    return {
        "candidate_by": verdict["prepared_by"],
        "prepared_at": files.read_json(place / bundle.RECORD)["prepared_at"],
        "previews": published.get("previews", []),
        "approvals": [signed(entry) for entry in approvals.approvals_in(place)],
        "planned": manifest["planned"],
        "published_as": published.get("release"),
        "published_at": published.get("published_at"),
        "revision": manifest["revision"],
        "retraction": retraction and {name: retraction[name] for name in ("reason", "by", "at")},
    }


def changes(folder: Path, manifest: Mapping[str, Any]) -> Answer | None:
    """Differences from the followed release by table and kind, and what moved the city's index.

    None where the release follows none.
    """
    if manifest["compared_with"] is None:
        return None
    with connect() as connection:
        every = connection.read_parquet(str(folder / "internal" / "changes.parquet"))
        counts = rows_of(
            every.aggregate('table_name as "table", change, count(*) as differences').order("all")
        )
        moved = connection.read_parquet(str(folder / "internal" / "decomposition.parquet"))
        city = rows_of(moved.filter("level = 'city'"))
    return {
        "compared_with": manifest["compared_with"],
        "counts": counts,
        "city": city[0] if city else None,
    }


def rows_of(relation: duckdb.DuckDBPyRelation) -> list[Answer]:
    """The rows of a relation."""
    return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]
