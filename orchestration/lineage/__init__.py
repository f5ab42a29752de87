"""Where figures come from, in formats that other programs read.

Column lineage, OpenLineage events, the provenance statement.

It reads dbt's compiled SQL and the records of a release. It computes no figure, and no release
depends on it.
"""
