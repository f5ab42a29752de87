"""How Alembic runs the steps: on the connection that `store.py` hands over."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, version_table="alert_version")
with context.begin_transaction():
    context.run_migrations()
