"""A foreign platform of English abbreviations with Chinese comments.

As of a Java shop that moved from Oracle to PostgreSQL: numbers without meaning as keys, foreign
keys declared, the business numbers beside them, codes told in the comments.
"""

from pathlib import Path

from tests.support.platforms.commented import activities, members, organisations, rights, upkeep
from tests.support.platforms.commented.common import Platform
from tests.support.platforms.invented import insert

MAP = Path(__file__).with_name("source_map.yml")
SUBJECTS = (organisations, members, rights, activities, upkeep)
TABLES = [statement for subject in SUBJECTS for statement in subject.TABLES]


def fill(connection, folder):
    """Insert the rows of the contract's CSV files in this platform's form."""
    platform = Platform(folder)
    for subject in SUBJECTS:
        for name, rows in subject.ROWS.items():
            insert(connection, name, rows(platform))
