"""The sheets of cases (整改单): one Excel workbook a county goes out, is filled in, and comes back.

`columns.py` says what is in a sheet, `writing.py` makes one, `exporting.py` those of all counties,
`reading.py` reads one that comes back, and `taking.py` takes what it says.
"""
