"""Dagster alone: the house's assets by stage.

Each calls what `uhi` calls too; nothing is computed here.

What an asset's page shows is made by one function for each stage, from the files of the home: the
step that ran yields it, and `history` tells it of what `uhi` did.
"""
