"""The answers to "why" that a release has in itself, and their words.

The internal site shows the answers; the audit recounts and tells them.

`movement.py` says why a rank has changed, `refused.py` for what a row was refused, `places.py`
which of them a county sees, `unmeasured.py` why unions are not measured; `words.toml` is the one
place of their words.
"""
