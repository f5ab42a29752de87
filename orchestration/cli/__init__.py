"""`uhi`: a thin door to the same functions that Dagster calls.

Everything heavy is imported by the command that needs it.
"""
