"""Writes the letters about a subject, each as DOCX and PDF."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestration.alerts.deadlines import Deadlines, Step
from orchestration.alerts.letters.choosing import Subject, chosen, letter_steps
from orchestration.alerts.letters.content import LetterContent
from orchestration.alerts.letters.docx_form import docx_bytes
from orchestration.alerts.letters.pdf_form import pdf_bytes
from orchestration.alerts.naming import city_name, names_in
from orchestration.alerts.records import Case, Due, Evaluated
from orchestration.alerts.store import Store
from orchestration.errors import RefusedError
from orchestration.home import files
from orchestration.home.layout import Home
from orchestration.periods import Period
from quality.nouns import counted_noun


@dataclass(frozen=True)
class WrittenLetter:
    """A letter that was written; cases: how many it is about; files: its forms."""

    number: str
    step: str
    cases: int
    files: Sequence[Path]


def export(
    store: Store, home: Home, subject: Subject, step: str | None, folder: Path | None
) -> list[WrittenLetter]:
    """Write the letters that are due about a subject, each for its owner alone; by step.

    folder: where to, by default in the home. Raises UsageError and RefusedError as chosen, and
    RefusedError where the candidate of the last evaluation, which has the names, is gone.
    """
    last = store.last_evaluated()
    if last is None:
        raise RefusedError("No alerts were evaluated yet; run a month first.")
    deadlines = Deadlines.read()
    by_step = chosen(store.open_cases(), subject, step, deadlines)
    steps = letter_steps(deadlines.steps)
    if folder is None:
        files.keep_private(home.letters)
    contents = [
        content_of(home, last, subject, steps[name], cases, deadlines)
        for name, cases in by_step.items()
    ]
    return [write_letter(content, folder or home.letters) for content in contents]


def content_of(
    home: Home,
    last: Evaluated,
    subject: Subject,
    step: Step,
    cases: Sequence[Case],
    deadlines: Deadlines,
) -> LetterContent:
    """What the letter of a step is made of. Raises RefusedError."""
    city = city_name(home, Period.parse(last.period))
    if city is None:
        raise RefusedError(
            f"{last.period} has no candidate any more, whose names letters have; run it again."
        )
    days = step.reply_working_days or 0
    reply = deadlines.working_days.after(last.as_of, days)
    return LetterContent(
        subject=subject,
        step=step,
        cases=cases,
        as_of=last.as_of,
        reply=Due(day=reply.date, is_projected=reply.rests_on_projected),
        city=city,
        names=names_in(home, last.period),
    )


def write_letter(content: LetterContent, folder: Path) -> WrittenLetter:
    """Write the forms of a letter into a folder."""
    stem = file_stem(content)
    forms = {".docx": docx_bytes(content), ".pdf": pdf_bytes(content)}
    written = []
    for suffix, form in forms.items():
        file = folder / f"{stem}{suffix}"
        files.write_bytes_atomically(file, form)
        file.chmod(files.FILE_OF_OWNER)
        written.append(file)
    return WrittenLetter(content.number, content.step.step, len(content.cases), written)


def file_stem(content: LetterContent) -> str:
    """The name of a letter's files: a union's has a case in place of its id, which may be long."""
    subject = content.subject
    code = subject.code
    if subject.kind == "union":
        code = f"of-case-{min(case.number for case in content.cases)}"
    return f"{content.step.step}-{subject.kind}-{code}-{content.as_of}"


def format_letters(letters: Sequence[WrittenLetter]) -> list[str]:
    """What was written, for a reader."""
    lines = []
    for letter in letters:
        cases = counted_noun(letter.cases, "case")
        lines.append(f"{letter.number}: {letter.step} about {cases}")
        lines += [f"  {file}" for file in letter.files]
    return lines
