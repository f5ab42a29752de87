"""What a candidate says of rows and unions that do not count.

It is compared with what the audit finds in the landed rows by its own queries.
"""

from orchestration.audit import refusals, unmeasured
from orchestration.audit.landed import LandedFile
from orchestration.audit.published import METHODOLOGY as TABLES
from orchestration.audit.published import Published
from orchestration.audit.recount import recount_frame
from orchestration.contract.methodology import rows_of_version
from orchestration.contract.registry import person_columns
from orchestration.settings import METHODOLOGY
from orchestration.why.refused import refused_rows
from orchestration.why.unmeasured import unmeasured_unions
from quality.connection import connect

TOLD = ("table", "landing_row", "key", "rule", "region_code", "columns", "personal", "values")


def check_accounts(settings, verdict):
    """Refused rows and unions not measured are told as the audit finds them.

    Returns how many of each.
    """
    folder = settings.home.candidate(verdict.period)
    landing = settings.home.intake(verdict.landing.intake)
    landed = {file.stem: LandedFile(file.stem, file, "") for file in landing.glob("*.parquet")}
    told, unions = refused_rows(folder / "staging"), unmeasured_unions(folder / "staging")
    methodology = rows_of_version(METHODOLOGY, verdict.methodology.name, TABLES)
    with connect() as connection:
        connection.read_parquet(str(folder / "staging" / "refused_rows.parquet")).create_view(
            "refused_rows"
        )
        published = Published(folder, verdict, methodology, connection)
        found = refusals.refusals(published, landed, "true")
        recount_frame(published, landed, "true", "")
        reasons = {
            (row["union_id"], row["reason"], row["happened_on"])
            for row in unmeasured.reasons_of(published)
        }
    assert [{name: row[name] for name in TOLD} for row in told] == [
        {name: row[name] for name in TOLD} for row in found
    ]
    assert not [
        row
        for row in told
        if row["table"] in person_columns()
        and (row["values"] or row["union_id"] or row["enterprise_id"])
    ]
    given = {(union["union_id"], *reason) for union in unions for reason in union["reasons"]}
    refused = {row["union_id"] for row in told if row["table"] == "union_org" and row["union_id"]}
    assert {reason for reason in given if reason[1] != "row_refused"} == reasons
    assert {union for union, reason, _ in given if reason == "row_refused"} <= refused
    return len(told), len(unions)
