"""From the source platform to the landing: strict reading, pseudonyms, the intake ledger.

Nothing is judged or computed here.
"""
