"""What acts: the code's version and commit, its locked dependencies, and its environment."""

import os
import platform
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Any

from orchestration.home import files
from orchestration.home.records.release import Environment
from orchestration.home.records.verdict import CodeIdentity
from orchestration.settings import PROJECT

ACTING = ("orchestration", "quality", "dbt_project", "pyproject.toml", "requirements.lock")
COMPUTING = ("duckdb", "dbt-core", "dbt-duckdb", "great-expectations", "numpy", "pandas", "pyarrow")


def code_identity(project: Path = PROJECT) -> CodeIdentity:
    """The code's version, commit, whether it is all as committed, and the SHA-256 of its lock file.

    Commit and clean are null where they are not known, and `remark` says why. The digest is null
    where no lock file lies beside the code.
    """
    lock = project / "requirements.lock"
    return CodeIdentity(
        version=version("union-health-index"),
        **commit_of(project),
        requirements_lock=files.sha256_of(lock) if lock.exists() else None,
    )


def commit_of(project: Path) -> dict[str, Any]:
    """The commit of a git checkout, and whether the files that act are those of the commit."""
    if not (project / ".git").exists():
        return {
            "commit": None,
            "clean": None,
            "remark": "no commit known: the code is no git checkout",
        }
    git = shutil.which("git")
    if git is None:
        return {"commit": None, "clean": None, "remark": "no commit known: git is not installed"}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    command = [git, "-c", f"safe.directory={project}", "--no-optional-locks", "-C", str(project)]
    answers = [
        subprocess.run(
            [*command, *question], env=environment, capture_output=True, text=True, check=False
        )
        for question in (
            ("rev-parse", "--verify", "HEAD"),
            ("status", "--porcelain", "--", *ACTING),
        )
    ]
    if any(answer.returncode for answer in answers):
        return {
            "commit": None,
            "clean": None,
            "remark": "no commit known: git could not read the checkout",
        }
    commit, changes = (answer.stdout.strip() for answer in answers)
    return {"commit": commit, "clean": not changes, "remark": None}


def environment_identity() -> Environment:
    """The versions of Python and of the packages that compute, as they are installed here."""
    return Environment(
        python=platform.python_version(),
        packages={name: version(name) for name in COMPUTING},
    )
