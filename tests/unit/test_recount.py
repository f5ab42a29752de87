"""An indicator's recount carries its whole rule: which rows count, and what follows from them."""

import shutil
from decimal import Decimal

import pytest

from orchestration.audit import recount
from orchestration.contract.holidays import HOLIDAYS
from orchestration.contract.working_days import WorkingDays
from orchestration.errors import UsageError
from quality.connection import connect
from tests.support.methodologies import INDICATORS

TRAINING = """-- 10 * mean hours of the training that was held; none held: missing
select union_id, origin, 'training' as counts_as, hours as numerator, 1 as denominator
from training;

select
    union_id,
    case when row_count = 0 then 'missing' else 'observed' end as status,
    numerator_sum as numerator,
    denominator_sum as denominator,
    10 as factor
from sums
"""


@pytest.fixture
def recounts(tmp_path, monkeypatch):
    """A copy of the recounts that a test may add to."""
    copied = shutil.copytree(recount.RECOUNTS, tmp_path / "recounts")
    monkeypatch.setattr(recount, "RECOUNTS", copied)
    return copied


def test_an_indicator_is_recounted_by_one_file(recounts):
    (recounts / "indicators" / "training.sql").write_text(TRAINING, encoding="utf-8")
    with connect() as connection:
        definitions = recount.query_of("definitions")
        exact = definitions[definitions.index("create temporary macro in_units") :]
        connection.execute(exact)
        connection.execute("create table linked as from (values ('U1'), ('U2')) as row (union_id)")
        connection.execute("""
            create table training as
            select 'U1' as union_id, {'table': 'training', 'landing_row': row} as origin, hours
            from (values (1, 2.5), (2, 4)) as held (row, hours)
        """)
        recount.recount_indicators(connection, ["training"])
        facts = connection.execute("from recounted order by union_id").fetchall()
    assert facts == [
        ("U1", "training", "observed", Decimal("6.5"), Decimal(2), Decimal("32.5")),
        ("U2", "training", "missing", None, None, None),
    ]


def test_the_working_days_are_counted_as_python_counts_them():
    calendar = WorkingDays.read()
    with connect() as connection:
        connection.execute("set variable holidays = $1", [str(HOLIDAYS)])
        connection.execute(recount.query_of("definitions"))
        counted = connection.execute("select calendar_day from working_day order by number")
        assert [day for (day,) in counted.fetchall()] == calendar.days


def test_no_shared_query_names_an_indicator():
    shared = [file.read_text(encoding="utf-8") for file in recount.RECOUNTS.glob("*.sql")]
    named = [row["indicator"] for row in INDICATORS if f"'{row['indicator']}'" in "".join(shared)]
    assert len(shared) > 1
    assert named == []


def test_a_recount_without_its_facts_is_refused(recounts):
    rows, _, _ = TRAINING.rpartition(";")
    (recounts / "indicators" / "training.sql").write_text(rows, encoding="utf-8")
    with pytest.raises(UsageError, match=r"training\.sql has 1 query; write two"):
        recount.queries_of("training")
