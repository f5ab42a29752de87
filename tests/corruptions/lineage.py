"""Ways to spoil the lineage of a built release.

Each has the check of a release that must name it.
"""

import json
from pathlib import Path

from orchestration.home import files
from quality.provenance import NOT_SUBJECTS
from tests.corruptions import Corruption

STATEMENT = "release.provenance"


def restate(folder: Path):
    """Let the provenance statement name the files as they are now."""
    found = [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in NOT_SUBJECTS
    ]

    def change(statement):
        statement["subject"] = [
            {
                "name": path.relative_to(folder).as_posix(),
                "digest": {"sha256": files.sha256_of(path)},
            }
            for path in found
        ]

    changed("provenance.json", change)(folder)


def changed(name, change):
    """Change the content of a JSON file."""

    def spoil(folder: Path):
        content = json.loads((folder / name).read_text(encoding="utf-8"))
        change(content)
        (folder / name).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")

    return spoil


def lineage(change, edition="public"):
    return changed(
        f"{edition}/lineage.json", lambda content: change(content["tables"]["area_index"])
    )


def events(change):
    def spoil(folder: Path):
        file = folder / "openlineage.ndjson"
        told = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        change(told)
        file.write_text(
            "".join(json.dumps(event, ensure_ascii=False) + "\n" for event in told),
            encoding="utf-8",
        )

    return spoil


def statement(change):
    return changed("provenance.json", change)


def definition(change):
    return statement(lambda content: change(content["predicate"]["buildDefinition"]))


def without_text(name, text):
    def spoil(folder: Path):
        content = (folder / name).read_text(encoding="utf-8")
        assert text in content
        (folder / name).write_text(content.replace(text, ""), encoding="utf-8")

    return spoil


def restated(spoil):
    """Spoil another file than the statement, which names it as it is then."""

    def spoil_and_restate(folder: Path):
        spoil(folder)
        restate(folder)

    return spoil_and_restate


def all_named(check, spoilings):
    return tuple(
        Corruption(name, "output", spoil if check == STATEMENT else restated(spoil), check)
        for name, spoil in spoilings.items()
    )


LINEAGE = (
    *all_named(
        "release.lineage",
        {
            "a column without its lineage": lineage(
                lambda table: table["columns"].pop("suppressed")
            ),
            "a table without its lineage": changed(
                "public/lineage.json", lambda content: content["tables"].pop("area_index")
            ),
            "an internal table's lineage in the public edition": changed(
                "public/lineage.json",
                lambda content: content["tables"].update(
                    union_index=content["tables"]["area_index"]
                ),
            ),
            "a column without an origin": lineage(
                lambda table: table["columns"].update(rank=[]), "internal"
            ),
            "an origin in a source table that was not read": lineage(
                lambda table: table["columns"]["level"][0].update(table="province")
            ),
            "an origin in a column that the methodology does not have": lineage(
                lambda table: next(
                    origin
                    for origin in table["columns"]["health_index"]
                    if origin["table"] == "indicators"
                )["direct"].update(IDENTITY=["guess"]),
                "internal",
            ),
            "an origin of no kind": lineage(lambda table: table["rows"][0].update(kind="rumour")),
            "an origin without a column": lineage(
                lambda table: table["rows"][0].update(direct={}, indirect={})
            ),
            "a table that the page of lineage leaves out": without_text(
                "public/lineage.html", '<h3 id="area_index">'
            ),
            "a column that the page of lineage leaves out": without_text(
                "internal/lineage.html", "<code>sampling_rate</code>"
            ),
        },
    ),
    *all_named(
        "release.events",
        {
            "a job without its end": events(lambda told: told.pop()),
            "a job twice": events(lambda told: told.extend(told[-2:])),
            "a job that failed": events(lambda told: told[-1].update(eventType="FAIL")),
            "a job under two runs": events(
                lambda told: told[0]["run"].update(runId=told[-1]["run"]["runId"])
            ),
            "an event at another moment": events(
                lambda told: told[0].update(eventTime="2021-01-01T00:00:00+00:00")
            ),
            "an event of other bytes": events(
                lambda told: told[2]["inputs"][0]["facets"]["version"].update(
                    datasetVersion=f"sha256:{'0' * 64}"
                )
            ),
            "an event without a table": events(
                lambda told: (
                    [each["inputs"].pop(0) for each in told[2:4]]
                    + [each["outputs"].pop(0) for each in told[1:2]]
                )
            ),
            "a check told as passed that is not in the verdict": events(
                lambda told: told[5]["inputs"][0]["inputFacets"]["dataQualityAssertions"][
                    "assertions"
                ][0].update(name="guess")
            ),
            "a check told as failed": events(
                lambda told: told[5]["inputs"][0]["inputFacets"]["dataQualityAssertions"][
                    "assertions"
                ][0].update(success=False)
            ),
            "an event without the lineage of a column": events(
                lambda told: told[3]["outputs"][0]["facets"]["columnLineage"]["fields"].pop(
                    "period"
                )
            ),
        },
    ),
    *all_named(
        STATEMENT,
        {
            "a file that the statement leaves out": statement(
                lambda content: content["subject"].pop()
            ),
            "a file that the statement has twice": statement(
                lambda content: content["subject"].append(content["subject"][0])
            ),
            "a file that the statement has with other bytes": statement(
                lambda content: content["subject"][0]["digest"].update(sha256="0" * 64)
            ),
            "a statement of another kind": statement(
                lambda content: content.update(predicateType="https://slsa.dev/provenance/v0.2")
            ),
            "a statement of another month": definition(
                lambda build: build["externalParameters"].update(period="2020-11")
            ),
            "a statement without its month": definition(
                lambda build: build["externalParameters"].pop("period")
            ),
            "a statement of another landing": definition(
                lambda build: build["resolvedDependencies"][0]["digest"].update(sha256="0" * 64)
            ),
            "a statement without the methodology": definition(
                lambda build: build["resolvedDependencies"].remove(
                    next(
                        each
                        for each in build["resolvedDependencies"]
                        if each["name"] == "methodology"
                    )
                )
            ),
            "a statement with another input": definition(
                lambda build: build["resolvedDependencies"].append(
                    {"name": "by hand.xlsx", "digest": {"sha256": "0" * 64}}
                )
            ),
            "a statement of another verdict": statement(
                lambda content: content["predicate"]["runDetails"]["byproducts"][0][
                    "digest"
                ].update(sha256="0" * 64)
            ),
        },
    ),
)
