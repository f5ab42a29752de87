"""Cases of alerts: what holds, who was told, what was done about it, and until when it is due.

sound candidate ─▶ evaluation ─▶ log (append-only) ─▶ cases ─▶ notices, desks, statistics
                                  ▲
        what counties do about it ┘

`records.py` says what the log holds and what a case is, `fold.py` how cases follow from the log,
`evaluation.py` how an evaluation follows from a candidate's tables and the open cases,
`deadlines.py` until when a case is due and what follows if it is not corrected, `store.py` keeps
log and cases in a database (`database.py`). What counties did comes by commands (`acting.py`), by
workbooks to fill in (`sheets/`) and from the platform itself (`rectification/`). `statistics.py`
says how fast and how well cases are corrected, `snapshots.py` keeps what a release shows of that.
`notices.py` says what is told of an evaluation, to whom `recipients.py` reads; a notice waits in
the outbox (`outbox.py`) until `sending.py` gets it through a channel (`channels.py`, `robots.py`).
What counties see besides, with the words of `words.toml`, is a page each and one for each case
(`desk/`), and letters about what is past its deadline (`letters/`). Nothing here waits for a
release, and no command closes a case: data do.
"""
