"""The synthetic city: every source table of the contract, made from a seed.

With it the pipeline can be tried without anyone's data.
"""
