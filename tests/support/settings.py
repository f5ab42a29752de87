"""Settings over a home of a test's own, the contract's example and the calendar of the tests."""

from pathlib import Path

from orchestration.settings import Settings

REFERENCE = Path(__file__).parents[1] / "reference"
EXAMPLE = REFERENCE / "example"
CALENDAR = REFERENCE / "release_calendar.csv"
KEY = "a key for tests, of more than 32 bytes"


def settings_in(home: Path, release_calendar: Path = CALENDAR) -> Settings:
    return Settings(home=home, pseudonym_key=KEY, release_calendar=release_calendar)
