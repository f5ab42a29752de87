"""Editions for the tests of what people read, without a build.

The contract's example, and a made-up city of any size.
"""

import csv
import random
from decimal import Decimal
from functools import cache

import duckdb
import segno

from orchestration.contract.methodology import load_methodology
from orchestration.documents.edition import Edition
from orchestration.home.records.release import Imprint
from orchestration.periods import Period
from orchestration.release.editions import write_internal, write_public
from orchestration.settings import METHODOLOGY
from quality.documents import texts_of
from quality.publication import published_tables
from tests.support.records import verdict
from tests.support.settings import EXAMPLE

PERIOD, OPENED = "2020-12", "2020-10"
INTERVALS = {"330328": (1, 2), "330329": (2, 3), "330302": (3, 3), "330381": (4, 4)}
CHARTS = ("ranking", "dimensions", "trend", "alerts")
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"


def methodology():
    return load_methodology(METHODOLOGY, Period.parse(PERIOD))


def example_tables(intervals=None):
    """The tables of the contract's example, its counties ranked with these intervals (by code)."""
    tables = {}
    for file in sorted((EXAMPLE / "expected" / PERIOD).glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as lines:
            tables[file.stem] = list(csv.DictReader(lines))
    return tables | {"county_ranking": ranking_of(tables["area_index"], intervals or {})}


def ranking_of(areas, intervals):
    ranking = []
    for area in (area for area in areas if area["level"] == "county"):
        low, high = intervals.get(area["area_code"], (area["rank"], area["rank"]))
        ranking.append({**area, "rank_low": low, "rank_high": high})
    return ranking


def write_editions(tables, folder):
    """Both editions of tables, as a release has them."""
    columns = {table.name: table.columns for table in published_tables().values()}
    (folder / "tables").mkdir(parents=True)
    with duckdb.connect() as connection:
        for name, kinds in columns.items():
            file = folder / f"{name}.csv"
            with file.open("w", encoding="utf-8", newline="") as lines:
                writer = csv.DictWriter(lines, list(kinds), extrasaction="ignore")
                writer.writeheader()
                writer.writerows(tables[name])
            rows = connection.read_csv(str(file), columns=kinds, header=True)
            rows.write_parquet(str(folder / "tables" / f"{name}.parquet"))
    write_internal(folder / "tables", folder / "internal")
    write_public(folder / "tables", folder / "public")
    for edition in ("internal", "public"):
        charts = folder / edition / "charts"
        charts.mkdir()
        for name in CHARTS:
            for form in ("svg", "png"):
                segno.make(name).save(str(charts / f"{name}.{form}"), border=2, scale=4)
    return folder


def write_example(folder):
    """Both editions of the contract's example, in which counties cannot be told apart."""
    return write_editions(example_tables(INTERVALS), folder)


def edition_in(folder, name, overrides=(), earlier=(), imprint=None, **changes):
    stated = {"predecessor": {"area_index": "0" * 64}, **changes}
    return Edition(
        folder / name,
        methodology(),
        verdict(PERIOD, **stated),
        overrides,
        earlier,
        imprint=imprint or Imprint(),
    )


def city_tables(townships, unions, seed=1):
    """A city: a county for each number of townships, each township with so many unions.

    Names without digits, figures at random.
    """
    chance = random.Random(seed)
    dimensions, indicators = (methodology().tables[name] for name in ("dimensions", "indicators"))
    rules = methodology().tables["alert_rules"]
    tables = {name: [] for name in published_tables()}

    def figure(low, high):
        return Decimal(chance.randint(low * 10_000, high * 10_000)) / 10_000

    def area(code, level, name, linked, rank):
        red, yellow = linked // 7, linked // 11
        frame = linked + linked // 3 + 1
        row = {
            "period": PERIOD,
            "area_code": code,
            "level": level,
            "name_zh": name,
            "name_en": letters(code).title(),
            "frame": frame,
            "linked": linked,
            "sampling_rate": rounded(Decimal(100 * linked) / frame),
            "rank": rank,
            "previous_rank": rank,
            "health_index": figure(50, 95) if linked else "",
            "index_change": figure(-4, 4) if linked else "",
            "green": linked - red - yellow,
            "yellow": yellow,
            "red": red,
        }
        tables["area_index"].append(row)
        for dimension in dimensions:
            key = {"period": PERIOD, "area_code": code, "dimension": dimension["dimension"]}
            rate = figure(40, 99) if linked else ""
            points = rounded(rate * int(dimension["weight"]) / 100) if linked else ""
            tables["area_dimension"].append(
                key | {"rate": rate, "points": points, "rank": rank if level == "county" else ""}
            )
        for indicator in indicators:
            missing, idle = linked // 9, linked // 13
            counts = {
                "observed": linked - missing - idle,
                "missing": missing,
                "not_applicable": idle,
            }
            key = {"period": PERIOD, "area_code": code, "indicator": indicator["indicator"]}
            tables["area_indicator"].append(
                key | counts | {"mean_score": figure(10, 99) if linked else ""}
            )

    area("3303", "city", "某某市", sum(townships) * unions, "")
    for county, count in enumerate(townships, 1):
        code = f"3303{county:02}"
        area(code, "county", f"{SURNAMES[county]}县", count * unions, county if unions else "")
        for number in range(1, count + 1):
            name = f"{SURNAMES[county]}{SURNAMES[number % 32]}{SURNAMES[number // 32]}镇"
            area(f"{code}{number:03}", "township", name, unions, number if unions else "")
            for union in range(unions):
                union_id = f"U{county:02}{number:03}{union:02}"
                first, second = SURNAMES[number % 32], SURNAMES[union % 32]
                name = f"{SURNAMES[county]}县{first}{second}某某某某某某机械制造有限公司"
                row = {
                    "period": PERIOD,
                    "union_id": union_id,
                    "enterprise_id": union_id,
                    "name_zh": name,
                    "health_index": figure(0, 100),
                }
                places = {
                    "township_code": f"{code}{number:03}",
                    "county_code": code,
                    "city_rank": 1,
                    "county_rank": 1,
                }
                tables["union_index"].append(
                    row | places | {"months_yellow": 0, "health_code": "red", "index_change": ""}
                )
                rule = rules[(number + union) % len(rules)]
                dimension = (
                    dimensions[union % 4]["dimension"]
                    if rule["measure"] == "dimension_rate"
                    else ""
                )
                key = {
                    "period": PERIOD,
                    "union_id": union_id,
                    "rule": rule["rule"],
                    "level": rule["level"],
                    "dimension": dimension,
                }
                held = {
                    "observed": 1,
                    "threshold": 1,
                    "opened_period": OPENED,
                    "months_open": chance.randint(1, 9),
                }
                tables["alert"].append(key | held)
    return tables | {"county_ranking": ranking_of(tables["area_index"], {})}


def rounded(value):
    return value.quantize(Decimal("0.0001"))


def letters(code):
    return "".join("abcdefghij"[int(digit)] for digit in code)


def docx_text(file):
    """The text of a document's body in its order, a line for each paragraph and cell."""
    import docx
    from docx.oxml.ns import qn

    body = docx.Document(str(file)).element.body
    return "\n".join(
        "".join(text.text or "\n" for text in paragraph.iter(qn("w:t"), qn("w:br")))
        for paragraph in body.iter(qn("w:p"))
    )


@cache
def pdf_pages(file):
    """The text of each of a PDF's pages."""
    import pypdf

    return [page.extract_text() for page in pypdf.PdfReader(file).pages]


def pdf_text(file):
    """The text of a PDF's pages in their order."""
    return "\n".join(pdf_pages(file))


def text_of(file):
    """The text of a document as people read it, without white space."""
    return squeezed("\n".join(texts_of(file.name, file.read_bytes())))


def squeezed(text):
    return "".join(text.split())
