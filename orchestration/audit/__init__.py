"""The audit: which rows a published figure was made of, and who did what to it when.

Reads releases, landing and ledger; writes nothing.

What is counted here is counted anew, from the contract's definitions and the landed rows, and
shares no code with the models.
"""
