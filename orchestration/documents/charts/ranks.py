"""The ranks of the counties in a chart, and the intervals in which they lie."""

from orchestration.documents import figures
from orchestration.documents.briefing.comparison import interval
from orchestration.documents.charts.parts import Figures, Interval, Panel
from orchestration.documents.charts.scales import scale_of_ranks
from orchestration.documents.charts.texts import INTERVAL
from orchestration.documents.edition import Edition, Row, Rows


def rank_column(edition: Edition) -> Figures:
    """The column of the ranks of the counties."""
    return Figures(
        edition.methodology.label("figure", "rank"),
        [figures.count(county["rank"]) for county in edition.ranking],
    )


def intervals(counties: Rows) -> Panel:
    """A panel with the rank of each county within its interval."""
    return Panel(
        INTERVAL,
        scale_of_ranks(len(counties)),
        "intervals",
        rows=[interval_mark(county) for county in counties],
        cells=[interval(county) for county in counties],
    )


def interval_mark(county: Row) -> Interval | None:
    """The mark of a county's rank within its interval; None where it has none."""
    if county["rank_low"] is None:
        return None
    return Interval(
        low=county["rank_low"],
        high=county["rank_high"],
        rank=county["rank"],
    )
