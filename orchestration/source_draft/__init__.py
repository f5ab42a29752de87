"""Proposes a map of a foreign database: which tables and columns hold what the contract asks.

The way: `catalogue` reads what the database says of itself and a sample of each table, which never
leaves memory; `names` compares names and comments with the words of `vocabulary.yml`; `cells` says
what the sample shows, by the `forms` in which cells are written and the platform's `code_lists`;
`candidates` are the columns for which either speaks; `matching` decides for each table and column;
`writing` writes the map, in which everything that a person must confirm is marked.
"""
