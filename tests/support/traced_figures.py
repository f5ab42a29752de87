"""What the tests of `uhi trace` share: how a release is read, rewritten and traced."""

import duckdb
from click.testing import CliRunner

from orchestration.cli.main import main

CITY = "3303"


def published(release, query):
    with duckdb.connect() as connection:
        for file in (release / "internal").glob("*.parquet"):
            connection.read_parquet(str(file)).create_view(file.stem)
        return connection.sql(query).fetchall()


def rewrite(file, change):
    """Change rows of a Parquet file, told as what UPDATE or DELETE says of `figures`."""
    with duckdb.connect() as connection:
        connection.execute(f"create table figures as from read_parquet('{file}')")
        connection.execute(change)
        file.unlink()
        connection.execute(f"copy figures to '{file}' (format parquet)")


def uhi(home, *arguments):
    return CliRunner().invoke(main, ["trace", *map(str, arguments)], env={"UHI_HOME": str(home)})


def union_with_rating(release):
    """A linked union with a rating of its members."""
    query = """
        select union_id from union_indicator
        where indicator = 'member_satisfaction' and status = 'observed' order by value, union_id
    """
    return published(release, query)[0][0]
