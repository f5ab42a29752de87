"""The documents of an edition as pieces of work that need not wait for each other.

The site comes last, for it links to all in its folder.

Each imports what it needs where it is done, which takes half a second: the process that only asks
for it need not.
"""

from collections.abc import Callable
from functools import partial

from orchestration.documents.edition import Edition

Piece = Callable[[], None]


def documents_of(internal: Edition, public: Edition) -> list[Piece]:
    """What writes the documents of both editions, whose tables are written, but for their sites.

    What takes longest first.
    """
    return [
        partial(write_workbook, internal),
        partial(write_charts_and_briefing, internal),
        partial(write_charts_and_briefing, public),
        partial(write_workbook, public),
    ]


def sites_of(internal: Edition, public: Edition) -> list[Piece]:
    """What writes the sites of both editions, of which all else is written."""
    return [partial(write_site, internal), partial(write_site, public)]


def write_workbook(edition: Edition) -> None:
    """Write the workbook."""
    from orchestration.documents import workbook

    workbook.write_workbook(edition, edition.folder / f"union_health_index_{edition.period}.xlsx")


def write_charts_and_briefing(edition: Edition) -> None:
    """Write the charts, and the briefing, which shows them."""
    from orchestration.documents.briefing import write_briefing
    from orchestration.documents.charts import write_charts

    write_charts(edition, edition.folder / "charts")
    write_briefing(edition)


def write_site(edition: Edition) -> None:
    """Write the site."""
    from orchestration.documents import site

    site.write_site(edition)
