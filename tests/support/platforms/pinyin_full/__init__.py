"""A foreign platform in full pinyin, mixed with initials and English words, sparsely commented.

As of a small shop whose modules were written by several hands: nearly everything is text, no
references are declared, codes are Chinese labels, days are written as people write them.
"""

from pathlib import Path

from tests.support.platforms.invented import insert
from tests.support.platforms.pinyin_full import activities, members, organisations, rights, upkeep

MAP = Path(__file__).with_name("source_map.yml")
SUBJECTS = (organisations, members, rights, activities, upkeep)
TABLES = [statement for subject in SUBJECTS for statement in subject.TABLES]


def fill(connection, folder):
    """Insert the rows of the contract's CSV files in this platform's form."""
    for subject in SUBJECTS:
        for name, rows in subject.ROWS.items():
            insert(connection, name, rows(folder))
