"""Proposes a map of a foreign database: which tables and columns hold what the contract asks.

The way: `catalogue` reads what the database says of itself and a sample of each table, which never
leaves memory; `names` compares names and comments with the words of `vocabulary.yml`; `cells` says
what the sample shows; `matching` weighs both and decides for each table and column; `forms` says
how the cells are to be converted; `trial` makes the contract's rows of the sample and looks at
them; `writing` writes the map, in which everything that a person must confirm is marked.
"""
