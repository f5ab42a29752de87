"""How a release compares with what comes out when it is computed again."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from orchestration.audit.difference import difference_between
from orchestration.build.provenance import code_identity
from orchestration.contract.parameters import parameters
from orchestration.home.layout import SUMS
from orchestration.home.records.release import Manifest
from orchestration.release import bundle
from quality.nouns import counted_noun

CODE = ("version", "commit", "clean", "requirements_lock")
TABLES = (".parquet", ".csv")

Record = Mapping[str, Any]


def compared(
    release: Path,
    verified: bundle.VerifiedRelease,
    rebuilt: Path,
) -> dict[str, Any]:
    """How a release that was computed again compares: which files differ, first where, and code."""
    released = verified.files
    again = bundle.digests_of(rebuilt)
    names = released.keys() | again.keys()
    other = [name for name in names if released.get(name) != again.get(name)]
    other.sort(key=order_of_making)
    code = {
        "released": verified.manifest.code.as_json(),
        "here": code_identity().as_json(),
    }
    of_another_version = made_otherwise(other, released) if other_code(code) else []
    differing = [name for name in other if name not in of_another_version]
    first = next(iter(differing or other), None)
    return {
        "identical": not other,
        "differing": differing,
        "of_another_version": of_another_version,
        "first_difference": first and difference_between(release / first, rebuilt / first),
        "code": code,
        "other_parameters": other_parameters(verified.manifest),
    }


def made_otherwise(names: Sequence[str], released: Collection[str]) -> list[str]:
    """Those of the files that another version of the code may make otherwise, or in addition.

    These are documents, and tables that the release does not have; released: its files.
    """
    return [name for name in names if not name.endswith(TABLES) or name not in released]


def order_of_making(name: str) -> tuple[bool, bool, bool, str]:
    """By which a file stands in the order of what is made of what.

    Judged tables come first, then the verdict, then the rest by name; lists of digests come last.
    """
    folder, _, file = name.rpartition("/")
    is_judged_table = folder == "internal" and file.endswith(".parquet")
    is_verdict = name == "verdict.json"
    return not is_judged_table, not is_verdict, name.endswith(SUMS), name


def other_code(code: Record) -> list[str]:
    """How the code has changed since it computed and released."""
    here = code["here"]
    changed = []
    for part, made_by in code["released"].items():
        if made_by:
            changed += [
                f"{part} {name}: {made_by[name]}, here {here[name]}"
                for name in CODE
                if made_by[name] != here[name]
            ]
    return changed


def other_parameters(manifest: Manifest) -> list[str]:
    """How the parameters have changed since; nothing of a release that does not carry them."""
    here = parameters().model_dump()
    return [
        f"{name}: {value}, here {here.get(name, 'not known')}"
        for name, value in manifest.parameters.items()
        if value != here.get(name)
    ]


def format_rebuilt(rebuilt: Record) -> list[str]:
    """What came of it for a reader."""
    files = counted_noun(rebuilt["files"], "file")
    lines = [f"{rebuilt['release']}: {rebuilt['period']}, {files}"]
    if other := rebuilt["other_parameters"]:
        lines += [
            "parameters have changed since the release was made:",
            *(f"  {line}" for line in other),
        ]
    if another := other_code(rebuilt["code"]):
        lines += [
            "the code has changed since it made the release:",
            *(f"  {line}" for line in another),
        ]
    if rebuilt["identical"]:
        return [*lines, "computed again: byte-identical"]
    if rebuilt["differing"]:
        differing = counted_noun(len(rebuilt["differing"]), "file differs", "files differ")
        return [
            *lines,
            f"computed again: {differing}; the first:",
            f"  {rebuilt['first_difference']}",
        ]
    others = counted_noun(len(rebuilt["of_another_version"]), "other file is", "other files are")
    return [
        *lines,
        f"computed again: all {rebuilt['tables']:,} tables byte-identical",
        (
            f"{others} made otherwise by the code "
            "here; rebuild with the version that made the release to compare them. The first:"
        ),
        f"  {rebuilt['first_difference']}",
    ]
