"""The steps by which a database of alerts comes to its present tables, for Alembic."""
