"""The synthetic city: every source table of the contract, made from a seed, so that the house can be tried without anyone's data."""
