"""What must never leave: resident identity numbers, mobile phones and names of persons, looked for in every cell and text of a release."""

import html
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import duckdb
from stdnum.cn import ric

IDENTITY_NUMBER = re.compile(r"[1-8](?<![0-9A-Za-z].)[0-9]{16}[0-9Xx](?![0-9A-Za-z])")
MOBILE_PHONE = re.compile(
    r"1(?:(?<![0-9A-Za-z.].)|(?<=[^0-9A-Za-z.]86.)|(?<=[^0-9A-Za-z.]86[ -].)|(?<=[^0-9A-Za-z.]0086.))"
    r"[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}(?![0-9A-Za-z])"
)


def text_of(file: Path) -> Iterator[str]:
    """A text file as it stands."""
    yield file.read_text(encoding="utf-8")


def page_of(file: Path) -> Iterator[str]:
    """A page as it stands, and as it is read."""
    markup = file.read_text(encoding="utf-8")
    yield markup
    yield html.unescape(re.sub(r"<[^>]*>", "\n", markup))


def json_of(file: Path) -> Iterator[str]:
    """A JSON file as it stands, and with its escapes resolved."""
    content = file.read_text(encoding="utf-8")
    yield content
    yield json.dumps(json.loads(content), ensure_ascii=False)


def parquet_of(file: Path) -> Iterator[str]:
    """The distinct cells of each column of a Parquet file, a line each."""
    with duckdb.connect() as connection:
        columns = connection.read_parquet(str(file)).columns
        cells = ", ".join(f'string_agg(distinct cast("{column}" as varchar), chr(10))' for column in columns)
        yield from (text for text in connection.execute(f"select {cells} from read_parquet($1)", [str(file)]).fetchall()[0] if text)


READERS: dict[str, Callable[[Path], Iterator[str]]] = {
    ".csv": text_of,
    "": text_of,
    ".html": page_of,
    ".json": json_of,
    ".parquet": parquet_of,
}


def personal(folder: Path, canaries: Sequence[str] = ()) -> Iterator[str]:
    """Files that hold something personal, and files of a form that nothing here can read. Says what and where, never the value."""
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = file.relative_to(folder).as_posix()
        if file.suffix not in READERS:
            yield f"{name} is of a form that is not looked through"
            continue
        found = {kind for text in READERS[file.suffix](file) for kind in kinds_in(text, canaries)}
        yield from (f"{name} holds {kind}" for kind in sorted(found))


def kinds_in(text: str, canaries: Sequence[str]) -> Iterator[str]:
    """The kinds of personal values in a text."""
    text = "\n" + unicodedata.normalize("NFKC", text)
    if any(ric.calc_check_digit(number) == number[-1].upper() for number in IDENTITY_NUMBER.findall(text)):
        yield "an identity number"
    if MOBILE_PHONE.search(text):
        yield "a mobile phone number"
    if any(unicodedata.normalize("NFKC", canary) in text for canary in canaries):
        yield "a name of a person"
