"""The records: what is written to a file that lasts, each as one frozen type.

A module holds the records of one stage: intake, build and verdict, release, and what people sign.
"""
