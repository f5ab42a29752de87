"""What people read of a release: charts, workbook, briefing and site of an edition, all made from its own tables. Computes no figure."""
