"""What the provenance statement of a release states, checked against its files."""

from collections.abc import Iterator
from pathlib import Path

from quality.release_files import Json, files_below, read_json, sha256_of

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "https://slsa.dev/provenance/v1"
NOT_SUBJECTS = {
    "provenance.json",
    "release_verdict.json",
    "public/SHA256SUMS",
    "SHA256SUMS",
    "record.json",
    "publication.json",
}
APPROVALS = ("approvals/", "public/approvals/")

Digests = dict[str, str]


def other_statement(folder: Path) -> Iterator[str]:
    """What the provenance statement states otherwise than the release.

    It is compared with its files, its manifest and its verdict.
    """
    statement = read_json(folder / "provenance.json")
    manifest = read_json(folder / "manifest.json")
    types = (statement["_type"], statement["predicateType"])
    if types != (STATEMENT_TYPE, PREDICATE_TYPE):
        yield "provenance.json is no in-toto Statement of SLSA provenance"
    subjects = statement["subject"]
    due = subjects_due(folder)
    if digests(subjects) != due or len(subjects) != len(due):
        yield "provenance.json is of other files"
    build = statement["predicate"]["buildDefinition"]
    if has_other_parameters(build["externalParameters"], manifest):
        yield "provenance.json has other parameters than the manifest"
    inputs = inputs_due(manifest, read_json(folder / "verdict.json"))
    if digests(build["resolvedDependencies"]) != inputs:
        yield "provenance.json names other inputs than the manifest and the verdict"
    run = statement["predicate"]["runDetails"]
    results = {f"{name}.json": manifest[name]["sha256"] for name in ("verdict", "overrides")}
    if digests(run["byproducts"]) != results:
        yield "provenance.json is of another verdict or other overrides"


def subjects_due(folder: Path) -> Digests:
    """The digest of each file that the statement is due to be of."""
    due = {}
    for name, file in files_below(folder).items():
        if name not in NOT_SUBJECTS and not name.startswith(APPROVALS):
            due[name] = sha256_of(file)
    return due


def has_other_parameters(parameters: Json, manifest: Json) -> bool:
    """Whether parameters lack the period, or are others than the manifest's."""
    if "period" not in parameters:
        return True
    return any(manifest[name] != value for name, value in parameters.items())


def inputs_due(manifest: Json, verdict: Json) -> Digests:
    """The digest of each thing that the release was made of, by its manifest and verdict."""
    due: Digests = {"methodology": verdict["methodology"]["sha256"]}
    for table in manifest["source"]["tables"]:
        due[f"landing/{table['table']}.parquet"] = table["sha256"]
    for name, digest in verdict["predecessor"].items():
        due[f"predecessor/{name}.parquet"] = digest
    for part, code in manifest["code"].items():
        if not code:
            continue
        if code["requirements_lock"]:
            due[f"requirements.lock/{part}"] = code["requirements_lock"]
        if code["commit"]:
            due[f"code/{part}"] = code["commit"]
    return due


def digests(descriptors: list[Json]) -> Digests:
    """Digest of each resource by name."""
    found = {}
    for each in descriptors:
        for digest in each["digest"].values():
            found[each["name"]] = digest
    return found
