"""The dbt model of the rank intervals, without dbt: what it reads is made here."""

import importlib.util

import duckdb
import numpy as np
import pandas as pd

from orchestration.settings import DBT_PROJECT

spec = importlib.util.spec_from_file_location(
    "rank_interval", DBT_PROJECT / "models" / "index" / "int_county_rank_interval.py"
)
rank_interval = importlib.util.module_from_spec(spec)
spec.loader.exec_module(rank_interval)

METHOD = {"methodology": "m"}
INDICATORS = [
    METHOD | {"indicator": name, "position": number, "dimension": "abb"[number], "weight": weight}
    for number, (name, weight) in enumerate([("one", 40.0), ("two", 20.0), ("three", 40.0)])
]
DIMENSIONS = [
    METHOD | {"dimension": name, "position": number, "weight": weight}
    for number, (name, weight) in enumerate([("a", 40.0), ("b", 60.0)])
]
COUNTIES = [f"33030{number}" for number in range(1, 9)]
UNIONS = [f"U{number:03d}" for number in range(80)]


class FakeDbt:
    """A dbt with a city of eight counties, and a table of parameters."""

    def __init__(self, parameters):
        """parameters: the rows of the seed."""
        drawn = np.random.default_rng(5).uniform(40, 60, (len(UNIONS), len(INDICATORS)))
        scores = [
            {"union_id": union, "indicator": row["indicator"], "score": round(score, 4)}
            for union, scored in zip(UNIONS, drawn, strict=True)
            for row, score in zip(INDICATORS, scored, strict=True)
        ]
        unions = [
            {"union_id": union, "county_code": COUNTIES[number % len(COUNTIES)]}
            for number, union in enumerate(UNIONS)
        ]
        self.tables = {
            "int_indicator_score": scores,
            "int_linked_union": unions,
            "int_area": [{"area_code": code, "level": "county"} for code in COUNTIES],
            "int_period": [METHOD | {"period": "2020-12"}],
            "indicators": INDICATORS,
            "dimensions": DIMENSIONS,
            "parameters": parameters,
        }

    def config(self, **_):
        """Take the model's configuration."""

    def ref(self, name):
        """A relation of a table."""
        return duckdb.from_df(pd.DataFrame(self.tables[name]))
