"""The files that a site writes.

Only figures of its edition's tables, exact points lost, codes as the encoder makes them, and the
same bytes every time.
"""

import base64
import hashlib
import json
import os
import subprocess
import sys
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest
import segno
from fontTools.ttLib import TTFont

from orchestration.demo import city
from orchestration.documents import fonts
from orchestration.documents.edition import rows_of
from orchestration.documents.site import codes
from orchestration.documents.site.unions import compute_points_lost
from orchestration.documents.site.wording import WORDING
from quality import pages
from tests.support.example_site import EDITIONS, MARKUP, SITE_URL, edition_in

AREA_TABLES = ("area_index", "area_dimension", "area_indicator", "county_ranking")
PLACES = Path(city.__file__).with_name("places.csv")
TEN_THOUSANDTH = Decimal("0.0001")
WRITE = """
import sys
from pathlib import Path
from orchestration.documents.site import write_site
from tests.support.example_site import EDITIONS, MONTHS, edition_in, write_accounts, write_editions

for month in MONTHS:
    write_editions(month, Path(sys.argv[1]) / month)
write_accounts(Path(sys.argv[1]))
for name in EDITIONS:
    write_site(edition_in(Path(sys.argv[1]), name))
"""


def data_in(folder, name):
    """The JSON of a data script."""
    before, _, content = (
        (folder / "site" / "data" / f"{name}.js").read_text(encoding="utf-8").partition(" = ")
    )
    assert before == f'UHI.data["{name}"]'
    return json.loads(content.removesuffix(";\n"), parse_float=Decimal)


def records(table):
    return [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("table", AREA_TABLES)
def test_the_data_are_rows_of_the_editions_own_tables(release, edition, table):
    rows = records(data_in(release / edition, "areas")[table])
    held = rows_of(release / edition / f"{table}.parquet")
    if table == "area_indicator":
        held = [row for row in held if len(row["area_code"]) < 9]
    assert len(rows) == len(held) > 0
    assert all(row in held for row in rows)


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_trend_is_of_the_months_released(root, release, edition):
    rows = records(data_in(release / edition, "areas")["trend"])
    held = [
        row
        for month in root.iterdir()
        for row in rows_of(month / edition / "area_index.parquet")
        if row["level"] != "township"
    ]
    assert len(rows) == len(held) == 3 * 5
    assert all(any(row.items() <= known.items() for known in held) for row in rows)


def test_the_public_site_says_nothing_of_unions(release):
    names = {row["name_zh"] for row in rows_of(release / "internal" / "union_index.parquet")} - set(
        MARKUP.values()
    )
    texts = [
        file.read_text(encoding="utf-8")
        for file in (release / "public").rglob("*")
        if file.suffix in {".html", ".js"}
    ]
    assert {path.name for path in (release / "public" / "site" / "data").iterdir()} == {
        "areas.js",
        "text.js",
    }
    assert not [name for name in names for text in texts if name in text]
    assert not any("U0000379" in text for text in texts)


def test_the_public_page_keeps_to_the_rule_of_its_figures(release):
    assert [fault for fault in pages.page_figures(release) if fault.startswith("public")] == []
    page = release / "public" / "index.html"
    content = page.read_text(encoding="utf-8")
    assert "<strong>49.0" in content
    before, name, after = content.partition('<span lang="en">Wencheng</span></span>')
    assert after.count("<td>–</td>\n") > 1
    of_suppressed = before + name + after.replace("<td>–</td>", "<td>48.3</td>", 1)
    try:
        for spoiled in (content.replace("<strong>49.0", "<strong>94.0", 1), of_suppressed):
            page.write_text(spoiled, encoding="utf-8")
            assert [fault for fault in pages.page_figures(release) if fault.startswith("public")]
    finally:
        page.write_text(content, encoding="utf-8")


def lost_of(edition):
    with duckdb.connect() as connection:
        compute_points_lost(edition, connection)
        found = connection.execute("select * from lost")
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def due_points_lost(edition, rows):
    """Weight and points lost by union and position, as exact fractions.

    Weights are spread as the contract does it.
    """
    dimensions = {row["dimension"]: Fraction(row["weight"]) for row in edition.dimensions}
    indicators = {
        int(row["position"]): (row["dimension"], Fraction(row["weight"]))
        for row in edition.indicators
    }
    due = {}
    for row in rows:
        own = [
            other
            for other in rows
            if other["union_id"] == row["union_id"] and other["status"] != "not_applicable"
        ]
        if row not in own:
            due[row["union_id"], row["position"]] = (None, None)
            continue
        dimension, weight = indicators[row["position"]]
        beside = sum(
            indicators[other["position"]][1]
            for other in own
            if indicators[other["position"]][0] == dimension
        )
        whole = sum(
            dimensions[name] for name in {indicators[other["position"]][0] for other in own}
        )
        share = 100 * dimensions[dimension] / whole * weight / beside
        due[row["union_id"], row["position"]] = tuple(
            map(rounded, (share, share * (100 - Fraction(row["score"])) / 100))
        )
    return due


def rounded(exact):
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(
        TEN_THOUSANDTH, ROUND_HALF_UP
    )


def without_innovation(edition, folder):
    """The edition where no indicator of a dimension applies to a union."""
    folder.mkdir()
    (folder / "internal").mkdir()
    source, target = (
        place / "union_indicator.parquet" for place in (edition.folder, folder / "internal")
    )
    spared = ("skills_participation", "adopted_proposals", "innovation_studio", "operating_status")
    inapplicable = f"union_id = 'U0000379' and indicator in {spared}"
    duckdb.execute(
        f"""
        copy (
            select * replace (
                case when {inapplicable} then 'not_applicable' else status end as status,
                case when not ({inapplicable}) then score end as score
            )
            from '{source}'
        ) to '{target}'
        """
    )
    return type(edition)(folder / "internal", edition.methodology, edition.verdict, [])


def test_points_lost_are_those_of_spread_weights_exactly(root, tmp_path):
    edition = without_innovation(edition_in(root, "internal"), tmp_path / "other")
    rows = lost_of(edition)
    due = due_points_lost(edition, rows)
    assert len(rows) == 20 * 63
    assert {
        (row["union_id"], row["position"]): (row["weight"], row["points_lost"]) for row in rows
    } == due
    assert due["U0000379", 13] == (None, None)


def test_the_index_and_the_points_lost_sum_to_100(root):
    edition = edition_in(root, "internal")
    lost, weights = defaultdict(Decimal), defaultdict(Decimal)
    for row in lost_of(edition):
        lost[row["union_id"]] += row["points_lost"] or 0
        weights[row["union_id"]] += row["weight"] or 0
    unions = rows_of(edition.folder / "union_index.parquet")
    # 20 points lost rounded by at most half a unit, 4 dimensions' points by as much, and the rates
    # behind these by as much of their weight.
    tolerance = (Decimal(20 + 4) / 2 + Decimal("0.5")) * TEN_THOUSANDTH
    assert len(unions) == 63
    assert all(
        abs(row["health_index"] + lost[row["union_id"]] - 100) <= tolerance for row in unions
    )
    assert all(abs(weight - 100) <= 10 * TEN_THOUSANDTH for weight in weights.values())


def test_the_codes_are_those_that_the_encoder_makes(release):
    ids = [row["union_id"] for row in rows_of(release / "internal" / "union_index.parquet")] + [
        "U1",
        "U/2 号",
    ]
    pages = codes.page_codes(SITE_URL, ids)
    for union in ids:
        size, packed = pages[union]
        address = codes.page_address(SITE_URL, union)
        alike = next(
            other for other in ids if len(codes.page_address(SITE_URL, other)) == len(address)
        )
        mask = segno.make(
            codes.page_address(SITE_URL, alike), error="m", mode="byte", boost_error=False
        ).mask
        due = segno.make(address, error="m", mode="byte", boost_error=False, mask=mask).matrix
        bits = [int(bit) for byte in base64.b64decode(packed) for bit in f"{byte:08b}"][
            : size * size
        ]
        assert [list(row) for row in due] == [
            bits[row * size : (row + 1) * size] for row in range(size)
        ], union
    assert (
        codes.page_address(SITE_URL, "U1")
        == "https://health.example.org/internal/index.html#union/U1"
    )


def test_the_font_has_every_fixed_word():
    with TTFont(fonts.SOURCE, lazy=True) as font:
        known = set(map(chr, font.getBestCmap()))
    assert {
        character for character in WORDING.read_text(encoding="utf-8") if character.isprintable()
    } - known == set()


def test_the_kept_font_has_every_name_of_the_reference_city():
    names = PLACES.read_text(encoding="utf-8")
    assert {"垟", "漈"} <= set(names)
    assert {
        character for character in names if character.isprintable()
    } <= fonts.common_characters()


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Digests of the sites written in two surroundings."""
    found = []
    for variables in (
        {"PYTHONHASHSEED": "1", "TZ": "Asia/Shanghai", "LC_ALL": "C.UTF-8"},
        {"PYTHONHASHSEED": "2", "TZ": "America/St_Johns", "LC_ALL": "C"},
    ):
        folder = tmp_path_factory.mktemp(f"written {variables['PYTHONHASHSEED']}")
        subprocess.run(
            [sys.executable, "-c", WRITE, str(folder)], env=os.environ | variables, check=True
        )
        files = [
            file
            for file in sorted(folder.rglob("*"))
            if file.suffix in {".html", ".js", ".css", ".ttf"}
        ]
        found.append(
            {
                file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
                for file in files
            }
        )
    return found


def test_the_same_edition_gives_the_same_bytes(written):
    one, other = written
    assert len(one) > 30
    assert one == other
