"""The provenance of a release: its files by digest, and what they were made of.

It is an in-toto Statement of SLSA provenance. It lies in the release as `provenance.json` and is
listed in SHA256SUMS, so every approval signs it too. It has no clock: the same candidate has the
same statement. Its subjects are all files that are there before the release is judged, except
itself.
"""

from pathlib import Path
from typing import Any

from orchestration.home import files
from orchestration.home.records.release import Manifest
from orchestration.home.records.verdict import Verdict
from orchestration.lineage.identifiers import PACKAGE, producer, revision

FILE = "provenance.json"
STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "https://slsa.dev/provenance/v1"
BUILD_TYPE = f"pkg:pypi/{PACKAGE}#release"

Descriptor = dict[str, Any]


def write_statement(folder: Path, manifest: Manifest, verdict: Verdict) -> None:
    """Write the statement of a release that has all other files but the verdict on them."""
    subjects = [
        descriptor(name, files.sha256_of(path))
        for name, path in files.plain_files(folder).items()
        if name != FILE
    ]
    statement = {
        "_type": STATEMENT_TYPE,
        "subject": subjects,
        "predicateType": PREDICATE_TYPE,
        "predicate": predicate(manifest, verdict),
    }
    (folder / FILE).write_text(files.to_json(statement), encoding="utf-8")


def predicate(manifest: Manifest, verdict: Verdict) -> dict[str, Any]:
    """What a release was made of and by what."""
    stated = manifest.as_json()
    return {
        "buildDefinition": {
            "buildType": BUILD_TYPE,
            "externalParameters": {
                name: stated[name]
                for name in ("period", "as_of", "planned", "revision", "compared_with")
            },
            "internalParameters": {
                "required_checks": verdict.required_checks,
                "registry": manifest.source.registry,
            },
            "resolvedDependencies": dependencies(manifest, verdict),
        },
        "runDetails": {
            "builder": {"id": producer()},
            "byproducts": [
                descriptor(
                    f"{name}.json",
                    stated[name]["sha256"],
                    {what: stated[name][what]},
                )
                for name, what in (("verdict", "passed"), ("overrides", "count"))
            ],
        },
    }


def dependencies(manifest: Manifest, verdict: Verdict) -> list[Descriptor]:
    """Landing, methodology, month before, and the code that computed, judged and released.

    The code is given with its lock file.
    """
    found = [
        descriptor(
            f"landing/{table.table}.parquet",
            table.sha256,
            {"rows": table.rows},
        )
        for table in manifest.source.tables
    ]
    found += [
        descriptor(f"predecessor/{name}.parquet", digest)
        for name, digest in sorted(verdict.predecessor.items())
    ]
    found.append(
        descriptor(
            "methodology",
            verdict.methodology.sha256,
            {
                "name": verdict.methodology.name,
                "digest_of": "a line `name sha256` for each of its tables, by name",
            },
        )
    )
    for part, code in manifest.code:
        if identifier := revision(code):
            annotations = {"version": code.version, "clean": code.clean}
            found.append(
                {
                    "name": f"code/{part}",
                    "uri": identifier,
                    "digest": {"gitCommit": code.commit},
                    "annotations": annotations,
                }
            )
        if code and code.requirements_lock:
            found.append(descriptor(f"requirements.lock/{part}", code.requirements_lock))
    return found


def descriptor(
    name: str,
    digest: str,
    annotations: dict[str, Any] | None = None,
) -> Descriptor:
    """A resource descriptor of in-toto."""
    found: Descriptor = {"name": name, "digest": {"sha256": digest}}
    return found | ({"annotations": annotations} if annotations else {})
