"""Letters about cases that are past their deadline (一函两书), as DOCX and PDF.

Which letter is due follows from the step that a case has reached (`steps.csv`). `choosing.py` says
which cases a letter is about, `content.py` what it says in each language, `docx_form.py` and
`pdf_form.py` give it its two forms, and `exporting.py` writes them.
"""
