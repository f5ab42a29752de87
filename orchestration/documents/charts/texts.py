"""What the charts say besides their figures: titles, findings and notes, in both languages."""

from collections.abc import Iterable, Sequence

from orchestration.contract.parameters import with_parameters
from orchestration.documents.briefing.finding import sentence
from orchestration.documents.briefing.wording import Text
from orchestration.documents.edition import Edition, Rows
from orchestration.documents.note import chart_note
from orchestration.documents.texts import Words, joined

RANKING = (
    "各县（市、区）健康指数与位次区间",
    "health index of the counties, with the intervals of their ranks",
)
INDICES = ("各县（市、区）健康指数", "health index of the counties")
DIMENSIONS = ("各县（市、区）各维度{}，%", "{} of the counties by dimension, %")
TREND = ("{}与{}走势", "{} and {} by month")
ALERTS = ("各县（市、区）{}、{}工会", "unions with a {} or a {} code by county")
INTERVAL = ("位次区间", "Interval of the rank")
UNIONS = ("工会数", "Unions")
SHARE = ("占关联企业的百分比", "Share of the linked")
MARKS = (
    "● 达到或高于全市　◇ 低于全市　虚线：全市",
    "● at or above the city   ◇ below it   dashed line: the city",
)
INTERVALS = (
    (
        "● 位次　■ 区间：权重在±{rank_spread}%内随机变动{rank_draws}次时，"
        "位次的第{rank_low_percentile}至第{rank_high_percentile}百分位（不含取样误差）。"
        "区间重叠的，排名先后不宜作定论。"
    ),
    (
        "● rank   ■ interval: {rank_low_percentile_ordinal} to {rank_high_percentile_ordinal} "
        "percentile over {rank_draws} draws of the weights within ±{rank_spread} %, "
        "without sampling error. Overlapping intervals: no firm order."
    ),
)
UNRANKED = (
    "部分县（市、区）不予公布，故不排名次；按所公布的健康指数由高到低排列。",
    "No ranking, as not all counties are published; in the order of the published indices.",
)
DASHES = (
    (
        "“–”表示没有关联企业，或不予公布：关联企业不足{smallest_area}家的地区，"
        "以及公布后可据以推算出上述地区的其他地区。"
    ),
    (
        "–: no linked unions; or not shown, with fewer than {smallest_area} linked unions "
        "or because it would give such an area away."
    ),
)
NO_COUNTIES = ("该市不设县（市、区）。", "The city has no counties.")
CITY = ("全市：{}。", "The city: {}.")
GAPS = ("未发布数据的月份留空。", "Months without a release are left out.")
BASIS = (
    "数据来源：智慧工会平台。数据截至{}，方法版本{}。",
    "Source: the smart-union platform. As of {}, methodology {}.",
)


def found_in(parts: Iterable[Text]) -> Words | None:
    """What a chart shows, as a sentence that stands above it; None if there is nothing to say."""
    found = sentence(list(parts))
    if found is None:
        return None
    return found.zh, found.en


def titled(
    edition: Edition,
    title: Words,
    *terms: Words,
) -> Words:
    """A title with terms of the methodology in it, after the city and the period."""
    city = edition.city
    in_chinese = [chinese for chinese, _ in terms]
    in_english = [english.lower() for _, english in terms]
    chinese = title[0].format(*in_chinese)
    english = title[1].format(*in_english)
    return (
        f"{city['name_zh']} {edition.period}：{chinese}",
        f"{city['name_en']}, {edition.period}: {english}",
    )


def city_note(figures: Sequence[tuple[Words, str]]) -> Words:
    """What the city's figures are, each after its label."""
    stated = []
    for (chinese, english), figure in figures:
        words = f"{chinese} {figure}", f"{english.lower()} {figure}"
        stated.append(words)
    listed = joined(
        stated,
        chinese="、",
        english=", ",
    )
    return CITY[0].format(listed[0]), CITY[1].format(listed[1])


def dashes() -> Words:
    """What a dash in the place of a figure means."""
    return with_values(DASHES)


def with_values(words: Words) -> Words:
    """Words with the values of the parameters that they name."""
    chinese, english = words
    return with_parameters(chinese), with_parameters(english)


def basis(edition: Edition) -> Words:
    """The day and the methodology that the figures rest on."""
    as_of, methodology = edition.verdict.as_of, edition.methodology.name
    chinese, english = BASIS
    return chinese.format(as_of, methodology), english.format(as_of, methodology)


def notes_of(edition: Edition, shown: Rows) -> list[Words]:
    """The notes that every chart ends with.

    They are on dashes, where the areas shown have any, on day and methodology, and the notice of
    the source.
    """
    notes: list[Words] = []
    if not shown:
        notes.append(NO_COUNTIES)
    notes += chart_note(edition)
    if any(area["health_index"] is None for area in shown):
        notes.append(dashes())
    return [*notes, *grounds(edition)]


def grounds(edition: Edition) -> list[Words]:
    """What the figures of a chart rest on: day and methodology, and the notice of the source."""
    notice = edition.verdict.notice
    return [basis(edition), *([(notice, "")] if notice else [])]
