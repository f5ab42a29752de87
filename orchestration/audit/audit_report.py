"""The answers of an audit for a reader: a section in lines for each question."""

from collections.abc import Iterator, Mapping
from typing import Any

from orchestration.aligned import aligned
from orchestration.audit.text import INDENT, cell_text, cells_text, change_text
from quality.nouns import counted_noun

PARTS = ("data", "membership", "method", "rounding")
COUNTS = ("landed", "accepted", "refused", "merged")

Answer = Mapping[str, Any]
Lines = Iterator[str]


def format_audit(answers: Answer) -> list[str]:
    """All answers, under a heading each."""
    lines = list(heading(answers))
    for name, section in sections(answers).items():
        lines += ["", name, *(INDENT + line for line in section)]
    return lines


def heading(answers: Answer) -> Lines:
    """Which release it is, and what was verified."""
    month = f"{answers['period']} as of {answers['as_of']}"
    signatures = "verified" if answers["signatures_verified"] else "not verified; give --keys"
    yield f"{answers['release']}: {month}, {answers['state']}"
    yield (
        f"SHA256SUMS {answers['sha256sums']}; as it was built and judged: "
        f"{counted_noun(answers['files_verified'], 'file')}; signatures {signatures}"
    )


def sections(answers: Answer) -> dict[str, Lines]:
    """The lines of each question by its heading."""
    return {
        "Which files were read": files_read(answers["source"]),
        "What was refused and merged": rows(answers["rows"]),
        "Which methodology": methodology(answers["methodology"]),
        "Which code": code(answers["code"]),
        "Which checks": checks(answers["checks"]),
        "Who did what, when": people(answers["people"]),
        "What changed": changes(answers["changes"]),
    }


def files_read(source: Answer) -> Lines:
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
    landed = []
    for table in source["tables"]:
        counts = format_counts(table, ("rows_read", "rows"))
        origin = origin_of(table)
        landed.append(
            (
                table["table"],
                *counts,
                table["sha256"],
                origin,
            )
        )
    yield from aligned(landed, head=head, right=(1, 2))


def format_counts(row: Answer, columns: tuple[str, ...]) -> list[str]:
    """The counts in some columns of a row as text."""
    return [f"{row[column]:,}" for column in columns]


def origin_of(table: Answer) -> str:
    """How a table was read, whole or since when, and from where."""
    how = f"changes since {table['since']}" if table["since"] else "whole"
    if table["watermark_to"]:
        how += f", changed {table['watermark_from']} to {table['watermark_to']}"
    if table["keys_gone"]:
        how += f", {counted_noun(table['keys_gone'], 'key')} gone"
    return f"{how}: {table['source']}"


def rows(tables: list[Answer]) -> Lines:
    """Rows landed, accepted, refused and merged, and by which rule."""
    listed = []
    for table in tables:
        rules = [f"{number:,} {rule}" for rule, number in table["rules"].items()]
        by_rule = ", ".join(rules) or "–"
        numbers = format_counts(table, COUNTS)
        listed.append((table["table"], *numbers, by_rule))
    head = ("table", *COUNTS, "by rule")
    yield from aligned(listed, head=head, right=range(1, 5))
    yield (
        "every row, by table, key and rule: internal/staging/refused_rows.parquet; "
        "of a union or area: uhi trace"
    )


def methodology(found: Answer) -> Lines:
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


def code(found: Answer) -> Lines:
    """Which code and locked dependencies made the candidate and the release."""
    yield from code_of_part("candidate", found["candidate"])
    yield from code_of_part("release", found["release"])
    environment = found["environment"]
    packages = [f"{name} {version}" for name, version in environment["packages"].items()]
    yield f"prepared by Python {environment['python']}, {', '.join(packages)}"


def code_of_part(part: str, identity: Answer | None) -> Lines:
    """Which code and locked dependencies made a part; identity: None where it is not known."""
    if identity is None:
        yield f"{part}: not known"
        return
    commit, lock = cells_text(identity, ("commit", "requirements_lock"))
    state = state_of_code(identity)
    yield f"{part}: version {identity['version']}, commit {commit} ({state})"
    yield f"  requirements.lock {lock}"


def state_of_code(identity: Answer) -> str:
    """Whether the code was that of its commit."""
    if identity["clean"] is None:
        return str(identity["remark"])
    return "clean" if identity["clean"] else "not clean: files differ from the commit"


def checks(found: Answer) -> Lines:
    """How many checks ran, which did not pass or run, and what was overridden.

    Also whether the bytes that were judged are those of the files.
    """
    yield from judgement("the candidate's tables", found["candidate"])
    yield from judgement("the release's files", found["release"])
    yield from overrides(found["overrides"])
    yield judged_tables(found["tables"])


def judgement(judged_files: str, judged: Answer) -> Lines:
    """How many checks of some files ran, and which did not pass or run."""
    not_passed = judged["not_passed"]
    passed = judged["checks"] - len(not_passed)
    checks = counted_noun(judged["checks"], "check")
    counts = f"{checks}, {judged['ran']} ran, {passed} passed"
    yield f"of {judged_files}: {counts}"
    yield f"  required checks, SHA-256 {judged['required_checks']}"
    for check in not_passed:
        how = "did not pass" if check["executed"] else "did not run"
        yield f"  {check['severity']:4} {check['name']} {how}: {check['observed']}"


def overrides(found: list[Answer]) -> Lines:
    """Which checks were overridden, by whom and why."""
    for entry in found:
        by = f"by {entry['by']} at {entry['at']}, key {entry['key']}"
        yield f"overridden: {entry['check']}, {by}: {entry['reason']}"
    if not found:
        yield "overridden: none"


def judged_tables(tables: list[Answer]) -> str:
    """Whether the tables in the release are those that were judged."""
    other = [table["file"] for table in tables if not table["agrees"]]
    bytes_here = f"of other bytes here: {', '.join(other)}" if other else "of exactly these bytes"
    return f"judged tables: {len(tables)}, {bytes_here}"


def people(found: Answer) -> Lines:
    """Who prepared, previewed, approved, published and withdrew it, when."""
    candidate_by = cell_text(found["candidate_by"])
    yield step(found["prepared_at"], f"prepared, from the candidate by {candidate_by}")
    for entry in found["previews"]:
        yield step(entry["at"], f"previewed by {entry['by']}: {entry['reason']}")
    for entry in found["approvals"]:
        yield step(entry["at"], f"approved by {entry['by']}, key {entry['key']}")
    if not found["approvals"]:
        yield step("–", "approved by nobody yet")
    yield planned(found["planned"])
    yield published(found)
    if revision := found["revision"]:
        yield f"supersedes {revision['supersedes']}, a {revision['kind']}: {revision['reason']}"
    if retraction := found["retraction"]:
        by = f"retracted by {retraction['by']}"
        yield step(retraction["at"], f"{by}: {retraction['reason']}")


def step(moment: str, what: str) -> str:
    """What was done, after its moment."""
    return f"{moment:26} {what}"


def planned(plan: Answer) -> str:
    """When the release was planned, as what, and when that was announced."""
    announced = f"announced on {plan['announced_on']}"
    return step(plan["release_time"], f"planned as {plan['kind']} release, {announced}")


def published(found: Answer) -> str:
    """When the release was published, or that it is not yet."""
    if found["published_at"]:
        return step(found["published_at"], f"published as {found['published_as']}")
    return step("–", "not published yet; who previewed it is in the ledger until then")


def changes(found: Answer | None) -> Lines:
    """What changed since the release that it follows."""
    if found is None:
        yield "follows no release"
        return
    followed = named(found["compared_with"])
    yield f"since {followed}; every one of them: internal/changes.csv, uhi diff"
    listed = []
    for row in found["counts"]:
        differences = f"{row['differences']:,}"
        listed.append(
            (
                row["table"],
                row["change"],
                differences,
            )
        )
    yield from aligned(listed, right=(2,))
    if not listed:
        yield "no figure differs"
    if found["city"]:
        yield from changes_of_city(found["city"])


def changes_of_city(city: Answer) -> Lines:
    """What moved the city's index, and how many unions stayed, joined and left."""
    before, after = cells_text(city, ("before", "after"))
    change = change_text(city["change"])
    parts = [f"{part} {change_text(city[part])}" for part in PARTS]
    stayed, joined, left = format_counts(city, ("stayed", "joined", "left_sample"))
    yield f"the city's index {before} -> {after}, {change}: {', '.join(parts)}"
    yield f"unions that stayed {stayed}, joined {joined}, left {left}"


def named(identity: Answer) -> str:
    """A release, by its place and digest."""
    return f"{identity['period']} {identity['release']} (SHA256SUMS {identity['sha256sums']})"
