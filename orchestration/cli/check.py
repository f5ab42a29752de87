"""`uhi` commands that check what was released."""

from collections.abc import Sized
from pathlib import Path

import click

from orchestration.cli.group import Subcommands
from orchestration.cli.options import keys_option, landing_option
from orchestration.errors import UsageError, VerificationError
from orchestration.screen import Screen, json_option, settings
from quality.nouns import counted_noun


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@keys_option
@json_option
def verify(*, folder: Path, keys: Path | None, as_json: bool) -> None:
    """Check the release in FOLDER, or its public folder alone.

    It needs nothing but the release's own files, and the public keys where given.
    """
    from orchestration.release import bundle, public_edition
    from orchestration.signatures import approvals

    screen = Screen(as_json=as_json)
    if public_edition.is_public_edition(folder):
        edition = public_edition.verify_public(folder, keys)
        screen.result(
            public_edition.lines_of(folder, edition, keys), public_edition.summary(edition, keys)
        )
        return
    verified = bundle.verify(folder, keys)
    approvers = [entry.by for entry in approvals.approvals_in(folder)]
    overrides = [entry.by for entry in bundle.overrides_in(folder)]
    approved = f"{counted_noun(len(approvers), 'approval')} ({', '.join(approvers)})"
    signatures = f"{approved}, {counted_noun(len(overrides), 'override')}"
    judged = f"{counted_noun(len(verified.files), 'file')} of {verified.manifest.period}"
    lines = [
        f"{folder} is as it was built and judged: {judged}.",
        f"  signatures: {signatures}: " + ("verified" if keys else "not verified; give --keys"),
    ]
    content = {"period": verified.manifest.period, "files": len(verified.files), "verified": True}
    screen.result(
        lines,
        content
        | {"approvals": approvers, "overrides": overrides, "signatures_verified": keys is not None},
    )


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@keys_option
@click.option(
    "--report",
    metavar="FOLDER",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write a report in Chinese there, PDF and XLSX, which also says why: reads the landing.",
)
@landing_option
@json_option
def audit(
    *, folder: Path, keys: Path | None, report: Path | None, landing: Path | None, as_json: bool
) -> None:
    """What was read, refused, checked, approved and changed, from the release in DIR alone.

    Exits 5 where it does not verify.
    """
    from orchestration.audit.audit import audit_release
    from orchestration.audit.audit_report import format_audit
    from orchestration.audit.published import plain

    found = audit_release(folder, keys)
    lines = format_audit(found)
    if report:
        from orchestration.audit.area_audit import audit_areas
        from orchestration.audit.report import write_report

        areas = audit_areas(folder, landing or settings().home.folder)
        written = [str(file) for file in write_report(found, areas, report)]
        found |= {"areas": areas, "report": written}
        lines += ["", "Report", *(f"  {file}" for file in written)]
    Screen(as_json=as_json).result(lines, plain(found))
    if others := [table["file"] for table in found["checks"]["tables"] if not table["agrees"]]:
        raise VerificationError(
            f"{folder} has tables of other bytes than those judged: {', '.join(others)}."
        )
    check_recounted(found.get("areas", {}).get("differences", ()))


@click.command()
@click.option(
    "--release",
    metavar="DIR",
    type=click.Path(path_type=Path),
    required=True,
    help="Folder of the release.",
)
@click.option("--area", metavar="CODE", help="Code of an area.")
@click.option("--union", metavar="ID", help="Identifier of a union.")
@click.option(
    "--indicator", metavar="NAME", help="Of the union: show every row that this indicator counts."
)
@landing_option
@json_option
def trace(
    *,
    release: Path,
    area: str | None,
    union: str | None,
    indicator: str | None,
    landing: Path | None,
    as_json: bool,
) -> None:
    """Which rows made a rank or an index: down to the landed rows, recounted.

    Exits 5 where a figure differs.
    """
    from orchestration.audit import trace_report, tracing
    from orchestration.audit.published import plain

    if (area is None) == (union is None) or (indicator and not union):
        raise UsageError("Give --area CODE, or --union ID and, if you like, --indicator NAME.")
    place = landing or settings().home.folder
    if union is not None:
        found = tracing.trace_union(release, place, union, indicator)
        lines = trace_report.format_union(found)
    else:
        found = tracing.trace_area(release, place, str(area))
        lines = trace_report.format_area(found)
    Screen(as_json=as_json).result(lines, plain(found))
    check_recounted(found["differences"])


def check_recounted(differences: Sized) -> None:
    """No figure is published otherwise than recounted. Raises VerificationError."""
    if differences:
        raise VerificationError(
            f"{counted_noun(len(differences), 'figure is', 'figures are')} published otherwise "
            "than the landed rows give."
        )


@click.command()
@click.argument("before", type=click.Path(path_type=Path))
@click.argument("after", type=click.Path(path_type=Path))
@click.option(
    "--all",
    "every",
    is_flag=True,
    help="List every difference, not only the counts and the counties.",
)
@json_option
def diff(*, before: Path, after: Path, every: bool, as_json: bool) -> None:
    """What changed from the release in BEFORE to that in AFTER, and what moved the indices."""
    from orchestration.release import comparison

    compared = comparison.compare(before, after)
    Screen(as_json=as_json).result(comparison.lines_of(compared, every=every), compared)


@click.command()
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@landing_option
@click.option(
    "--threads",
    metavar="N",
    type=click.IntRange(min=1),
    help="How many threads compute [default: one for each processor].",
)
@json_option
def rebuild(
    *,
    directory: Path,
    landing: Path | None,
    threads: int | None,
    as_json: bool,
) -> None:
    """Compute the release in DIR again from what it was made of, and compare every byte.

    Exits 5 where one differs; documents that another version of the code made are told apart.
    """
    from orchestration.audit import rebuilding
    from orchestration.audit.rebuild_comparison import format_rebuilt

    screen = Screen(as_json=as_json)
    found = rebuilding.rebuild(
        directory, landing or settings().home.folder, screen.progress, threads
    )
    screen.result(format_rebuilt(found), found)
    if found["differing"]:
        files = counted_noun(len(found["differing"]), "file")
        raise VerificationError(f"{files} of {directory} came out otherwise when computed again.")


@click.group(cls=Subcommands)
def ledger() -> None:
    """The ledger of what was done."""


@ledger.command("verify")
@json_option
def verify_ledger(*, as_json: bool) -> None:
    """Check that the ledger is as it was written.

    No line was edited, removed, inserted or moved, and it has what the releases say.
    """
    from orchestration.audit import chain

    home = settings().home
    found = chain.verify(home)
    lines = [
        f"{home.ledger}: {counted_noun(found['lines'], 'line')}, head {found['head']}",
        *(f"  {fault['text']}" for fault in found["faults"]),
        *(f"  to be explained: {told}" for told in found["times_backwards"]),
    ]
    compared = counted_noun(
        found["releases"], "release or prepared folder", "releases and prepared folders"
    )
    lines.append(f"  held against {compared}")
    Screen(as_json=as_json).result(lines, found)
    if faults := found["faults"]:
        raise VerificationError(
            "The ledger has been changed, or lacks what is released: "
            f"{counted_noun(len(faults), 'fault')}."
        )
