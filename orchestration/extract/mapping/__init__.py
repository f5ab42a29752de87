"""A map of a foreign source: what stands where the contract has its tables, columns and values.

It is data (`source_map.yml`), read strictly. A mapped source is a source like any other.
"""
