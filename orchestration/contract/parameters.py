"""Figures of the contract that are part of no version of the methodology: `parameters.csv`.

Each stands there alone, with its unit and source; code and texts take it from here.
"""

from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from orchestration.contract.tables import Code, Positive, Row, Text, read_table
from orchestration.errors import UsageError

FILE = Path(__file__).with_name("parameters.csv")


class ParameterRow(Row):
    """A row of the table: what a parameter is called, its value, unit and source."""

    parameter: Code
    value: Positive
    unit: Text
    source: Text


class Parameters(BaseModel):
    """All parameters.

    smallest_area: linked unions from which on the public edition shows an area; approvals_needed:
    people who must approve exactly the prepared bytes, none of them the preparer.
    """

    model_config = ConfigDict(frozen=True)

    smallest_area: int
    approvals_needed: int


@cache
def parameters() -> Parameters:
    """The parameters, read once a process. Raises UsageError naming file and line."""
    return read_parameters(FILE)


def read_parameters(file: Path) -> Parameters:
    """The parameters of a table.

    Raises UsageError naming the file, and the line of a parameter that is unknown, there twice or
    no whole number above 0, or the parameter that is missing.
    """
    known = tuple(Parameters.model_fields)
    found: dict[str, int] = {}
    for line, row in enumerate(read_table(file, ParameterRow), start=2):
        place = f"{file}, line {line}"
        if row.parameter not in known:
            raise UsageError(
                f"{place}: there is no parameter '{row.parameter}'; "
                f"the parameters are {', '.join(known)}."
            )
        if row.parameter in found:
            raise UsageError(f"{place}: {row.parameter} is named more than once; keep one line.")
        found[row.parameter] = row.value
    if missing := [name for name in known if name not in found]:
        raise UsageError(f"{file}: the parameter {missing[0]} is missing; add a line for it.")
    return Parameters(**found)
