"""Whether something may be prepared, approved, published: each question is one list of rules.

A rule is a function of a state that returns the reason against, or None. Commands, Dagster and
`uhi status` read the same lists.
"""
