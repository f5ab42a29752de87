"""The score of a county's data quality: where it stands, its parts, and their weights."""

from orchestration.contract.parameters import parameters

TABLE = "data_quality"
PARTS = ("completeness", "conformity", "consistency", "timeliness")


def weights() -> dict[str, int]:
    """The weight of each part in percent, in their order."""
    return {part: getattr(parameters(), f"quality_{part}_weight") for part in PARTS}
