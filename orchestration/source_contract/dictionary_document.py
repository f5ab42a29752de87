"""The data dictionary as a Word document, a section for each table, in both languages."""

from collections.abc import Iterator
from pathlib import Path

from orchestration.contract.dictionary import (
    DescribedColumn,
    DescribedTable,
    Words,
    described_tables,
)
from orchestration.contract.registry import contract_version
from orchestration.documents.briefing.content import (
    Block,
    Document,
    Heading,
    Items,
    Paragraph,
    Table,
)
from orchestration.documents.briefing.docx_rendering import write_docx
from orchestration.documents.briefing.wording import Text, Value
from orchestration.source_contract.rules import all_rules
from orchestration.source_contract.wording import UNDATED, say, type_of

HEADS = ("column", "type", "required", "meaning", "example")
WIDTHS = (28, 30, 20, 40, 29)
WORDS = range(len(HEADS))


def write_dictionary(file: Path) -> None:
    """Write the dictionary. It has no pictures, so no folder of charts is read."""
    write_docx(dictionary(), file.parent, file)


def dictionary() -> Document:
    """The dictionary as blocks."""
    texts = [text(say("text", key)) for key in ("usage", "empty", "limitations", "nightly")]
    blocks: list[Block] = [Items(texts)]
    for table in described_tables().values():
        blocks.extend(blocks_of(table))
    return Document(
        title=text(say("title", "dictionary")),
        subtitle=text(say("title", "subtitle", version=contract_version())),
        mark=None,
        as_of=UNDATED.date().isoformat(),
        blocks=blocks,
    )


def blocks_of(table: DescribedTable) -> Iterator[Block]:
    """The section of a table."""
    name = table.table.name
    yield Heading(Text(f"{table.name.zh} {name}", table.name.en))
    yield Paragraph(text(table.row))
    yield Table(
        caption=text(say("head", "columns")),
        head=[text(say("head", head)) for head in HEADS],
        rows=[row_of(described) for described in table.columns],
        widths=WIDTHS,
        text=WORDS,
    )
    yield Items([text(rule) for rule in all_rules(table)])


def row_of(described: DescribedColumn) -> list[Value]:
    """The row of a column."""
    column = described.column
    required = say("mark", "yes")
    return [
        Text(f"{column.name} {described.name.zh}", described.name.en),
        text(type_of(column)),
        text(required) if column.required else "",
        text(described.description),
        described.example,
    ]


def text(words: Words) -> Text:
    """Words as a document has them."""
    return Text(words.zh, words.en)
