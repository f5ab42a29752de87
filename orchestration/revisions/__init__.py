"""Revisions of published months: what an intake says otherwise than the one that was published."""
