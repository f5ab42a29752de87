"""What the public edition shows, checked against the internal one.

It shows the same figures, none of a suppressed area, and none of a small one. The columns that a
suppressed area may show, and those told against the month before, are said here a second time, on
purpose: where a model says otherwise of a column, the editions differ and the release is refused.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb

from quality.connection import reading
from quality.documents import texts_of
from quality.publication import public_tables

SMALLEST_AREA = 10
DOCUMENTS = (".docx", ".html", ".js", ".json", ".pdf", ".svg", ".xlsx")
SIDES = {"shown": "public", "judged": "internal"}
AGAINST_MONTH_BEFORE = ("index_change", "previous_rank")
NAMING = ("period", "area_code", "level", "name_zh", "name_en", "dimension", "indicator")


def differences(folder: Path) -> Iterator[str]:
    """Public tables that are not the internal ones less what is hidden.

    Hidden are the figures of suppressed areas, by one mark an area, and of others all that is told
    against the month before, or none of it.
    """
    with reading() as connection:
        marks = marks_of(connection, folder).set_alias("marks")
        for table, published in public_tables().items():
            shown = connection.read_parquet(str(folder / "public" / f"{table}.parquet"))
            judged = connection.read_parquet(str(folder / "internal" / f"{table}.parquet"))
            described = list(zip(judged.columns, map(str, judged.types), strict=True))
            found = list(zip(shown.columns, map(str, shown.types), strict=True))
            if found != [*described, ("suppressed", "BOOLEAN")]:
                yield f"{table} has other columns"
                continue
            columns = [f"{due_cell(name)} as {name}" for name in judged.columns]
            due = judged.set_alias("judged").join(
                marks, "judged.area_code = marks.area_code", how="left"
            )
            due = due.select(", ".join([*columns, "suppressed"]))
            if (
                count := len(shown.except_(due))
                + len(due.except_(shown))
                + abs(len(shown) - len(judged))
            ):
                yield f"{table} differs in {count} rows"
            key = ", ".join(published.key)
            if shown.select(key).fetchall() != judged.select(key).fetchall():
                yield f"{table} has another order"


def marks_of(connection: duckdb.DuckDBPyConnection, folder: Path) -> duckdb.DuckDBPyRelation:
    """Whether each area is suppressed, and lacks what is told against the month before."""
    lacking = " or ".join(
        f"(judged.{name} is not null and shown.{name} is null)" for name in AGAINST_MONTH_BEFORE
    )
    return connection.sql(
        f"""
        select area_code, suppressed, {lacking} as hides_change
        from read_parquet($shown) as shown
        inner join read_parquet($judged) as judged using (area_code)
        """,
        params={
            name: str(folder / edition / "area_index.parquet") for name, edition in SIDES.items()
        },
    )


def due_cell(name: str) -> str:
    """What a column of a public table holds, as a query has it."""
    if name in NAMING:
        return f"judged.{name}"
    hides = "suppressed or hides_change" if name in AGAINST_MONTH_BEFORE else "suppressed"
    return f"case when not ({hides}) then judged.{name} end"


def findings_told(folder: Path) -> Iterator[str]:
    """Public files that tell what a failed check observed.

    That may name small areas and their figures.

    Documents write a true minus where a check has a hyphen.
    """
    verdict = json.loads((folder / "verdict.json").read_text(encoding="utf-8"))
    failed = [check["observed"] for check in verdict["checks"] if not check["passed"]]
    findings = [signs_alike(observed) for observed in failed if any(map(str.isdigit, observed))]
    for file in sorted(
        path for path in (folder / "public").rglob("*") if findings and path.suffix in DOCUMENTS
    ):
        text = "\n".join(texts_of(file.name, file.read_bytes()))
        if any(finding in signs_alike(text) for finding in findings):
            yield f"{file.relative_to(folder).as_posix()} tells what a check observed"


def signs_alike(text: str) -> str:
    """A text with a hyphen for each true minus."""
    return text.replace("−", "-")


def small_areas_shown(folder: Path) -> Iterator[str]:
    """Public tables with a figure of an area with fewer than 10 linked unions.

    Tables that do not call such an area suppressed are among them.
    """
    with reading() as connection:
        judged = str(folder / "internal" / "area_index.parquet")
        small = connection.sql(
            f"select area_code from read_parquet($1) where linked < {SMALLEST_AREA}",
            params=[judged],
        )
        small = small.set_alias("small")
        for table in public_tables():
            shown = connection.read_parquet(str(folder / "public" / f"{table}.parquet")).set_alias(
                "shown"
            )
            figures = [
                f"shown.{name} is not null"
                for name in shown.columns
                if name not in (*NAMING, "suppressed")
            ]
            count = len(
                shown.join(small, "shown.area_code = small.area_code").filter(
                    " or ".join(["suppressed is not true", *figures])
                )
            )
            if count:
                yield f"{table} shows small areas in {count} rows"
