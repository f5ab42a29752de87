"""What follows from the dbt project alone: made once for it, and kept beside its compiled SQL."""

import json
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from orchestration.build import warehouse
from orchestration.home import files
from orchestration.lineage.statements import Inputs, Lineage
from orchestration.settings import DBT_TARGET

FOLDER = DBT_TARGET / "lineage"
LIBRARIES = ("dbt-core", "jinja2", "markupsafe", "sqlglot")

Data = dict[str, Any]


def kept(
    name: str,
    parts: Mapping[str, str],
    make: Callable[[], Data],
) -> Data:
    """JSON by this name: what was made of the same parts, or what `make` gives now, which is kept.

    parts: what it is made of besides the dbt project, this package and its libraries.
    """
    file = FOLDER / f"{name}.json"
    made_of = files.digest_of({**parts, **digests_of_project()})
    if file.exists():
        found = files.read_json(file)
        if found["made_of"] == made_of:
            content: Data = found["content"]
            return content
    content = make()
    FOLDER.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"made_of": made_of, "content": content}, ensure_ascii=False)
    files.write_atomically(file, text)
    return content


def digests_of_project() -> dict[str, str]:
    """Digests of the dbt project and of this package's files, and versions of its libraries."""
    own_files = (file for file in sorted(Path(__file__).parent.iterdir()) if file.is_file())
    return {
        "dbt_project": warehouse.project_digest(),
        **{file.name: files.sha256_of(file) for file in own_files},
        **{library: version(library) for library in LIBRARIES},
    }


def lineage_as_data(lineage: Lineage) -> Data:
    """The lineage of a relation in JSON."""
    return {
        "columns": {name: inputs_as_data(inputs) for name, inputs in lineage.columns.items()},
        "rows": inputs_as_data(lineage.rows),
    }


def lineage_from(data: Data) -> Lineage:
    """The lineage of a relation from its JSON."""
    columns = {name: inputs_from(inputs) for name, inputs in data["columns"].items()}
    return Lineage(columns, inputs_from(data["rows"]))


def inputs_as_data(inputs: Inputs) -> list[Any]:
    """Inputs in JSON: relation, column, and how it is used."""
    return [[*column, sorted(kinds)] for column, kinds in inputs.items()]


def inputs_from(data: list[Any]) -> Inputs:
    """Inputs from their JSON."""
    return {
        (relation, column): frozenset((directness, subtype) for directness, subtype in kinds)
        for relation, column, kinds in data
    }
