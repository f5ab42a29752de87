"""The one guarded reader of files that people and other systems hand in.

A guarded file is a plain file of bounded size: no link is followed, no pipe, device or folder is
opened. The text in it is UTF-8, with or without a byte order mark, and has no hidden characters
(`plain_text`).
Whatever is wrong is an error of the caller's kind that names the file and says what to do.
"""

import errno
import os
import stat
from io import BufferedReader
from pathlib import Path

from orchestration.errors import HealthIndexError
from orchestration.plain_text import LINES_AND_TABS, hidden_letter
from quality.nouns import counted_noun

MEBIBYTE = 2**20


def open_plain(file: Path, error: type[HealthIndexError]) -> BufferedReader:
    """A plain file, open for reading.

    What was checked is what is read, whatever its name shows later.

    Raises `error`, naming the file and what to do, where it is a link, a folder, a pipe or a
    device, none of which is waited for, or cannot be opened.
    """
    try:
        return opened_plain(file, error)
    except OSError as failure:
        raise error(f"{file} cannot be read: {failure.strerror}.") from None


def open_kept(file: Path, error: type[HealthIndexError]) -> BufferedReader:
    """The same of a file that the project itself keeps, which a person would put back.

    Raises OSError where the disk fails, `error` where it is gone or no plain file.
    """
    try:
        return opened_plain(file, error)
    except FileNotFoundError:
        raise error(f"{file} is gone. Put it back from a backup.") from None


def opened_plain(file: Path, error: type[HealthIndexError]) -> BufferedReader:
    """The same; raises OSError where it cannot be opened, `error` where it is no plain file."""
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as failure:
        if failure.errno == errno.ELOOP:
            raise error(
                f"{file} is a link, which is not followed; put the file itself there."
            ) from None
        if failure.errno == errno.ENXIO:
            raise error(no_plain_file(file)) from None
        raise
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise error(no_plain_file(file))
    return os.fdopen(descriptor, "rb")


def no_plain_file(file: Path) -> str:
    """What is said of a file that is none."""
    return f"{file} is no plain file; folders, pipes and devices are not read."


def read_bytes(
    file: Path,
    error: type[HealthIndexError],
    most_bytes: int = MEBIBYTE,
    *,
    alone: bool = False,
) -> bytes:
    """The bytes of a plain file of at most `most_bytes`.

    alone: refuse a file that has a second name (a hard link), which may be that of a secret. Raises
    `error`, naming the file and what to do.
    """
    with open_plain(file, error) as opened:
        if alone and os.fstat(opened.fileno()).st_nlink > 1:
            raise error(f"{file} has a second name (a hard link); put a copy of it there.")
        return bounded(opened, file, error, most_bytes)


def bounded(
    opened: BufferedReader,
    file: Path,
    error: type[HealthIndexError],
    most_bytes: int,
) -> bytes:
    """The bytes of an open file of at most `most_bytes`. Raises `error`, naming the file."""
    size = os.fstat(opened.fileno()).st_size
    if size > most_bytes:
        raise error(f"{file} has {counted_noun(size, 'byte')}; at most {most_bytes:,} are read.")
    content = opened.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise error(f"{file} has more than {most_bytes:,} bytes, which is the most that is read.")
    return content


def read_text(
    file: Path,
    error: type[HealthIndexError],
    most_bytes: int = MEBIBYTE,
    *,
    alone: bool = False,
) -> str:
    """The text of a plain file, without its byte order mark; `alone` as in read_bytes.

    Raises `error`, naming the file and what to do.
    """
    text = decoded(read_bytes(file, error, most_bytes, alone=alone), file, error)
    for number, line in enumerate(text.split("\n"), start=1):
        if hidden := hidden_letter(line, LINES_AND_TABS):
            raise error(f"{file}, line {number}: the {hidden} is not allowed here.")
    return text


def decoded(content: bytes, file: Path, error: type[HealthIndexError]) -> str:
    """The text that the bytes of a file are, without its byte order mark.

    Raises `error`, naming file and line, where they are not UTF-8.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as failure:
        broken = content.count(b"\n", 0, failure.start) + 1
        raise error(
            f"{file}, line {broken}: this is not UTF-8{likely_encoding(content)}; "
            "save the file as UTF-8."
        ) from None


def likely_encoding(content: bytes) -> str:
    """What bytes that are not UTF-8 seem to be, as a hint in words.

    Empty where nothing speaks for it. Nothing is read by it.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return " but seems to be UTF-16"
    try:
        letters = [letter for letter in content.decode("gb18030") if letter > "\x7f"]
    except UnicodeDecodeError:
        return ""
    common = sum(is_common(letter) for letter in letters)
    return " but seems to be GBK (GB18030)" if common > len(letters) / 2 else ""


def is_common(letter: str) -> bool:
    """Whether a character is among the common ones of GB 2312."""
    try:
        letter.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
