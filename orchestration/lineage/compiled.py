"""The SQL of the dbt project, compiled without a build.

It has a mark in the place of each variable that a build is given.
"""

from functools import cache
from pathlib import Path
from typing import Any

from filelock import FileLock

from orchestration.build import warehouse
from orchestration.errors import UsageError
from orchestration.home import files
from orchestration.lineage.statements import variable
from orchestration.settings import DBT_TARGET

VARIABLES = ("period", "as_of", "same_methodology")
Manifest = dict[str, Any]


def compile_variables() -> str:
    """The marks that stand for the variables of a build, as dbt is told them."""
    return files.to_json({name: variable(name) for name in VARIABLES})


def compiled_manifest() -> Manifest:
    """The manifest with the compiled SQL of every model. Raises UsageError.

    It is compiled again only if a file of the project changed.
    """
    return read_manifest(DBT_TARGET / "lineage", warehouse.project_digest())


@cache
def read_manifest(target: Path, digest: str) -> Manifest:
    """The compiled manifest in a folder.

    It is made there for the project of this digest if the folder has none.
    """
    target.mkdir(parents=True, exist_ok=True)
    stamp = target / "compiled.sha256"
    with FileLock(target / ".lock"):
        if not (
            stamp.exists() and stamp.read_text() == digest and (target / "manifest.json").exists()
        ):
            stamp.unlink(missing_ok=True)
            arguments = [
                "compile",
                "--select",
                "resource_type:model",
                "--vars",
                compile_variables(),
            ]
            result = warehouse.invoke(
                arguments,
                warehouse=target / warehouse.FILE,
                target=target,
                manifest=warehouse.fresh_manifest(),
            )
            if not result.success:
                raise UsageError(f"The dbt project does not compile: {result.exception}")
            files.write_atomically(stamp, digest)
        manifest: Manifest = files.read_json(target / "manifest.json")
    return manifest
