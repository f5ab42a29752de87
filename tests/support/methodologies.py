"""Random methodologies, and ways to make one unsound.

They are versions of any of the indicators, weights, knots, grades and rules.
"""

import csv
from decimal import Decimal

from hypothesis import strategies as st

from orchestration.contract.methodology_rules import FIGURE_MEASURES
from orchestration.contract.methodology_tables import COLUMNS, TABLES
from orchestration.contract.needed_codes import needed_grades
from orchestration.settings import METHODOLOGY

UNITS = 10_000
PARAMETERS = COLUMNS["methodologies"][3:]
NAMES = {"name_zh": "名称", "name_en": "Name"}


def rows_of(table):
    with (METHODOLOGY / f"{table}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


INDICATORS = rows_of("indicators")
numbers = st.decimals(0, 200, places=4)
scores = st.decimals(0, 100, places=4)


@st.composite
def methodologies(draw):
    """The tables of a sound version, cells as text, in force for ever."""
    chosen = draw(
        st.lists(st.sampled_from(INDICATORS), min_size=1, unique_by=lambda row: row["indicator"])
    )
    units = shares_of(
        draw(st.lists(st.integers(1, UNITS), min_size=len(chosen), max_size=len(chosen))),
        100 * UNITS,
    )
    dimensions = draw(st.integers(1, min(5, len(chosen))))
    indicators = [
        {
            **row,
            "dimension": f"d{place % dimensions}",
            "position": str(place + 1),
            "weight": text_of(weight),
        }
        for place, (row, weight) in enumerate(zip(chosen, units, strict=True))
    ]
    names = [row["indicator"] for row in indicators]
    weights = [sum(units[place::dimensions]) for place in range(dimensions)]
    return {
        "methodologies": [
            rows_of("methodologies")[0]
            | {name: str(draw(st.integers(1, 60))) for name in PARAMETERS}
        ],
        "dimensions": [
            {
                "methodology": "2020",
                "dimension": f"d{place}",
                "position": str(place + 1),
                "weight": text_of(weight),
                **NAMES,
            }
            for place, weight in enumerate(weights)
        ],
        "indicators": indicators,
        "scoring_knots": [
            {
                "methodology": "2020",
                "indicator": name,
                "value": str(value),
                "score": str(draw(scores)),
            }
            for name in names
            for value in sorted(draw(st.sets(numbers, min_size=1, max_size=4)))
        ],
        "grades": [
            {"methodology": "2020", "indicator": name, "grade": grade, "value": str(draw(scores))}
            for name in names
            for grade in needed_grades().get(name, ())
        ],
        "alert_rules": [
            {
                "methodology": "2020",
                "rule": f"r{place}",
                "level": draw(st.sampled_from(["yellow", "red"])),
                "measure": measure,
                "operator": draw(st.sampled_from(["<", "<=", ">", ">="])),
                "threshold": str(draw(st.decimals(-100, 200, places=4))),
                **NAMES,
            }
            for place, measure in enumerate(
                draw(st.sets(st.sampled_from([*sorted(FIGURE_MEASURES), *names]), max_size=6))
            )
        ],
        "labels": rows_of("labels"),
    }


def shares_of(amounts, whole):
    """Parts of a whole, each above 0, as amounts stand to each other."""
    rest = whole - len(amounts)
    shares = [1 + amount * rest // sum(amounts) for amount in amounts]
    shares[0] += whole - sum(shares)
    return shares


def text_of(units):
    """Units of the fourth decimal as a number."""
    return str(Decimal(units).scaleb(-4))


def write(tables, folder):
    """Write the tables of a version into a folder."""
    for table, rows in tables.items():
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, COLUMNS[table])
            writer.writeheader()
            writer.writerows(rows)


def changed(table, column, change):
    """A spoiler that changes the first row's cell."""

    def spoil(tables):
        first = tables[table][0]
        first[column] = change(first[column])

    return spoil


def repeated(table):
    """A spoiler that has the first row twice."""
    return lambda tables: tables[table].append(tables[table][0])


SPOILERS = {
    "a weight of five decimals": changed(
        "indicators", "weight", lambda cell: f"{Decimal(cell):.4f}1"
    ),
    "a weight that is none": changed("indicators", "weight", lambda _: "0"),
    "weights that do not sum": changed("dimensions", "weight", lambda cell: str(Decimal(cell) / 2)),
    "a month without its nought": changed("methodologies", "effective_from", lambda _: "2020-1"),
    "an end before the beginning": changed("methodologies", "effective_to", lambda _: "2018-12"),
    "another version's row": changed("scoring_knots", "methodology", lambda _: "2021"),
    "an unknown indicator": changed("indicators", "indicator", lambda _: "canteens"),
    "an unknown unit": changed("indicators", "unit", lambda _: "barrels"),
    "an unknown type": changed("indicators", "item_type", lambda _: "core"),
    "a score above 100": changed("scoring_knots", "score", lambda _: "100.0001"),
    "a parameter of nought": changed("methodologies", "min_raters", lambda _: "0"),
    **{
        f"a row of {table} twice": repeated(table)
        for table in ("methodologies", "dimensions", "indicators", "scoring_knots", "labels")
    },
}


def edit(folder, table, old, new):
    file = folder / f"{table}.csv"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def copied_version(folder, name, first_month, last_month_before, *edits):
    """Add a copy of the version 2020 under another name, from a month on.

    Edits: (old, new) in its rows.
    """
    edit(folder, "methodologies", "2020,2019-01,,", f"2020,2019-01,{last_month_before},")
    for table in TABLES:
        file = folder / f"{table}.csv"
        text = file.read_text(encoding="utf-8")
        rows = "".join(
            f"{name},{row[5:]}" for row in text.splitlines(keepends=True) if row.startswith("2020,")
        )
        rows = rows.replace(f"{name},2019-01,{last_month_before},", f"{name},{first_month},,")
        for old, new in edits:
            rows = rows.replace(old, new)
        file.write_text(text + rows, encoding="utf-8")
