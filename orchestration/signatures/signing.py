"""Signatures of people in OpenSSH's format, which stock `ssh-keygen -Y verify` checks too.

Which keys are accepted says `keys.py`.

Who may sign is a file of allowed signers, one line a key: `NAME[,NAME…]
[namespaces="…",valid-after="…",valid-before="…"] TYPE KEY`. It is read more strictly than by
ssh-keygen: names are whole, without patterns, as `people.py` has them, and no certificate authority
vouches for others, so that two names are two people.
"""

import base64
import hashlib
import os
import re
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sshsig.allowed_signers import AllowedSigner
from sshsig.binary_io import ssh_read_string_pair
from sshsig.sshsig import SshsigSignature, SshsigWrapper, ssh_enarmor_sshsig

from orchestration import guarded
from orchestration.errors import UsageError, VerificationError
from orchestration.signatures import keys, people

ARMOR = re.compile(
    r"-----BEGIN SSH SIGNATURE-----\n([A-Za-z0-9+/=\n]+)\n-----END SSH SIGNATURE-----\n?"
)
HASHES = {b"sha512", b"sha256"}
MOMENT = re.compile(r"(\d{8})(\d{4})?(\d{2})?(Z|UTC)?", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class SignerKey:
    """A line of the file of allowed signers: whose key it is, for what, and when it counts.

    A person may have several names.
    """

    names: frozenset[str]
    key: bytes
    namespaces: str
    valid_after: datetime
    valid_before: datetime

    def is_of_same_person(self, other: "SignerKey") -> bool:
        """Whether another line has the same key, or one of the same names in any spelling."""
        return self.key == other.key or people.share_a_name(self.names, other.names)


def sign(
    message: bytes,
    key_file: Path,
    namespace: str,
) -> str:
    """The armored signature of a message by a private key in OpenSSH's format.

    Raises UsageError where the key cannot be used.
    """
    key = private_key(key_file)
    hash_name = b"sha512"
    signed = keys.signed_by(key, to_be_signed(message, namespace.encode(), hash_name))
    fields = [
        keys.bytes_of(key.public_key()),
        namespace.encode(),
        b"",
        hash_name,
        keys.packed(signed.algorithm, signed.value),
    ]
    version = SshsigSignature.VERSION.to_bytes(4, "big")
    return ssh_enarmor_sshsig(b"SSHSIG" + version + keys.packed(*fields))


def to_be_signed(message: bytes, namespace: bytes, hash_name: bytes) -> bytes:
    """What a key signs for a message, as OpenSSH's format has it."""
    wrapper = SshsigWrapper(
        namespace=namespace,
        hash_algo=hash_name,
        hash=hashlib.new(hash_name.decode(), message).digest(),
    )
    return wrapper.to_bytes()


def private_key(key_file: Path) -> keys.PrivateKey:
    """Load a private key, asking for its passphrase on a terminal. Raises UsageError."""
    content = guarded.read_bytes(key_file, UsageError)
    status = key_file.lstat()
    if status.st_uid == os.getuid() and status.st_mode & 0o077:
        raise UsageError(
            f"The key {key_file} is open to others; make it yours alone: chmod 600 {key_file}."
        )
    try:
        key = serialization.load_ssh_private_key(content, None)
    except TypeError:
        key = locked_key(content, key_file)
    except (ValueError, UnsupportedAlgorithm):
        raise UsageError(f"{key_file} is no private key in OpenSSH's format.") from None
    if not isinstance(key, keys.PrivateKey):
        raise UsageError(f"{key_file} is a key of a kind that is not accepted; {keys.ACCEPTED}.")
    try:
        keys.check_strength(key.public_key())
    except ValueError as error:
        raise UsageError(f"{key_file}: {error}.") from None
    return key


def locked_key(content: bytes, key_file: Path) -> serialization.SSHPrivateKeyTypes:
    """Load a private key that has a passphrase.

    Raises UsageError where there is no terminal, or it is wrong.
    """
    if not sys.stdin.isatty():
        raise UsageError(
            f"The key {key_file} has a passphrase, which is asked for on a terminal only."
        )
    passphrase = click.prompt(f"Passphrase of {key_file}", hide_input=True, err=True)
    try:
        return serialization.load_ssh_private_key(content, passphrase.encode())
    except ValueError:
        raise UsageError(f"This is not the passphrase of {key_file}.") from None


def verify_signature(
    message: bytes,
    signature: str,
    signer: str,
    allowed_signers: Path,
    namespace: str,
    at: datetime,
    stated: datetime | None = None,
) -> frozenset[str]:
    """Check that a signer signed exactly this message at that time.

    Returns every name that the file gives whoever holds the key.

    signature: armored; at: when the key must be valid, with its zone; stated: when the signer says
    to have signed, by default then. Raises VerificationError with the reason, UsageError where a
    line of the file is unsound.
    """
    lines = signer_keys(allowed_signers)
    parsed = opened(signature)
    if parsed.namespace != namespace.encode():
        raise VerificationError(f"the signature is for another purpose than {namespace}")
    own = [line for line in lines if signer in line.names]
    same = [line for line in own if line.key == parsed.public_key]
    suited = [line for line in same if pattern_matches(namespace, line.namespaces)]
    if not own:
        raise VerificationError(f"{signer} is not among the allowed signers in {allowed_signers}")
    if not same:
        raise VerificationError(f"the signature is not by a key of {signer}")
    if not suited:
        raise VerificationError(f"the key of {signer} is not allowed to sign for {namespace}")
    if not any(line.valid_after <= at <= line.valid_before for line in suited):
        raise VerificationError(invalid_key(signer, at, stated or at))
    algorithm, value = ssh_read_string_pair(parsed.signature)
    signed = to_be_signed(message, parsed.namespace, parsed.hash_algo)
    try:
        keys.check(keys.public_key(parsed.public_key), keys.Signed(algorithm, value), signed)
    except InvalidSignature:
        raise VerificationError("the signature is not of these bytes") from None
    return names_of(lines, same)


def invalid_key(signer: str, at: datetime, stated: datetime) -> str:
    """That a key was not valid at a time; stated: the earlier one that the signer's clock gave."""
    reason = f"the key of {signer} was not valid at {at.isoformat()}"
    if stated == at:
        return reason
    return (
        f"{reason}, which the ledger had reached when this was signed "
        f"(by its own clock at {stated.isoformat()})"
    )


def names_of(lines: list[SignerKey], own: list[SignerKey]) -> frozenset[str]:
    """Every name of the person of some lines.

    Lines that share a key or a name with them, in any spelling, are that person's too.
    """
    person = own
    joined = same_person(lines, person)
    while joined:
        person = person + joined
        joined = same_person(lines, person)
    return frozenset().union(*(line.names for line in person))


def same_person(lines: list[SignerKey], person: list[SignerKey]) -> list[SignerKey]:
    """The further lines that share a key or a name with one of a person's."""
    others = [line for line in lines if line not in person]
    return [line for line in others if any(map(line.is_of_same_person, person))]


def opened(signature: str) -> SshsigSignature:
    """An armored signature's fields; there is one way to write them, but for line breaks.

    Raises VerificationError.
    """
    armor = ARMOR.fullmatch(signature)
    if armor is None:
        raise VerificationError("it is no SSH signature")
    encoded = armor[1].replace("\n", "")
    try:
        content = base64.b64decode(encoded, validate=True)
        parsed = SshsigSignature(content)
        algorithm, value = ssh_read_string_pair(parsed.signature)
    except NotImplementedError:  # what the library raises for a version that it does not know
        raise VerificationError(
            "the signature is of another version of the format than 1"
        ) from None
    except ValueError:
        raise VerificationError("it is no SSH signature") from None
    is_written_so = (
        base64.b64encode(content).decode() == encoded
        and bytes(parsed) == content
        and keys.packed(algorithm, value) == parsed.signature
    )
    if not is_written_so:
        raise VerificationError("it is no SSH signature")
    try:
        accepted = keys.algorithms(keys.public_key(parsed.public_key))
    except ValueError as error:
        raise VerificationError(f"it is no SSH signature: {error}") from None
    if algorithm not in accepted or parsed.hash_algo not in HASHES:
        raise VerificationError(f"the signature is of a kind that is not accepted; {keys.ACCEPTED}")
    return parsed


def fingerprint(signature: str) -> str:
    """The fingerprint of the key of an armored signature, as `ssh-keygen -l` shows it.

    Raises VerificationError.
    """
    key = opened(signature).public_key
    digest = base64.b64encode(hashlib.sha256(key).digest())
    return f"SHA256:{digest.decode().rstrip('=')}"


def signer_keys(allowed_signers: Path) -> list[SignerKey]:
    """The lines of a file of allowed signers.

    Raises UsageError naming the first line that is not one.
    """
    if not os.path.lexists(allowed_signers):
        raise UsageError(
            f"The file of allowed signers {allowed_signers} cannot be read: No such file; "
            "see UHI_ALLOWED_SIGNERS."
        )
    lines = guarded.read_text(allowed_signers, UsageError).split("\n")
    found = []
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        try:
            found.append(signer_key(text))
        except ValueError as error:
            raise UsageError(f"Line {number} of {allowed_signers}: {error}.") from None
    return found


def signer_key(text: str) -> SignerKey:
    """A line of the file of allowed signers. Raises ValueError."""
    try:
        line = AllowedSigner.parse(text)
        key = base64.b64decode(line.base64_key, validate=True)
        kind, _ = ssh_read_string_pair(key)
    except ValueError:
        raise ValueError("not of the form NAME [OPTIONS] TYPE KEY") from None
    if line.key_type.encode() != kind:
        raise ValueError("its TYPE is not that of its KEY")
    keys.public_key(key)
    options = line.options or {}
    names = line.principals.split(",")
    if "cert-authority" in options:
        raise ValueError("certificate authorities are not accepted; list each person's own key")
    for error in filter(None, map(people.format_error, names)):
        raise ValueError(f"a name in it cannot be read: {error}")
    after = options.get("valid-after")
    before = options.get("valid-before")
    return SignerKey(
        names=frozenset(names),
        key=key,
        namespaces=options.get("namespaces", "*"),
        valid_after=datetime.min.replace(tzinfo=UTC) if after is None else moment(after),
        valid_before=datetime.max.replace(tzinfo=UTC) if before is None else moment(before),
    )


def moment(text: str) -> datetime:
    """A time as allowed signers state it: YYYYMMDD[HHMM[SS]].

    It is in UTC with a Z behind it, else in this machine's zone. Raises ValueError.
    """
    parts = MOMENT.fullmatch(text)
    message = "a time is written YYYYMMDD or YYYYMMDDHHMM, with a Z behind it for UTC"
    if parts is None:
        raise ValueError(message)
    day, minute, second, zone = parts.groups()
    digits = f"{day}{minute or '0000'}{second or '00'}"
    time_zone = UTC if zone else None
    try:
        stated = datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=time_zone)
        return stated.astimezone()
    except (ValueError, OverflowError):
        raise ValueError(message) from None


def pattern_matches(text: str, patterns: str) -> bool:
    """Whether a text matches a list of patterns as OpenSSH means it.

    `*` matches any run, `?` one character; `!` in front excludes.
    """
    found = False
    for pattern in patterns.split(","):
        if not matches(text, pattern.removeprefix("!")):
            continue
        if pattern.startswith("!"):
            return False
        found = True
    return found


def matches(text: str, pattern: str) -> bool:
    """Whether a text matches a pattern: `*` any run, `?` one character."""
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(expression, text, re.DOTALL) is not None


def make_key(file: Path, signer: str) -> str:
    """Make an unencrypted Ed25519 key pair, FILE and FILE.pub, for demonstrations.

    Returns its line for the allowed signers.
    """
    if error := people.format_error(signer):
        raise UsageError(f"{signer!r} cannot stand in a file of allowed signers: {error}.")
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.OpenSSH,
        serialization.NoEncryption(),
    )
    public_bytes = key.public_key().public_bytes(
        serialization.Encoding.OpenSSH,
        serialization.PublicFormat.OpenSSH,
    )
    public = public_bytes.decode()
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as private_file:
        private_file.write(private)
    file.with_name(f"{file.name}.pub").write_text(public + "\n", encoding="ascii")
    return f'"{signer}" {public}' if " " in signer else f"{signer} {public}"
