"""Persons in the landing: erasure on request, and how long intakes are kept."""
