"""Decides whether a candidate may be published: pure functions from tables to results.

No Dagster, no dbt, nothing that acts.
"""
