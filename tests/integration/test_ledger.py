"""`uhi ledger verify` on a real home.

The ledger as written is sound; each kind of tampering is found and named.
"""

import hashlib
import json
import shutil

import pytest
from click.testing import CliRunner

from orchestration.audit import chain
from orchestration.cli.main import main
from orchestration.errors import RefusedError
from orchestration.home import ledger
from orchestration.home.events import Pruned
from orchestration.home.layout import Home
from orchestration.release import preparation, retraction
from tests.support import ledgers
from tests.support.faults import copy_of
from tests.support.people import DECEMBER
from tests.support.settings import settings_in

RELEASE = "releases/2020-12/r1"


@pytest.fixture
def home(old, tmp_path):
    return copy_of(old[0], tmp_path, "home")


def verify(home):
    """Exit code of the command, and what it found."""
    outcome = CliRunner().invoke(main, ["ledger", "verify", "--json"], env={"UHI_HOME": str(home)})
    return outcome.exit_code, [fault["text"] for fault in json.loads(outcome.stdout)["faults"]]


def lines_of(home):
    return (home / "ledger.jsonl").read_bytes().splitlines()


def write(home, lines):
    (home / "ledger.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))


def chained(lines):
    """Lines bound to each other anew, as somebody would who knows how."""
    bound = []
    for line in lines:
        previous = hashlib.sha256(bound[-1]).hexdigest() if bound else ledger.BEGINNING
        bound.append(
            json.dumps(json.loads(line) | {"previous": previous}, ensure_ascii=False).encode()
        )
    return bound


def number_of(home, event):
    """The number of the last line of an event."""
    return max(
        number
        for number, entry in enumerate(ledgers.entries(home), start=1)
        if entry["event"] == event
    )


def test_the_ledger_of_an_undisturbed_home_is_sound(home):
    settings = settings_in(home)
    assert verify(home) == (0, [])
    retraction.retract(settings.home, DECEMBER, "figures wrong", "tests")
    preparation.prepare(settings, DECEMBER, "correction", "figures right")
    preparation.preview(settings.home, DECEMBER, "press office", "briefing")
    assert verify(home) == (0, [])
    assert chain.verify(Home(home))["releases"] == 2


def test_an_edited_line_is_found(home):
    lines, number = lines_of(home), number_of(home, "verdict")
    lines[number - 1] = lines[number - 1].replace(b'"passed": true', b'"passed": false')
    write(home, lines)
    code, faults = verify(home)
    assert code == 5
    assert (
        f"line {number + 1}: it does not follow line {number} as that is now:"
        f" line {number} was edited, "
    ) in faults[0]


def test_a_removed_line_is_found_and_what_it_was(home):
    lines, number = lines_of(home), number_of(home, "approval")
    write(home, lines[: number - 1] + lines[number:])
    code, faults = verify(home)
    assert code == 5
    assert f"line {number}: it does not follow line {number - 1} as that is now" in faults[0]
    assert (
        f"{RELEASE}/approvals/2.json: the ledger has no line of this approval by dave:"
        " it was edited or removed"
    ) in faults


def test_an_inserted_line_is_found(home):
    lines, number = lines_of(home), number_of(home, "prepared")
    line = json.dumps(
        {"event": "approval", "previous": hashlib.sha256(lines[number - 1]).hexdigest()}
    ).encode()
    write(home, [*lines[:number], line, *lines[number:]])
    code, faults = verify(home)
    assert (code, faults) == (
        5,
        [
            (
                f"line {number + 1}: it was inserted;"
                " the line after it was written when it was not there"
            )
        ],
    )


def test_lines_in_another_order_are_found(home):
    lines, number = lines_of(home), number_of(home, "approval")
    lines[number - 2 : number] = reversed(lines[number - 2 : number])
    write(home, lines)
    code, faults = verify(home)
    assert code == 5
    assert (
        f"line {number - 1}: it is out of order;"
        f" it was written directly after what is line {number} now"
    ) in faults


def test_a_cut_tail_is_found_by_the_heads_that_releases_name(home):
    lines, number = lines_of(home), number_of(home, "prepared")
    write(home, lines[: number - 1])
    code, faults = verify(home)
    assert code == 5
    [cut] = [fault for fault in faults if "head" in fault]
    assert cut.startswith(
        f"{RELEASE}/publication.json:"
        f" the ledger's head was {json.loads(lines[-1])['previous']} then"
    )


def test_a_ledger_written_anew_is_found_by_the_heads_that_releases_name(home):
    lines = lines_of(home)
    lines[0] = lines[0].replace(b'"rows": ', b'"rows": 1')
    write(home, chained(lines))
    code, faults = verify(home)
    assert code == 5
    heads = [fault for fault in faults if "the ledger's head was" in fault]
    signed = [fault for fault in faults if "was signed on other lines than those above" in fault]
    assert (len(heads), len(signed), len(faults)) == (2, 2, 4)


def test_times_that_run_backwards_are_told_and_no_fault(home):
    ledgers.append(home, "prune", at="2020-01-01T00:00:00+00:00", intakes=[], objects=0, bytes=0)
    outcome = CliRunner().invoke(main, ["ledger", "verify"], env={"UHI_HOME": str(home)})
    number = len(lines_of(home))
    assert outcome.exit_code == 0
    assert (
        f"  to be explained: line {number}: its time, 2020-01-01T00:00:00+00:00, is before that of"
        f" line {number - 1}, "
    ) in outcome.stdout


@pytest.mark.parametrize(
    ("left_out", "reason"),
    [
        (b"none", "What alice signed in line 10 of the ledger was signed on other lines"),
        (b"approval", r"not the one that .*r1/record\.json was made on: it was edited"),
    ],
)
def test_no_command_goes_on_with_a_ledger_written_anew(home, left_out, reason):
    event = b'"event": "%s"' % left_out
    lines = [line for line in lines_of(home) if event not in line]
    lines[0] = lines[0].replace(b'"rows": ', b'"rows": 1')
    write(home, chained(lines))
    settings = settings_in(home)
    for command in (
        lambda: preparation.prepare(settings, DECEMBER, "revision", "once more"),
        lambda: retraction.retract(Home(home), DECEMBER, "wrong", "erin"),
        lambda: ledger.append(Home(home), Pruned(intakes=(), objects=0, bytes=0)),
    ):
        with pytest.raises(RefusedError, match=reason):
            command()
    assert lines_of(home) == chained(lines)


@pytest.mark.parametrize(
    ("event", "file"),
    [
        ("verdict", "verdict.json"),
        ("release_verdict", "release_verdict.json"),
        ("prepared", "record.json"),
        ("approval", "approvals/2.json"),
        ("publication", "publication.json"),
    ],
)
def test_what_a_release_carries_is_missed_where_its_line_was_taken_out_and_the_rest_bound_anew(
    home, event, file
):
    lines, number = lines_of(home), number_of(home, event)
    write(home, chained(lines[: number - 1] + lines[number:]))
    code, faults = verify(home)
    assert code == 5
    assert any(
        fault.startswith(f"{RELEASE}/{file}: the ledger has no line of this {event}")
        for fault in faults
    )


@pytest.mark.parametrize(
    ("file", "entry", "event"),
    [
        ("overrides.json", [{"check": "rows.lost", "by": "mallory"}], "override by mallory"),
        (
            "publication.json",
            {
                "previews": [
                    {"by": "mallory", "reason": "curious", "at": "2021-01-19T00:00:00+00:00"}
                ]
            },
            "preview by mallory",
        ),
    ],
)
def test_what_a_release_carries_beside_the_ledger_is_found(home, file, entry, event):
    path = home / RELEASE / file
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(
        json.dumps(entry if isinstance(entry, list) else content | entry), encoding="utf-8"
    )
    code, faults = verify(home)
    assert code == 5
    assert any(
        fault.startswith(f"{RELEASE}/{file}: the ledger has no line of this {event}")
        for fault in faults
    )


def test_a_retraction_that_the_ledger_does_not_have_is_found(home):
    lines = lines_of(home)
    retraction.retract(settings_in(home).home, DECEMBER, "figures wrong", "tests")
    write(home, lines)
    code, faults = verify(home)
    assert code == 5
    assert faults == [
        (
            "retracted/2020-12/r1/SHA256SUMS: the ledger has no line of this retraction:"
            " it was edited or removed"
        ),
        (
            f"{RELEASE}/retraction.json: the ledger has no line of this retraction by tests:"
            " it was edited or removed"
        ),
    ]


def test_a_release_that_was_taken_away_is_found(home):
    shutil.rmtree(home / RELEASE)
    number = number_of(home, "publication")
    assert verify(home) == (
        5,
        [f"line {number}: the release 2020-12 r1 that it tells of is not there"],
    )


def test_a_release_that_was_put_there_by_no_publication_is_found(home):
    (home / RELEASE / "publication.json").unlink()
    assert verify(home) == (5, [f"{RELEASE}/publication.json: it is missing"])


def test_a_ledger_that_is_not_there_is_wrong_usage(tmp_path):
    outcome = CliRunner().invoke(
        main, ["ledger", "verify"], env={"UHI_HOME": str(tmp_path / "none")}
    )
    assert outcome.exit_code == 2
    assert "has no ledger and no release" in outcome.stderr
