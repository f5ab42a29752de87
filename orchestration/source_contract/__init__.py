"""What the platform must hand over, for those who hand it over: `uhi source contract`.

An Open Data Contract (`open_data_contract.py`), a data dictionary as a workbook and as a document
(`dictionary_workbook.py`, `dictionary_document.py`), and an empty workbook for each table
(`form.py`). All say what the registry says, in the words of `rules.py` and `words.toml`, and are
the same bytes each time.
"""
