"""One signed statement: what a person states, when, and a signature over it.

It has two uses: approvals of a release and overrides of a check.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Generic, TypeVar

from orchestration.errors import VerificationError
from orchestration.home.events import Approved, Overridden, latest, now
from orchestration.home.ledger import Ledger, Mark
from orchestration.home.records.signed import Approval, Override
from orchestration.signatures import people, signing

NO_PREPARER = (
    "the candidate does not say who prepared it; run it again with --as (Dagster: UHI_OPERATOR)"
)
OWN_CANDIDATE = "it is by the person who prepared the candidate"

Statement = TypeVar("Statement", Approval, Override)


@dataclass(frozen=True)
class Signer:
    """Who signed a statement, and why it does not count, if so.

    names: all names of the key's holder, where the signature was verified; else the stated name.
    """

    names: frozenset[str]
    fault: str | None

    def is_person(self, other: "Signer") -> bool:
        """Whether this person has a name of another."""
        return people.share_a_name(self.names, other.names)


@dataclass(frozen=True)
class Kind(Generic[Statement]):
    """A use of signed statements.

    namespace: what a signature is for, so that none of one use counts for another; record: the type
    that is kept; to_bytes: what is signed of the fields but the signature.
    """

    namespace: str
    record: type[Statement]
    to_bytes: Callable[[dict[str, str]], bytes]

    def make(
        self,
        stated: dict[str, str],
        by: str,
        key_file: Path,
        mark: Mark,
    ) -> Statement:
        """A statement by a person, signed now.

        Raises UsageError where the name cannot be read, or the key cannot be used.

        mark: how far the ledger is that it will be in.
        """
        signed = stated | mark.named() | {"by": people.person_name(by), "at": now()}
        signature = signing.sign(self.to_bytes(signed), key_file, self.namespace)
        return self.record(**signed, signature=signature)

    def signed_bytes(self, statement: Statement) -> bytes:
        """What the signature of a statement is over: all fields but itself."""
        fields = statement.model_dump(exclude={"signature"}, exclude_none=True)
        return self.to_bytes(fields)

    def signer(
        self,
        statement: Statement,
        allowed_signers: Path | None,
        prepared_by: str | None,
        not_before: str | None,
    ) -> Signer:
        """Who signed a statement; without allowed signers the signature is not verified.

        Whoever prepared the candidate states nothing of it that counts, under no name. Raises
        UsageError where the file of allowed signers is unsound.

        not_before: a time before which it cannot have been signed, whatever it says.
        """
        names = frozenset({statement.by})
        if allowed_signers:
            try:
                names = self.verified_names(statement, allowed_signers, not_before)
            except VerificationError as error:
                return Signer(names, str(error))
        is_own = prepared_by is not None and people.share_a_name(frozenset({prepared_by}), names)
        return Signer(names, OWN_CANDIDATE if is_own else None)

    def verified_names(
        self,
        statement: Statement,
        allowed_signers: Path,
        not_before: str | None,
    ) -> frozenset[str]:
        """All names of the person whose key signed a statement. Raises VerificationError.

        The key must be valid at the latest of the statement's own time, that of the ledger's lines
        before it, and `not_before`: a clock that was set back does not bring back a key.
        """
        times = filter(None, (statement.at, statement.ledger_at, not_before))
        return signing.verify_signature(
            self.signed_bytes(statement),
            statement.signature,
            statement.by,
            allowed_signers,
            self.namespace,
            stated=datetime.fromisoformat(statement.at),
            at=datetime.fromisoformat(latest(times)),
        )


def times_in_ledger(
    recorded: Ledger,
    kind: type[Approved | Overridden],
    entries: Iterable[Statement],
) -> list[str | None]:
    """The time that a ledger had reached when each statement was given; kind: of its events.

    One that the ledger does not have is as given now.
    """
    events = {event.signature: event for event in recorded.every(kind)}
    return [recorded.time_before(events.get(entry.signature)) for entry in entries]


def is_before(moment: str, other: str) -> bool:
    """Whether a time is before another; both have their offsets."""
    return datetime.fromisoformat(moment) < datetime.fromisoformat(other)
