"""The audit report in Chinese, as PDF and as a workbook.

It has what `uhi audit` tells, and the answers to "why" for the counties.

One content (`release_sections.py`, `area_sections.py`), made of the blocks of the briefing, is
rendered twice (`rendering.py`).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from orchestration.audit.report.area_sections import area_sections
from orchestration.audit.report.release_sections import release_sections, report_title
from orchestration.audit.report.rendering import write_pdf, write_workbook
from orchestration.documents.briefing.content import Document
from orchestration.documents.briefing.wording import Text

MARK = Text("审计报告，含企业名称，不得对外公开")


def write_report(
    answers: Mapping[str, Any],
    areas: Mapping[str, Any],
    folder: Path,
) -> list[Path]:
    """Write `audit_report_<period>.pdf` and `.xlsx` into a folder; returns both.

    The folder is made where it is not there.

    answers: of audit.audit_release; areas: of area_audit.audit_areas.
    """
    title, subtitle = report_title(answers)
    document = Document(
        title=Text(title),
        subtitle=Text(subtitle),
        mark=MARK,
        as_of=answers["as_of"],
        blocks=[*release_sections(answers), *area_sections(areas)],
    )
    folder.mkdir(parents=True, exist_ok=True)
    pdf = folder / f"audit_report_{answers['period']}.pdf"
    workbook = pdf.with_suffix(".xlsx")
    write_pdf(document, pdf)
    write_workbook(document, workbook)
    return [pdf, workbook]
