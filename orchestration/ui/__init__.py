"""The Dagster UI for the person at this machine, guarded against pages that they happen to open."""
