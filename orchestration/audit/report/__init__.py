"""The audit report in Chinese, as PDF and as a workbook.

It has what `uhi audit` tells, and the answers to "why" for the counties.

One content (`answers.py`, `areas.py`), made of the blocks of the briefing, is rendered twice
(`rendering.py`).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from orchestration.audit.report.answers import answer_blocks, report_title
from orchestration.audit.report.areas import area_blocks
from orchestration.audit.report.rendering import write_pdf, write_workbook
from orchestration.documents.briefing.content import Document
from orchestration.documents.briefing.wording import Text


def write_report(answers: Mapping[str, Any], areas: Mapping[str, Any], folder: Path) -> list[Path]:
    """Write `audit_report_<period>.pdf` and `.xlsx` into a folder; returns both.

    The folder is made where it is not there.

    answers: of answers.audit; areas: of area_answers.area_answers.
    """
    title, subtitle = report_title(answers)
    blocks = [*answer_blocks(answers), *area_blocks(areas)]
    mark = Text("审计报告，含企业名称，不得对外公开")
    document = Document(Text(title), Text(subtitle), mark, answers["as_of"], blocks)
    folder.mkdir(parents=True, exist_ok=True)
    pdf, workbook = (
        folder / f"audit_report_{answers['period']}.{form}" for form in ("pdf", "xlsx")
    )
    write_pdf(document, pdf)
    write_workbook(document, workbook)
    return [pdf, workbook]
