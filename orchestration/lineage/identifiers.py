"""Names of this project, and of what it reads and makes, for other programs.

They are package URLs and Software Heritage identifiers.
"""

from functools import cache
from importlib.metadata import version

from orchestration.home.records.verdict import CodeIdentity

PACKAGE = "union-health-index"
NAMESPACE = PACKAGE


@cache
def producer() -> str:
    """The package URL of this code."""
    return f"pkg:pypi/{PACKAGE}@{version(PACKAGE)}"


def revision(code: CodeIdentity | None) -> str | None:
    """The Software Heritage identifier of a code's commit, None where it is not known."""
    return f"swh:1:rev:{code.commit}" if code and code.commit else None
