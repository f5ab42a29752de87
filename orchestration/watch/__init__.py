"""Near real time: a source is watched, and its changes become cases of alerts within seconds.

What a watcher lands, builds and judges lies in a home of its own for each round, which the next
round takes the place of: it is disposable, and adds nothing to the landing, the candidates and the
ledger of the home. What lasts of it are the cases and their log.
"""
