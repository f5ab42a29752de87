"""`python -m tests.compatibility.archive`: keep a release of the present format for ever.

To be run once that format is first released. The archive holds the contract's example as published,
and the public keys of those who approved it.
"""

import lzma
import shutil
import tarfile
import tempfile
from pathlib import Path

from orchestration import pipeline
from orchestration.release.manifest import FORMAT
from tests.support.people import publish
from tests.support.settings import EXAMPLE, settings_in

FOLDER = Path(__file__).parent


def archive_of(version: int) -> Path:
    """Where the release of a format version is kept."""
    return FOLDER / f"format_{version}.tar.xz"


def main() -> None:
    """Run the example, publish December, and pack it."""
    with tempfile.TemporaryDirectory() as folder:
        settings = settings_in(Path(folder) / "home")
        source = shutil.copytree(EXAMPLE / "source", Path(folder) / "source")
        pipeline.run(
            settings,
            str(source),
            pipeline.due_dates("2020-10..2020-12", None),
            "tests",
            lambda _: None,
        )
        release = publish(settings)
        shutil.copyfile(settings.home.signers, Path(folder) / "allowed_signers")
        with (
            lzma.open(archive_of(FORMAT), "wb") as packed,
            tarfile.open(fileobj=packed, mode="w") as archive,
        ):
            archive.add(release, "release")
            archive.add(Path(folder) / "allowed_signers", "allowed_signers")


if __name__ == "__main__":
    main()
