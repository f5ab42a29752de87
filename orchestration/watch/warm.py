"""Building in a warm process: by dbt once a day, then the statements that dbt compiled."""

import shutil
from collections.abc import Callable
from pathlib import Path

from orchestration.build import warehouse
from orchestration.build.compiled import CompiledBuild


class WarmBuild:
    """Takes the place of `warehouse.build`, which it calls where no statements fit.

    The statements are those of a build with the same period, as-of date and methodology: so the
    first round of a day is built by dbt, and the others by what it compiled, each beginning with
    the tables of the one before.
    """

    def __init__(self, folder: Path) -> None:
        """folder: where the statements are kept."""
        self.folder = folder
        self.compiled: CompiledBuild | None = None

    def __call__(
        self,
        folder: Path,
        variables: dict[str, str],
        on_node: Callable[[warehouse.NodeResult], None],
    ) -> Path:
        """Build folder/warehouse.duckdb and tell of each node; returns the file.

        Raises as `warehouse.build`.
        """
        if self.compiled and self.compiled.fits(variables):
            built = self.compiled(folder, variables, on_node)
            self.compiled.begin_with(built, variables)
            return built
        self.compiled = None
        built = warehouse.build(folder, variables, on_node)
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(folder, self.folder)
        self.compiled = CompiledBuild(self.folder)
        return built
