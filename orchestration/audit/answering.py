"""The answers of an audit for a reader: a section in lines for each question."""

from collections.abc import Iterator, Mapping
from typing import Any

from orchestration.aligned import aligned
from orchestration.audit.why_telling import shown

PARTS = ("data", "membership", "method", "rounding")

Answer = Mapping[str, Any]


def lines_of(answers: Answer) -> list[str]:
    """All answers, under a heading each."""
    signatures = "verified" if answers["signatures_verified"] else "not verified; give --keys"
    sections = {
        "Which files were read": files_read(answers["source"]),
        "What was refused and merged": rows(answers["rows"]),
        "Which methodology": methodology(answers["methodology"]),
        "Which code": code(answers["code"]),
        "Which checks": checks(answers["checks"]),
        "Who did what, when": people(answers["people"]),
        "What changed": changes(answers["changes"]),
    }
    lines = [
        f"{answers['release']}: {answers['period']} as of {answers['as_of']}, {answers['state']}",
        (
            f"SHA256SUMS {answers['sha256sums']}; as it was built and judged: "
            f"{answers['files_verified']:,} files; signatures {signatures}"
        ),
    ]
    for heading, section in sections.items():
        lines += ["", heading, *(f"  {line}" for line in section)]
    return lines


def files_read(source: Answer) -> Iterator[str]:
    """Which files were read, whole or since when, and what was landed of each."""
    landing = source["landing"]
    yield (
        f"from {source['location']}, at {source['extracted_at']}; "
        f"last read whole at {source['whole_read_at']}"
    )
    yield (
        f"landed as the intake {landing['intake']}, SHA-256 {landing['sha256']}; "
        f"by the registry {source['registry']}"
    )
    head = ("table", "read", "landed", "SHA-256 of what was landed", "how, and from where")
    landed = [
        (
            table["table"],
            f"{table['rows_read']:,}",
            f"{table['rows']:,}",
            table["sha256"],
            origin_of(table),
        )
        for table in source["tables"]
    ]
    yield from aligned(landed, head=head, right=(1, 2))


def origin_of(table: Answer) -> str:
    """How a table was read, whole or since when, and from where."""
    how = f"changes since {table['since']}" if table["since"] else "whole"
    span = ""
    if table["watermark_to"]:
        span = f", changed {table['watermark_from']} to {table['watermark_to']}"
    gone = f", {table['keys_gone']:,} keys gone" if table["keys_gone"] else ""
    return f"{how}{span}{gone}: {table['source']}"


def rows(tables: list[Answer]) -> Iterator[str]:
    """Rows landed, accepted, refused and merged, and by which rule."""
    counts = ("landed", "accepted", "refused", "merged")
    told = [
        (
            table["table"],
            *(f"{table[count]:,}" for count in counts),
            ", ".join(f"{number:,} {rule}" for rule, number in table["rules"].items()) or "–",
        )
        for table in tables
    ]
    yield from aligned(told, head=("table", *counts, "by rule"), right=range(1, 5))
    yield (
        "every row, by table, key and rule: internal/staging/refused_rows.parquet; "
        "of a union or area: uhi trace"
    )


def methodology(found: Answer) -> Iterator[str]:
    """Which methodology, approved by whom, and whether it changed."""
    yield f"{found['name']}, SHA-256 {found['sha256']}"
    yield f"approval: {found['approval']}"
    followed = found["followed"]
    if followed is None:
        yield "follows no release"
    elif followed["methodology"] is None:
        yield (
            f"follows {named(followed)}, which is not beside it as it was: "
            "whether the methodology changed is not known here"
        )
    elif followed["same"]:
        yield f"the same as in {named(followed)}, which it follows"
    else:
        before = followed["methodology"]
        yield (
            f"changed from {before['name']} ({before['sha256']}) in {named(followed)}, "
            "which it follows; uhi diff shows what changed"
        )


def code(found: Answer) -> Iterator[str]:
    """Which code and locked dependencies made the candidate and the release."""
    for part in ("candidate", "release"):
        identity = found[part]
        if identity is None:
            yield f"{part}: not known"
            continue
        clean = {
            True: "clean",
            False: "not clean: files differ from the commit",
            None: identity["remark"],
        }[identity["clean"]]
        yield f"{part}: version {identity['version']}, commit {shown(identity['commit'])} ({clean})"
        yield f"  requirements.lock {shown(identity['requirements_lock'])}"
    environment = found["environment"]
    packages = ", ".join(f"{name} {version}" for name, version in environment["packages"].items())
    yield f"prepared by Python {environment['python']}, {packages}"


def checks(found: Answer) -> Iterator[str]:
    """How many checks ran, which did not pass or run, and what was overridden.

    Also whether the bytes that were judged are those of the files.
    """
    for part, of in (("candidate", "the candidate's tables"), ("release", "the release's files")):
        judged = found[part]
        passed = judged["checks"] - len(judged["not_passed"])
        yield f"of {of}: {judged['checks']} checks, {judged['ran']} ran, {passed} passed"
        yield f"  required checks, SHA-256 {judged['required_checks']}"
        for check in judged["not_passed"]:
            how = "did not pass" if check["executed"] else "did not run"
            yield f"  {check['severity']:4} {check['name']} {how}: {check['observed']}"
    for entry in found["overrides"]:
        by = f"by {entry['by']} at {entry['at']}, key {entry['key']}"
        yield f"overridden: {entry['check']}, {by}: {entry['reason']}"
    if not found["overrides"]:
        yield "overridden: none"
    other = [table["file"] for table in found["tables"] if not table["agrees"]]
    yield f"judged tables: {len(found['tables'])}, " + (
        f"of other bytes here: {', '.join(other)}" if other else "of exactly these bytes"
    )


def people(found: Answer) -> Iterator[str]:
    """Who prepared, previewed, approved, published and withdrew it, when."""
    planned = found["planned"]
    candidate_by = shown(found["candidate_by"])
    yield f"{found['prepared_at']:26} prepared, from the candidate by {candidate_by}"
    for entry in found["previews"]:
        yield f"{entry['at']:26} previewed by {entry['by']}: {entry['reason']}"
    for entry in found["approvals"]:
        yield f"{entry['at']:26} approved by {entry['by']}, key {entry['key']}"
    if not found["approvals"]:
        yield f"{'–':26} approved by nobody yet"
    yield (
        f"{planned['release_time']:26} planned as {planned['kind']} release, "
        f"announced on {planned['announced_on']}"
    )
    if found["published_at"]:
        yield f"{found['published_at']:26} published as {found['published_as']}"
    else:
        yield f"{'–':26} not published yet; who previewed it is in the ledger until then"
    if revision := found["revision"]:
        yield f"supersedes {revision['supersedes']}, a {revision['kind']}: {revision['reason']}"
    if retraction := found["retraction"]:
        yield f"{retraction['at']:26} retracted by {retraction['by']}: {retraction['reason']}"


def changes(found: Answer | None) -> Iterator[str]:
    """What changed since the release that it follows."""
    if found is None:
        yield "follows no release"
        return
    followed = named(found["compared_with"])
    yield f"since {followed}; every one of them: internal/changes.csv, uhi diff"
    counts = [(row["table"], row["change"], f"{row['differences']:,}") for row in found["counts"]]
    yield from aligned(counts, right=(2,))
    if not found["counts"]:
        yield "no figure differs"
    if city := found["city"]:
        parts = ", ".join(f"{part} {shown(city[part])}" for part in PARTS)
        before, after, change = (shown(city[name]) for name in ("before", "after", "change"))
        yield f"the city's index {before} -> {after}, {change}: {parts}"
        yield (
            f"unions that stayed {city['stayed']:,}, joined {city['joined']:,}, "
            f"left {city['left_sample']:,}"
        )


def named(identity: Answer) -> str:
    """A release, by its place and digest."""
    return f"{identity['period']} {identity['release']} (SHA256SUMS {identity['sha256sums']})"
