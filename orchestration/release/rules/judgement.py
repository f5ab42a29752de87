"""The rules of a candidate: whether it may be prepared, and a check of it overridden."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from orchestration.build.candidate import changed, methodology_of, stored_month, stored_predecessor
from orchestration.build.gate import read_verdict
from orchestration.contract.clock import city_date
from orchestration.contract.methodology import VERSION_DIGEST, is_same
from orchestration.contract.working_days import WorkingDays
from orchestration.errors import RefusedError, VerificationError
from orchestration.extract.intakes import RECORD, intake_record
from orchestration.home import files
from orchestration.home.events import Judged, Overridden
from orchestration.home.layout import Home
from orchestration.home.ledger import Ledger
from orchestration.home.records.signed import Override
from orchestration.home.records.verdict import Verdict
from orchestration.periods import Period
from orchestration.release.rules.rule import Rule, joined, reason_of
from orchestration.signatures import overrides
from orchestration.signatures.statement import times_in_ledger
from quality.publication import published_tables
from quality.verdict import REQUIRED, required_checks


@dataclass(frozen=True)
class Judgement:
    """A verdict on a period's candidate, and what the ledger knows of it.

    digest: SHA-256 of the verdict's file; overrides: of its checks; judged: the ledger's latest
    verdict of the period, None without one.
    """

    home: Home
    period: Period
    verdict: Verdict
    digest: str
    overrides: Sequence[Override]
    judged: Judged | None

    @classmethod
    def of_candidate(cls, home: Home, period: Period) -> "Judgement":
        """That of the period's candidate as its bytes are now. Raises RefusedError without one."""
        verdict = read_verdict(home, period)
        digest = files.sha256_of(home.verdict(period))
        recorded = Ledger.of(home)
        events = recorded.overrides(str(period), digest)
        return cls(
            home=home,
            period=period,
            verdict=verdict,
            digest=digest,
            overrides=overrides.as_overrides(events),
            judged=recorded.latest(Judged, str(period)),
        )


# Is a verdict one for a release of its period as of now?


def other_period(state: Judgement) -> str | None:
    """It is on a candidate of another period."""
    judged = state.verdict.period
    if judged == str(state.period):
        return None
    return f"its verdict is of {judged}"


def provisional(state: Judgement) -> str | None:
    """The month was not over."""
    verdict = state.verdict
    if not verdict.provisional:
        return None
    return f"it is provisional, as of {verdict.as_of}"


def other_required_checks(state: Judgement) -> str | None:
    """Other checks are required now."""
    is_same_list = state.verdict.required_checks == files.sha256_of(REQUIRED)
    return None if is_same_list else "the list of required checks has changed"


def missing_required_check(state: Judgement) -> str | None:
    """A check that is required did not judge it."""
    judged_by = {check.name for check in state.verdict.checks}
    missing = sorted(required_checks().keys() - judged_by)
    if not missing:
        return None
    return f"its verdict lacks the required check {', '.join(missing)}"


def other_methodology(state: Judgement) -> str | None:
    """Another methodology is in force."""
    in_force = methodology_of(state.period).identity
    is_same_version = is_same(VERSION_DIGEST, state.verdict.methodology, in_force)
    return None if is_same_version else "the methodology has changed"


def other_holidays(state: Judgement) -> str | None:
    """Other days up to its as-of date are working days now."""
    as_of = date.fromisoformat(state.verdict.as_of)
    is_same_calendar = state.verdict.holidays == WorkingDays.read().digest_until(as_of)
    if is_same_calendar:
        return None
    return f"the calendar of holidays up to {as_of} has changed; run {state.period} again"


def other_tables(state: Judgement) -> str | None:
    """Other tables are published."""
    is_of_these = set(state.verdict.tables) == set(published_tables())
    return None if is_of_these else "its verdict is of other tables"


def other_month_before(state: Judgement) -> str | None:
    """The month before is not the one it was built on; a release of the same tables is the same."""
    before = state.period.previous
    stored = stored_month(state.home, before)
    try:
        tables, _, remark = stored_predecessor(state.home, before)
    except RefusedError as error:
        return reason_of(error)
    if not state.verdict.is_built_on(tables):
        again = f"run {state.period} again"
        return f"the month before is not the one it was built on ({remark}); {again}"
    if stored is None:
        return None
    differing = changed(stored.tables, tables, "of the month before ")
    return joined(differing)


STALE_VERDICT: Sequence[Rule[Judgement]] = (
    other_period,
    provisional,
    other_required_checks,
    missing_required_check,
    other_methodology,
    other_holidays,
    other_tables,
    other_month_before,
)


# May a check of a candidate be overridden?


def not_recorded_last(state: Judgement) -> str | None:
    """It is not the period's latest verdict."""
    is_latest = state.judged is not None and state.judged.digest == state.digest
    return None if is_latest else "its verdict is not the latest one that the ledger records"


def judged_early(state: Judgement) -> str | None:
    """The ledger recorded it before its period was over."""
    if state.judged is None:
        return None
    judged_at = state.judged.at
    day = city_date(datetime.fromisoformat(judged_at))
    if state.period.is_over_on(day):
        return None
    return f"it was judged at {judged_at}, before {state.period} was over; run it again"


def erased_since(state: Judgement) -> str | None:
    """Rows about persons were erased since from the landing that it is on.

    Or nobody can say, for the record of its intake is not the one that was written.
    """
    landing = state.verdict.landing
    if not (state.home.intake(landing.intake) / RECORD).exists():
        return None
    try:
        record = intake_record(state.home, landing.intake)
    except RefusedError as error:
        return reason_of(error)
    moments = record.erased_since(landing.sha256)
    if not moments:
        return None
    return f"rows about persons were erased from its intake ({', '.join(moments)}); run it again"


def changed_tables(state: Judgement) -> str | None:
    """The candidate's tables are not those that were judged."""
    tables = state.home.built_candidate(state.period) / "tables"
    return joined(changed(tables, state.verdict.tables))


def other_than_files(state: Judgement) -> str | None:
    """Something in the candidate's folder is no plain file."""
    try:
        files.plain_files(state.home.built_candidate(state.period))
    except VerificationError as error:
        return reason_of(error)
    return None


OVERRIDE: Sequence[Rule[Judgement]] = (
    not_recorded_last,
    judged_early,
    erased_since,
    *STALE_VERDICT,
    changed_tables,
    other_than_files,
)


# May a release be prepared from a candidate?


def failing_checks(state: Judgement) -> str | None:
    """Checks that stop a release did not pass, and nobody overrode them."""
    failing = overrides.not_overridden(state.verdict, state.overrides)
    return joined([f"the check {each.name} did not pass: {each.observed}" for each in failing])


def not_passed(state: Judgement) -> str | None:
    """It did not pass, and not for overridden checks alone."""
    may_go = overrides.releasable(state.verdict, state.overrides)
    return None if may_go else "its verdict is not passed"


def invalid_overrides(state: Judgement) -> str | None:
    """Overrides do not hold, by the allowed signers of now."""
    found = overrides.invalid_reasons(
        state.verdict,
        state.digest,
        state.overrides,
        allowed_signers=state.home.signers,
        times=times_in_ledger(Ledger.of(state.home), Overridden, state.overrides),
        judged_at=state.judged.at if state.judged else None,
    )
    return joined(found)


PREPARATION: Sequence[Rule[Judgement]] = (
    failing_checks,
    not_passed,
    *OVERRIDE,
    invalid_overrides,
)


SOUND_VERDICT: Sequence[Rule[Judgement]] = (judged_early, invalid_overrides)
