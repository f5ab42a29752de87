"""The chart of corrections: by weeks since cases opened, the share that is not corrected yet."""

from decimal import Decimal
from math import ceil

from orchestration.documents import figures
from orchestration.documents.charts.panels import LABELLED_MONTHS, line
from orchestration.documents.charts.parts import Chart, Trend
from orchestration.documents.charts.texts import grounds, titled
from orchestration.documents.edition import Edition
from orchestration.documents.note import chart_note
from orchestration.home.layout import CASES

TITLE = ("预警整改进度", "correction of alerts")
HEAD = (
    "仍未整改到位的比例，%（横轴：预警后的周数）",
    "Not corrected yet, % (across: weeks since the alert)",
)
ESTIMATE = (
    "按Kaplan–Meier法估计，仍未销号的预警计至数据截止日。",
    "Kaplan–Meier estimate; open cases count until the day of the figures.",
)
DAYS_OF_A_WEEK = 7
MOST_WEEKS = 52
WHOLE = Decimal(100)


def correction(edition: Edition) -> Chart:
    """The chart of an edition that has cases."""
    rates = by_week(edition)
    step = ceil(len(rates) / LABELLED_MONTHS)
    labels = [(week, str(week)) for week in range(0, len(rates), step)]
    head = " ".join(HEAD)
    weeks = "; ".join(f"{week} {figures.index(rate)}" for week, rate in enumerate(rates))
    return Chart(
        "correction",
        template="trend",
        title=titled(edition, TITLE),
        finding=None,
        body=Trend([line(HEAD, rates, figures.index)], labels, len(rates)),
        notes=[ESTIMATE, *chart_note(edition), *grounds(edition)],
        description=[f"{head}: {weeks}"],
    )


def by_week(edition: Edition) -> list[Decimal]:
    """The share in percent that is not corrected so many weeks after the alert, from none on.

    Up to the week in which the curve falls last.
    """
    curve = edition.table(f"{CASES}/correction_curve")
    last_day = max((row["days"] for row in curve), default=0)
    weeks = min(ceil(last_day / DAYS_OF_A_WEEK), MOST_WEEKS)
    rates = []
    for week in range(weeks + 1):
        fallen = [row for row in curve if row["days"] <= week * DAYS_OF_A_WEEK]
        rates.append(fallen[-1]["uncorrected_rate"] if fallen else WHOLE)
    return rates
