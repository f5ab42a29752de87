"""What counties did about alerts, as the city's platform records it (`rectification`).

The table is an optional one of a source. `reading.py` reads its landed rows, and refuses those that
break its rules; `taking.py` makes actions of the others, at each evaluation.
"""
