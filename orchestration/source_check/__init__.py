"""Looks through a source that is to be joined: everything that is wrong with it, at once.

The source is read, built and judged as in any month, in a home of its own that is removed in the
end; nothing of it is landed. `checking.py` does so, `findings.py` says what was found, `report.py`
and `workbook.py` give that to a reader.
"""
