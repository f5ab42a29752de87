"""People who sign in tests: keys beside a home, and approvals of what it has prepared."""

from orchestration.periods import Period
from orchestration.release import preparation, publication
from orchestration.signatures import signing

APPROVERS = ("alice", "dave")
DECEMBER = Period(2020, 12)


def allow(settings, *names):
    """Make keys of people, beside the home, and let the home allow them to sign.

    Returns the lines that do.
    """
    lines = [signing.make_key(settings.home.folder.parent / name, name) for name in names]
    with settings.home.signers.open("a", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)
    return lines


def approve(settings, *names, period=DECEMBER):
    """Record approvals of what is prepared, by two people unless others are named.

    A person without a key gets one. What is signed is not judged again, which takes seconds; tests
    of that approve as a person does (`preparation.approve`).
    """
    home = settings.home
    prepared = preparation.what_is_prepared(home, period)
    for name in names or APPROVERS:
        key = home.folder.parent / name
        if not key.exists():
            allow(settings, name)
        entries = preparation.with_approval(home, period, prepared, name, key)
        preparation.record_approval(home, prepared, entries)


def publish(settings):
    """Prepare December, approve it by two people, and publish it; returns the release."""
    preparation.prepare(settings, DECEMBER)
    return publish_prepared(settings)


def publish_prepared(settings):
    """Approve what is prepared for December by two people, and publish it; returns the release."""
    approve(settings)
    return publication.publish(settings.home, DECEMBER)
