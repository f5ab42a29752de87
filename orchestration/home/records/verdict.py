"""What a build is planned from, and the verdicts on a candidate and on a release's files."""

from orchestration.home.records.record import Digest, IntakeName, Month, Part, Record, Stated
from quality.verdict import Check


class MethodologyIdentity(Part):
    """A version of the methodology: its name, and the SHA-256 of its files, rows and method.

    Older verdicts have the digest of the files alone.
    """

    name: str
    sha256: Digest
    version_sha256: Digest | None = None
    method_sha256: Digest | None = None


class LandingIdentity(Part):
    """The landing that a build read: its intake and its digest."""

    intake: IntakeName
    sha256: Digest


class CodeIdentity(Part):
    """The code that acted.

    commit, clean: None where they are not known, and `remark` says why; requirements_lock: SHA-256,
    None where no lock file lies beside the code.
    """

    version: str
    commit: str | None
    clean: bool | None
    remark: str | None
    requirements_lock: Digest | None


class Plan(Record):
    """`warehouse/<period>/plan.json`: what a build is made of.

    methodology: as its verdict describes it; predecessor: SHA-256 of each table of the stored month
    before; same_methodology: whether that month was computed by the same one, None where it is not
    stored; holidays: SHA-256 over the calendar of holidays up to the as-of date, None where a
    release that is computed again does not say.
    """

    period: Month
    as_of: str
    provisional: bool
    intake: IntakeName
    landing_digest: Digest
    notice: str | None
    methodology: MethodologyIdentity
    predecessor: dict[str, Digest]
    same_methodology: bool | None
    predecessor_remark: str
    prepared_by: str | None
    holidays: Digest | None = None


class Verdict(Record):
    """`verdict.json`: the verdict on a candidate, bound to the digests of what was judged.

    refused_rows: by source table and rule; tables, staging: SHA-256 by name; predecessor: the same
    of what it read of the month before, of which older ones have all tables; required_checks:
    SHA-256 of the list; code: that which judged, which the oldest verdicts lack; holidays: SHA-256
    over the calendar of holidays up to the as-of date, which older ones lack.
    """

    passed: bool
    period: Month
    as_of: str
    provisional: bool
    prepared_by: Stated | None
    notice: str | None
    checks: tuple[Check, ...]
    refused_rows: dict[str, dict[str, int]]
    tables: dict[str, Digest]
    staging: dict[str, Digest]
    methodology: MethodologyIdentity
    landing: LandingIdentity
    required_checks: Digest
    predecessor: dict[str, Digest]
    code: CodeIdentity | None = None
    holidays: Digest | None = None

    def check(self, name: str) -> Check | None:
        """The check of a name; None where there is none."""
        return next((check for check in self.checks if check.name == name), None)

    def is_built_on(self, tables: dict[str, Digest]) -> bool:
        """Whether what it read of the month before has the bytes that are there.

        tables: SHA-256 of all tables of the month before by name; empty where there is none.
        """
        is_alike = bool(self.predecessor) == bool(tables)
        return is_alike and self.predecessor.items() <= tables.items()


class ReleaseVerdict(Record):
    """`release_verdict.json`: the verdict on a release's files, which are named by SHA-256."""

    passed: bool
    period: Month
    checks: tuple[Check, ...]
    files: dict[str, Digest]
    required_checks: Digest
