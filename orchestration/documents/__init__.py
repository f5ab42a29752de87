"""What people read of a release: charts, workbook, briefing and site of an edition.

All are made from the edition's own tables. No figure is computed here.
"""
