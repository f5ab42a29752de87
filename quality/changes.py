"""What a release says has changed since the one it follows, checked against both.

Every difference must be stated, and nothing may be stated that is no difference. The stated
differences are looked up among the cells of both releases, and counted. What moved the indices is
recounted in `decomposition.py`.
"""

from collections.abc import Iterator
from pathlib import Path

from quality.connection import connect, reading
from quality.decomposition import other_decomposition
from quality.publication import published_tables
from quality.release_files import EDITIONS, read_json, sha256_of

TABLES = ("changes", "decomposition")
STATED_CELLS = """
    create view stated_cells as
    select
        table_name, key, column_name,
        coalesce(before_text, cast(before as varchar)) as old_value,
        coalesce(after_text, cast(after as varchar)) as new_value
    from stated
    where change = 'changed'
"""
CELL = "table_name, key, column_name"
WRONG_CELLS = {
    "differences of figures that the release followed has otherwise": f"""
        select {CELL}, old_value from stated_cells except from old
    """,
    "differences of figures that this release has otherwise": f"""
        select {CELL}, new_value from stated_cells except from new
    """,
    "figures that differ and are not stated": f"""
        (
            select {CELL}
            from old
            inner join new using ({CELL})
            where old.value is distinct from new.value
        )
        except select {CELL} from stated_cells
    """,
    "differences that are none": """
        select 1 from stated_cells where old_value is not distinct from new_value
    """,
    "differences stated twice": f"""
        select 1 from stated_cells group by {CELL} having count(*) > 1
    """,
    "differences that are not after less before": """
        select 1 from stated where difference is distinct from after - before
    """,
}


def other_changes(folder: Path, before: Path | None) -> Iterator[str]:
    """What a release states wrongly about its changes.

    before: the release that it follows; None where it follows none.
    """
    followed = sha256_of(before / "SHA256SUMS") if before else None
    if digest_stated(folder) != followed:
        yield "the release that it is compared with is not the one that it follows"
        return
    if before is None:
        return
    for edition in EDITIONS:
        for fault in misstated(before / edition, folder / edition):
            yield f"{edition}/changes: {fault}"
    yield from other_decomposition(folder, before)


def digest_stated(folder: Path) -> str | None:
    """The SHA256SUMS digest of the release that a release says it is compared with, if any."""
    compared_with = read_json(folder / "manifest.json")["compared_with"]
    if not compared_with:
        return None
    digest: str = compared_with["sha256sums"]
    return digest


def misstated(before: Path, after: Path) -> Iterator[str]:
    """How an edition's stated differences are not those between two editions."""
    wrong = {
        **WRONG_CELLS,
        "rows that appeared and are not stated, or did not": wrong_rows("new", "old", "appeared"),
        "rows that are gone and are not stated, or are not": wrong_rows("old", "new", "gone"),
    }
    with connect() as connection:
        connection.execute(f"create table old as {differing_cells(before, after)}")
        connection.execute(f"create table new as {differing_cells(after, before)}")
        connection.from_parquet(str(after / "changes.parquet")).create("stated")
        connection.execute(STATED_CELLS)
        for what, query in wrong.items():
            [(count,)] = connection.execute(f"select count(*) from ({query})").fetchall()
            if count:
                yield f"{count} {what}"


def wrong_rows(
    there: str,
    elsewhere: str,
    change: str,
) -> str:
    """The query of rows that only one edition has and that are not stated so, or the reverse."""
    return f"""
        with found as (
            select table_name, key from {there}
            except
            select table_name, key from {elsewhere}
        ),

        told as (
            select table_name, key from stated where change = '{change}'
        )

        (select * from found except select * from told)
        union all
        (select * from told except select * from found)
    """


def differing_cells(edition: Path, other: Path) -> str:
    """The query of all cells of an edition's rows that another edition does not have just so.

    Its columns are table_name, key, column_name and value, as text, figures with 4 places. It is of
    the tables and columns that both editions have.
    """
    parts = []
    for table in published_tables():
        here = edition / f"{table}.parquet"
        there = other / f"{table}.parquet"
        if here.exists() and there.exists():
            parts.append(differing_cells_of(table, here, there))
    return " union all ".join(parts)


def differing_cells_of(
    table: str,
    here: Path,
    there: Path,
) -> str:
    """The query of the cells of one table's rows that the other file does not have just so."""
    key = published_tables()[table].key
    kinds = common_columns(here, there)
    compared = [name for name in kinds if name not in (*key, "period", "suppressed")]
    row = ", ".join((*key, *compared))
    keyed = " || '/' || ".join(f"coalesce({name}, '')" for name in key)
    cells = ", ".join(as_text(name, kinds[name]) for name in compared)
    return f"""
        from (
            select '{table}' as table_name, {keyed} as key, {cells}
            from (
                select {row} from {parquet(here)}
                except
                select {row} from {parquet(there)}
            )
        )
        unpivot include nulls (
            value for column_name in ({", ".join(compared)})
        )
    """


def common_columns(here: Path, there: Path) -> dict[str, str]:
    """The columns of a Parquet file that another has too, with their types."""
    with reading() as connection:
        relation = connection.read_parquet(str(here))
        names = connection.read_parquet(str(there)).columns
        kinds = zip(relation.columns, relation.types, strict=True)
        return {name: str(kind) for name, kind in kinds if name in names}


def as_text(name: str, kind: str) -> str:
    """SQL of a column as text, figures with 4 places."""
    if kind == "VARCHAR":
        return name
    return f"cast(cast({name} as decimal(38, 4)) as varchar) as {name}"


def parquet(file: Path) -> str:
    """A Parquet file as a table of a query."""
    name = str(file).replace("'", "''")
    return f"read_parquet('{name}')"
