"""The documents of an edition, in the order in which they use each other; the site, which links to them all, comes last."""

from orchestration.release.documents.briefing import write_briefing
from orchestration.release.documents.charts import write_charts
from orchestration.release.documents.edition import Edition
from orchestration.release.documents.site import write_site
from orchestration.release.documents.workbook import write_workbook


def write_documents(edition: Edition) -> None:
    """Write every document of an edition, whose tables are written, into its folder."""
    write_charts(edition, edition.folder / "charts")
    write_workbook(edition, edition.folder / f"union_health_index_{edition.period}.xlsx")
    write_briefing(edition)
    write_site(edition)
