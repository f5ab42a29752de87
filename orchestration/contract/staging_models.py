"""`make models`: the files of dbt that follow from the registry of source tables.

Each source table has its accepted rows (`stg_<table>`) and its rows that do not count
(`refused_<table>`), as SQL and as a description; a macro lists the names of all. The texts are
those of `dbt_project/templates/`. Each file says in its first line that it is generated.
"""

import json
import sys
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from orchestration.contract.registry import REGISTRY_PATH, read_source_tables
from orchestration.errors import UsageError
from orchestration.settings import DBT_PROJECT

NOTICE = "Generated from models/sources.yml by `make models`: change that file, not this one."
STAGING = Path("models", "staging")
MACRO = Path("macros", "source_tables.sql")
FOLDERS = (STAGING, STAGING / "refused", MACRO.parent)


def generated_files(project: Path) -> dict[Path, str]:
    """The text of each file that follows from a dbt project's registry, by its path in it."""
    tables = list(read_source_tables(project / REGISTRY_PATH).values())
    templates = load_templates(project / "templates")
    files = {MACRO: templates.get_template("source_tables.sql.jinja").render(tables=tables)}
    for table in tables:
        for kind, folder in (("stg", STAGING), ("refused", STAGING / "refused")):
            for suffix in ("sql", "yml"):
                template = templates.get_template(f"{kind}.{suffix}.jinja")
                files[folder / f"{kind}_{table.name}.{suffix}"] = template.render(table=table)
    return files


def load_templates(folder: Path) -> Environment:
    """The templates of a folder; their marks are apart from those of dbt, which they write."""
    templates = Environment(
        loader=FileSystemLoader(folder),
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<<",
        variable_end_string=">>",
        comment_start_string="<#",
        comment_end_string="#>",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - SQL and YAML, not HTML
    )
    templates.globals["notice"] = NOTICE
    templates.filters["quoted"] = quoted
    return templates


def quoted(text: str) -> str:
    """A text as a quoted scalar of YAML."""
    return json.dumps(text, ensure_ascii=False)


def left_over_files(project: Path, generated: dict[Path, str]) -> list[Path]:
    """Files that were generated for a table that is no longer in the registry, by their paths."""
    files = [file for folder in FOLDERS for file in sorted((project / folder).glob("*.*"))]
    marked = [file.relative_to(project) for file in files if is_generated(file)]
    return [path for path in marked if path not in generated]


def is_generated(file: Path) -> bool:
    """Whether the first line of a file says that it is generated."""
    return NOTICE in file.read_text(encoding="utf-8").partition("\n")[0]


def write_models(project: Path) -> None:
    """Write the generated files of a dbt project, and remove those that are left over."""
    generated = generated_files(project)
    for path, text in generated.items():
        (project / path).write_text(text, encoding="utf-8")
    for path in left_over_files(project, generated):
        (project / path).unlink()


def check_models(project: Path) -> None:
    """Raise UsageError where a generated file is missing, differs or is left over."""
    generated = generated_files(project)
    stale = [path for path, text in generated.items() if text_of(project / path) != text]
    problems = [f"{path} does not follow from the registry" for path in stale]
    problems += [
        f"{path} is of no table in the registry" for path in left_over_files(project, generated)
    ]
    if problems:
        listed = "\n".join(f"- {problem}" for problem in problems)
        raise UsageError(f"Run `make models`, for in {project.name}/:\n{listed}")


def text_of(file: Path) -> str | None:
    """The text of a file, None where there is none."""
    return file.read_text(encoding="utf-8") if file.is_file() else None


def main() -> None:
    """Write the project's generated files; with `--check`, exit with 2 where one is stale."""
    if sys.argv[1:] != ["--check"]:
        write_models(DBT_PROJECT)
        return
    try:
        check_models(DBT_PROJECT)
    except UsageError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
