"""Homes that many tests look at, built once for all processes that test and kept for the next run.

They are kept under the digest of all that they are made of: code, models, checks, packages, the
contract's example and what tests share. A change of these builds all homes anew; a change of the
file that makes one home, or of what it is made from, that home. No test may change one: it copies
what it spoils (`tests.support.faults.copy_of`), and what was changed all the same fails the next
that asks for it.
"""

import fcntl
import hashlib
import inspect
import json
import platform
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

from filelock import FileLock

from orchestration.build.provenance import code_identity
from orchestration.settings import PROJECT

MADE_OF = (
    "orchestration",
    "quality",
    "dbt_project/models",
    "dbt_project/macros",
    "dbt_project/seeds",
    "dbt_project/tests",
    "tests/reference",
    "tests/support",
)
SINGLE = (
    "dbt_project/dbt_project.yml",
    "dbt_project/profiles.yml",
    "pyproject.toml",
    "requirements.lock",
)


@cache
def digest_of_project() -> str:
    """SHA-256 over what all homes are made of.

    That is the name and the bytes of every such file, and the identity of the code.
    """
    digest = hashlib.sha256(
        json.dumps([code_identity().as_json(), platform.python_version()]).encode()
    )
    files = [path for folder in MADE_OF for path in (PROJECT / folder).rglob("*") if path.is_file()]
    for path in sorted([*files, *(PROJECT / name for name in SINGLE)]):
        if "__pycache__" not in path.parts:
            digest.update(str(path.relative_to(PROJECT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


class Prebuilt:
    """The folders of prebuilt homes below one folder.

    `prebuilt(name, make, …)` gives that of a name.
    """

    def __init__(self, root: Path) -> None:
        self.root = root / digest_of_project()
        with FileLock(root / ".lock"):
            self.root.mkdir(exist_ok=True)
            self.used = (self.root / ".used").open("w", encoding="utf-8")
            fcntl.flock(self.used, fcntl.LOCK_SH)
            for outdated in root.glob("[0-9a-f]*"):
                remove_unless_used(outdated)

    def __call__(self, name: str, make: Callable[..., None], *made_from: Path) -> Path:
        """The folder of a name, filled by `make(*made_from, folder)` where it is not there yet.

        made_from: other prebuilt folders. Raises AssertionError where a test changed it.
        """
        folder = self.root / f"{name}-{digest_of_making(make, made_from)[:12]}"
        contents = folder.with_suffix(".json")
        with FileLock(folder.with_suffix(".lock")):
            if not contents.exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                make(*made_from, folder)
                contents.write_text(json.dumps(contents_of(folder)), encoding="utf-8")
        expected = json.loads(contents.read_text(encoding="utf-8"))
        if (found := contents_of(folder)) != expected:
            changed = sorted(
                path
                for path in found.keys() | expected.keys()
                if found.get(path) != expected.get(path)
            )
            contents.unlink()
            message = (
                f"A test changed the prebuilt {name}, which is built anew next time: {changed[:5]}"
            )
            raise AssertionError(message)
        return folder


def digest_of_making(make: Callable[..., None], made_from: tuple[Path, ...]) -> str:
    """SHA-256 over the function that makes a home and over what it is made from.

    The function counts by the bytes of its file, the rest by name.
    """
    module = Path(inspect.getsourcefile(make))
    return hashlib.sha256(module.read_bytes() + str(made_from).encode()).hexdigest()


def remove_unless_used(folder: Path) -> None:
    """Remove homes of other code, unless tests run that use them."""
    with (folder / ".used").open("w", encoding="utf-8") as used:
        try:
            fcntl.flock(used, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
    shutil.rmtree(folder)


def contents_of(folder: Path) -> dict[str, list[int]]:
    """Size and time of change of every file of a folder; locks come and go."""
    found = {}
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink() and path.name != ".lock":
            status = path.stat()
            found[str(path.relative_to(folder))] = [status.st_size, status.st_mtime_ns]
    return found
