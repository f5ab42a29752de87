"""What lasts: the layout of a home, its files, its ledger and its records.

Nothing here knows how figures are read, computed, judged or released.
"""
