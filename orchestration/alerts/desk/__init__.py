"""The desks of counties: a page for each, of its open cases by deadline, and one for each case.

Pages say what the figure is and must be, what would bring it there, and what was done so far; a
desk also how good the county's data are, and which rows to mend. They
are internal and name no person. They are static, for a phone and for paper, and load nothing but
the font of all desks, which lies beside them. `facts.py` gathers what they are made of, `cards.py`
says what is told of a case, `pages.py` renders them.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from pathlib import Path

from orchestration.alerts.desk.facts import facts_of
from orchestration.alerts.desk.pages import PAGE, Pages
from orchestration.alerts.records import Case
from orchestration.alerts.store import Store
from orchestration.home import files
from orchestration.home.layout import Home

FONT = "regular.ttf"


def refresh(store: Store, home: Home, counties: Collection[str] | None = None) -> list[Path]:
    """Write the pages of all counties; returns their desks by county.

    These are the counties that have or had a case, and those whose data quality is known.

    counties: only those of these, or that have no desk yet.
    """
    last = store.last_evaluated()
    if last is None:
        return []
    files.keep_private(home.desks)

    def is_due(county: str) -> bool:
        has_desk = (home.desks / county / PAGE).exists()
        return counties is None or county in counties or not has_desk

    cases_of = cases_by_county(store)
    shown = [case for county in filter(is_due, cases_of) for case in cases_of[county]]
    facts = facts_of(store, home, last, {case.union_id for case in shown})
    pages, desks, characters = Pages(facts), [], set[str]()
    for county in sorted(filter(is_due, cases_of.keys() | facts.qualities.keys())):
        texts = pages.of_county(county, cases_of[county])
        write_pages(home.desks / county, texts)
        characters.update(*texts.values())
        desks.append(home.desks / county / PAGE)
    if desks:
        write_font(home.desks / FONT, characters, keeps=counties is not None)
    return desks


def cases_by_county(store: Store) -> defaultdict[str, list[Case]]:
    """All cases by the code of their county."""
    found: defaultdict[str, list[Case]] = defaultdict(list)
    for case in store.cases():
        found[case.county_code].append(case)
    return found


def pages_in(home: Home) -> dict[str, Path]:
    """The desks that there are, by the code of their county."""
    return {page.parent.name: page for page in sorted(home.desks.glob(f"*/{PAGE}"))}


def write_pages(folder: Path, pages: Mapping[str, str]) -> None:
    """Write the pages of a county, and remove those of cases that have none any more."""
    files.keep_private(folder)
    for name, text in pages.items():
        made = folder / f".{name}"
        made.write_text(text, encoding="utf-8")
        made.chmod(files.FILE_OF_OWNER)
        made.replace(folder / name)
    for file in folder.glob("*.html"):
        if file.name not in pages:
            file.unlink()


def write_font(file: Path, characters: Collection[str], *, keeps: bool) -> None:
    """Write the Chinese font of all desks, with some characters; keeps: and those that it has."""
    from orchestration.documents import fonts
    from orchestration.documents.page_fonts import characters_of

    kept = fonts.characters_in(file) if keeps and file.exists() else frozenset()
    made = file.with_name(f".{file.name}")
    fonts.write_cut_font(characters_of([*characters, *kept]), made)
    made.chmod(files.FILE_OF_OWNER)
    made.replace(file)
