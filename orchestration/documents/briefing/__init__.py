"""The briefing of an edition and the sheets of its counties: one content, as DOCX and PDF."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from orchestration.documents.briefing import changes, sections
from orchestration.documents.briefing.content import (
    Block,
    CountySheet,
    Document,
    Paragraph,
)
from orchestration.documents.briefing.county_sheet import county_sheets
from orchestration.documents.briefing.docx_rendering import write_docx
from orchestration.documents.briefing.finding import finding
from orchestration.documents.briefing.imprint import imprint
from orchestration.documents.briefing.pdf_rendering import Typesetter
from orchestration.documents.briefing.reading_notes import reading_notes
from orchestration.documents.briefing.wording import (
    mark_of,
    month,
    say,
    title_of,
)
from orchestration.documents.edition import Edition


def write_briefing(edition: Edition) -> None:
    """Write `briefing.docx`, `briefing.pdf` and `counties/<area_code>.pdf` of an edition.

    They go into the edition's folder, whose charts are written already. Where a name has a
    character that the font lacks, the PDF files show a geta mark (〓) in its place.
    """
    document = briefing(edition)
    charts = edition.folder / "charts"
    write_docx(document, charts, edition.folder / "briefing.docx")
    sheets = edition.folder / "counties"
    sheets.mkdir(exist_ok=True)
    files: dict[Path, Document | CountySheet] = {
        edition.folder / "briefing.pdf": document,
    }
    for code, sheet in county_sheets(edition).items():
        files[sheets / f"{code}.pdf"] = sheet
    with tempfile.TemporaryDirectory() as folder:
        typesetter = Typesetter(
            Path(folder),
            charts,
            list(files.values()),
        )
        typesetter.write_all(files)


def briefing(edition: Edition) -> Document:
    """The briefing as plain data, in the order a newsroom wants."""
    return Document(
        title=title_of(edition, edition.city),
        subtitle=say("subtitle", month=month(edition.period)),
        mark=mark_of(edition),
        as_of=edition.verdict.as_of,
        blocks=list(blocks_of(edition)),
    )


def blocks_of(edition: Edition) -> Iterator[Block]:
    """The blocks of the briefing."""
    yield from changes.notices(edition)
    yield from sections.notices(edition)
    yield from lead(edition)
    yield from changes.changes(edition)
    yield from sections.headline(edition)
    yield from sections.ranking(edition)
    yield from sections.dimensions(edition)
    yield from sections.sampling(edition)
    yield from sections.alerts(edition)
    yield from reading_notes(edition)
    for label, value in imprint(edition):
        yield Paragraph(say("imprint_line", label=label, value=value))


def lead(edition: Edition) -> Iterator[Block]:
    """What the month's figures say, in one sentence, before all else."""
    sentence = finding(edition)
    if sentence:
        yield Paragraph(sentence)
