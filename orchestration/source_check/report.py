"""The findings in a source for a reader: what is wrong first, then what was found."""

from collections.abc import Iterator

from orchestration.aligned import aligned
from orchestration.source_check.findings import Codes, Findings, TableFindings
from quality.nouns import counted_noun

INDENT = "  "


def lines_of(findings: Findings) -> list[str]:
    """All findings."""
    head = f"{findings.source}, as {findings.period} would be made of it: "
    if findings.unreadable:
        problems = [f"{INDENT}{problem}" for problem in findings.unreadable]
        return [f"{head}unreadable", *problems]
    return [
        head + ("sound" if findings.is_sound else "not sound"),
        *stopping(findings),
        *tables(findings),
        *refused(findings),
        *codes(findings),
        *whole(findings),
        *lacking(findings),
    ]


def stopping(findings: Findings) -> Iterator[str]:
    """The checks that would stop the month."""
    failed = findings.failed or {}
    if failed:
        yield "What would stop the month:"
    for name, observed in failed.items():
        yield f"{INDENT}{name}: {observed}"


def tables(findings: Findings) -> Iterator[str]:
    """Each table: its rows, how many are refused, and the span of its days."""
    if not findings.tables:
        return
    head = ("table", "rows", "refused", "same key", "days", "beyond the contract")
    rows = [
        (
            table.table,
            f"{table.rows:,}",
            f"{table.refused_rows:,}",
            f"{table.repeated_keys:,}",
            span_of(table),
            ", ".join(table.ignored),
        )
        for table in findings.tables
    ]
    yield "Tables:"
    yield from aligned(rows, head=head, right=(1, 2, 3), indent=INDENT)


def span_of(table: TableFindings) -> str:
    """From the first to the last day of a table, of all columns; none without a day."""
    firsts = [first[:10] for first, _ in table.spans.values()]
    lasts = [last[:10] for _, last in table.spans.values()]
    return f"{min(firsts)} to {max(lasts)}" if firsts else ""


def refused(findings: Findings) -> Iterator[str]:
    """The rows that each rule refuses, with the keys of the first few."""
    rows = [
        (table.table, each.rule, each.detail or "", f"{each.rows:,}", ", ".join(each.keys))
        for table in findings.tables
        for each in table.refused
    ]
    if rows:
        yield "Rows that are refused or merged, by rule:"
        head = ("table", "rule", "column or condition", "rows", "keys, the first few")
        yield from aligned(rows, head=head, right=(3,), indent=INDENT)


def codes(findings: Findings) -> Iterator[str]:
    """The columns with codes that are not allowed, and the codes that are met there."""
    strange = [
        (table.table, found) for table in findings.tables for found in table.codes if found.others
    ]
    if strange:
        yield "Codes beyond those of the contract; a map says what each stands for:"
    for table, found in strange:
        rows = counted_noun(found.others, "row")
        yield f"{INDENT}{table}.{found.column}: {rows}; {met_in_words(found)}"


def met_in_words(found: Codes) -> str:
    """The codes that are met in a column, and those that are allowed."""
    allowed = f"allowed are {', '.join(found.allowed)}"
    said = "the rows are about persons, so none is shown"
    if found.met is not None:
        met = ", ".join(f"{code} ({rows:,})" for code, rows in found.met.items())
        said = f"met are {met}"
    proposal = ", ".join(f'"{code}": {own}' for code, own in found.proposed.items())
    return f"{said}; {allowed}" + (f"; proposed is codes: {{{proposal}}}" if proposal else "")


def whole(findings: Findings) -> Iterator[str]:
    """What tables lack of each other."""
    if findings.unions_without_members:
        yield f"Unions without a member: {findings.unions_without_members:,}"
    if findings.enterprises_without_region:
        yield f"Enterprises without a region: {findings.enterprises_without_region:,}"


def lacking(findings: Findings) -> Iterator[str]:
    """The indicators that some unions would lack."""
    rows = [
        (each.indicator, f"{each.missing:,}", f"{each.due:,}", f"{each.share} %")
        for each in findings.lacking
        if each.missing
    ]
    if rows:
        yield "Indicators that could not be measured:"
        head = ("indicator", "unions without", "of", "share")
        yield from aligned(rows, head=head, right=(1, 2, 3), indent=INDENT)
