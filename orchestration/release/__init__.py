"""From a passed candidate to a published release: editions, the bundle, publication, verification.

Computes no figure.
"""
