"""The foreign table of a mapped one, as its source is asked for it."""

from orchestration.contract.clock import city_zone
from orchestration.contract.registry import SourceColumn, SourceTable
from orchestration.extract.mapping.source_map import ColumnMap, TableMap
from orchestration.extract.source import RAW, FileForm, ForeignTable


def foreign_table(table: SourceTable, mapped: TableMap) -> ForeignTable:
    """The table by its foreign names.

    It has a watermark where the source can tell by it which rows changed: of a database's own
    table, from a column that is no text, and by the city's clock where it has no zone.
    """
    said = {column.name: mapped.columns[column.name] for column in table.columns}
    form = None
    if mapped.file is not None:
        form = FileForm(mapped.file, mapped.sheet, mapped.encoding, mapped.delimiter)
    return ForeignTable(
        name=mapped.table or table.name,
        key=tuple(name for key in table.key if (name := own_name(said[key], key))),
        watermark=watermark_of(said.get(table.watermark or ""), mapped),
        least_rows=table.least_rows,
        references={},
        columns=foreign_columns(table, said),
        landed=(),
        name_zh=table.name_zh,
        description=table.description,
        select=mapped.select,
        where=mapped.where,
        expressions={
            foreign_name(column, name): column.expression
            for name, column in said.items()
            if column and column.expression
        },
        form=form,
    )


def foreign_columns(
    table: SourceTable, said: dict[str, ColumnMap | None]
) -> tuple[SourceColumn, ...]:
    """The foreign columns, each once; what the map converts is handed over as it is written."""
    types: dict[str, str] = {}
    personal: dict[str, str | None] = {}
    for column in table.columns:
        mapped = said[column.name]
        name = own_name(mapped, column.name)
        if mapped is None or name is None:
            continue
        is_plain = mapped.column is not None and not mapped.converts and mapped.zone is None
        due = column.type if is_plain else RAW
        types[name] = due if types.get(name, due) == due else RAW
        personal[name] = column.pii or personal.get(name)
    return tuple(
        SourceColumn(
            name, kind, required=False, pii=personal[name], garbled_share=None, description=""
        )
        for name, kind in types.items()
    )


def watermark_of(said: ColumnMap | None, mapped: TableMap) -> str | None:
    """The foreign watermark by which changed rows can be asked for; None where there is none."""
    if said is None or mapped.table is None or said.converts:
        return None
    return said.column if said.zone in (None, str(city_zone())) else None


def own_name(said: ColumnMap | None, name: str) -> str | None:
    """The foreign column that a contract's is made of; None where it is made of none."""
    if said is None or said.constant is not None:
        return None
    return foreign_name(said, name)


def foreign_name(said: ColumnMap, name: str) -> str:
    """The foreign column that a contract's is made of, an expression by a name of its own."""
    return said.column or f"mapped_{name}"
