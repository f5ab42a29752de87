"""The briefing of an edition and the sheets of its counties: one content, as DOCX and PDF."""

import tempfile
from pathlib import Path

from orchestration.documents.briefing import changes, sections
from orchestration.documents.briefing.content import Document, Paragraph
from orchestration.documents.briefing.county_sheet import county_sheets
from orchestration.documents.briefing.docx_rendering import write_docx
from orchestration.documents.briefing.finding import finding
from orchestration.documents.briefing.imprint import imprint
from orchestration.documents.briefing.pdf_rendering import Typesetter
from orchestration.documents.briefing.reading_notes import reading_notes
from orchestration.documents.briefing.wording import mark_of, month, say, title_of
from orchestration.documents.edition import Edition


def write_briefing(edition: Edition) -> None:
    """Write `briefing.docx`, `briefing.pdf` and `counties/<area_code>.pdf` of an edition.

    They go into the edition's folder, whose charts are written already. Where a name has a
    character that the font lacks, the PDF files show a geta mark (〓) in its place.
    """
    document, sheets = briefing(edition), county_sheets(edition)
    charts = edition.folder / "charts"
    write_docx(document, charts, edition.folder / "briefing.docx")
    (edition.folder / "counties").mkdir(exist_ok=True)
    files = {edition.folder / "counties" / f"{code}.pdf": sheet for code, sheet in sheets.items()}
    with tempfile.TemporaryDirectory() as folder:
        Typesetter(Path(folder), charts, [document, *sheets.values()]).write_all(
            {edition.folder / "briefing.pdf": document, **files}
        )


def briefing(edition: Edition) -> Document:
    """The briefing as plain data, in the order a newsroom wants."""
    blocks = [
        *changes.notices(edition),
        *sections.notices(edition),
        *lead(edition),
        *changes.changes(edition),
        *sections.headline(edition),
        *sections.ranking(edition),
        *sections.dimensions(edition),
        *sections.sampling(edition),
        *sections.alerts(edition),
        *reading_notes(edition),
        *(
            Paragraph(say("imprint_line", label=label, value=value))
            for label, value in imprint(edition)
        ),
    ]
    subtitle = say("subtitle", month=month(edition.period))
    return Document(
        title_of(edition, edition.city),
        subtitle,
        mark_of(edition),
        edition.verdict.as_of,
        blocks,
    )


def lead(edition: Edition) -> list[Paragraph]:
    """What the month's figures say, in one sentence, before all else."""
    said = finding(edition)
    return [Paragraph(said)] if said else []
