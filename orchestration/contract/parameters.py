"""Figures of the contract that are part of no version of the methodology, each with its source."""

SMALLEST_AREA = 10
"""Linked unions from which on the public edition shows an area (results, suppression)."""

APPROVALS_NEEDED = 2
"""People who must approve exactly the prepared bytes, none of them the preparer."""
