"""`uhi` commands on what is kept in the home, above all of persons."""

import sys

import click

from orchestration.screen import Screen, json_option, settings
from quality.nouns import counted_noun


@click.command("personal-data")
@json_option
def personal_data(*, as_json: bool) -> None:
    """Whose personal data is where, what becomes of it, and how long it is kept."""
    from orchestration.audit import personal_data

    found = personal_data.inventory(settings())
    Screen(as_json=as_json).result(personal_data.format_inventory(found), found)


@click.command()
@click.option(
    "--reason", required=True, help="Why; kept in the ledger, and therefore without the person."
)
@click.option("--as", "by", metavar="NAME", required=True, help="Who answers for it.")
@click.option("--dry-run", is_flag=True, help="Only say what would be taken out.")
@json_option
def erase(*, reason: str, by: str, dry_run: bool, as_json: bool) -> None:
    """Take one person out of the landing, on their request.

    Asks for the identity number, or reads it from standard input.
    """
    from orchestration.privacy import erasure
    from orchestration.privacy.erasure_report import format_erasure

    number = identity_number()
    screen = Screen(as_json=as_json)
    erased = erasure.erase(settings(), number, by, reason, screen.progress, dry_run=dry_run)
    screen.result(format_erasure(erased), erased.as_json())


def identity_number() -> str:
    """A resident identity number, from a prompt that does not show it.

    Where standard input is no terminal, it is read from there.
    """
    if sys.stdin.isatty():
        answer: str = click.prompt("Resident identity number", hide_input=True, err=True)
        return answer
    return sys.stdin.buffer.readline().decode(errors="replace")


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say what would be removed.")
@json_option
def prune(*, dry_run: bool, as_json: bool) -> None:
    """Remove landing that no release, candidate or retention rule (UHI_KEEP_DAYS) names."""
    from dataclasses import asdict

    from orchestration.privacy import retention

    screen = Screen(as_json=as_json)
    pruning = retention.prune(settings(), dry_run=dry_run)
    verb = "Would remove" if dry_run else "Removed"
    intakes = counted_noun(len(pruning.intakes), "intake")
    objects = counted_noun(len(pruning.objects), "landed file")
    lines = [f"{verb} {intakes} and {objects}, {counted_noun(pruning.bytes, 'byte')}."]
    screen.result(
        lines + [f"  intake {name}" for name in pruning.intakes],
        {"dry_run": dry_run, **asdict(pruning)},
    )
