"""The statements that dbt compiled, run again without it: those that were read, and none other."""

import shutil

import duckdb
import pytest

from orchestration.build.compiled import CompiledBuild
from orchestration.errors import RefusedError
from tests.support.watching import MONTH


def shorten(landed):
    """Leave one row of a landed file."""
    shorter = landed.with_name("shorter.parquet")
    duckdb.sql(f"copy (from '{landed}' limit 1) to '{shorter}'")
    shorter.replace(landed)


def test_no_statement_that_was_changed_since_is_run(example_run, tmp_path):
    built = shutil.copytree(example_run[0].home.build(MONTH), tmp_path / "built")
    compiled = CompiledBuild(built)
    for statement in (*built.rglob("run/**/*.sql"), *built.rglob("run/**/*.py")):
        statement.write_text("this is neither SQL nor Python", encoding="utf-8")
    landing = shutil.copytree(compiled.variables["landing"], tmp_path / "landing")
    shorten(landing / "fund_remittance.parquet")
    moved = dict(compiled.variables) | {"landing": str(landing)}
    assert compiled(tmp_path / "again", moved, lambda _: None).is_file()


def test_a_model_that_fails_is_named_and_shows_no_warehouse(example_run, tmp_path):
    built = shutil.copytree(example_run[0].home.build(MONTH), tmp_path / "built")
    [statement] = built.rglob("run/**/int_measure.sql")
    statement.write_text("select no_such_column", encoding="utf-8")
    compiled = CompiledBuild(built)
    landing = shutil.copytree(compiled.variables["landing"], tmp_path / "landing")
    shorten(landing / "fund_remittance.parquet")
    moved = dict(compiled.variables) | {"landing": str(landing)}
    with pytest.raises(RefusedError, match="The warehouse is not sound:\n  int_measure: "):
        compiled(tmp_path / "again", moved, lambda _: None)
    assert not (tmp_path / "again" / "warehouse.duckdb").exists()
    with pytest.raises(ValueError, match="other variables"):
        compiled(tmp_path, compiled.variables | {"as_of": "2020-12-30"}, lambda _: None)
