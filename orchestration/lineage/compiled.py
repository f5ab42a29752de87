"""The dbt project compiled without a build: its SQL, with a mark in the place of each variable that a build is told."""

from functools import cache
from pathlib import Path
from typing import Any

from filelock import FileLock

from orchestration import files, warehouse
from orchestration.errors import UsageError
from orchestration.lineage.statements import variable
from orchestration.settings import DBT_PROJECT

VARIABLES = ("period", "as_of", "same_methodology")
Manifest = dict[str, Any]


def compile_variables() -> str:
    """The marks that stand for the variables of a build, as dbt is told them."""
    return files.to_json({name: variable(name) for name in VARIABLES})


def compiled_manifest() -> Manifest:
    """The manifest with the compiled SQL of every model, compiled anew only where a file of the project changed. Raises UsageError."""
    return read_manifest(DBT_PROJECT / "target" / "lineage", warehouse.project_digest())


@cache
def read_manifest(target: Path, digest: str) -> Manifest:
    """The compiled manifest in a folder, made there for the project of this digest where it has none."""
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
