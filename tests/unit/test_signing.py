"""Signatures against the real ssh-keygen, in both directions.

Every reason for which one is refused is tried.
"""

import base64
import io
import os
import pty
import subprocess
import sys
import termios
import time
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.errors import UsageError, VerificationError
from orchestration.settings import PROJECT
from orchestration.signatures.keys import packed
from orchestration.signatures.keys import public_key as accepted_key
from orchestration.signatures.signing import make_key, opened, sign, signer_keys, verify_signature
from tests.support.openssh import SSH_KEYGEN, needs_ssh_keygen

NAMESPACE = "uhi-test"
MESSAGE = "城市 index 89.2\n".encode()
AT = datetime(2020, 12, 31, 12, 0, tzinfo=UTC)
LOCAL_MODES = 3
KINDS = {
    "ed25519": ["-t", "ed25519"],
    "rsa": ["-t", "rsa", "-b", "3072"],
    **{f"ecdsa{bits}": ["-t", "ecdsa", "-b", bits] for bits in ("256", "384", "521")},
}
SHORT_RSA = ["-t", "rsa", "-b", "3064"]


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    """A folder with the keys of alice and bob, and the allowed signers alice and bob.

    Alice's key is made by us, bob's by ssh-keygen where it is installed.
    """
    folder = tmp_path_factory.mktemp("keys")
    lines = [make_key(folder / name, name) for name in ("alice", "bob")]
    (folder / "allowed_signers").write_text(
        "# who may sign\n\n" + "\n".join(lines) + "\n", encoding="utf-8"
    )
    return folder


def made_by_ssh_keygen(folder, kind, passphrase=""):
    subprocess.run(
        [SSH_KEYGEN, "-q", *KINDS[kind], "-N", passphrase, "-C", "a comment", "-f", folder / kind],
        check=True,
    )
    return folder / kind


def public_key(key):
    return " ".join(key.with_name(f"{key.name}.pub").read_text(encoding="utf-8").split()[:2])


def accepted_by_ssh_keygen(folder, message, signature, signer="alice", namespace=NAMESPACE, at=AT):
    (folder / "message.sig").write_text(signature, encoding="ascii")
    arguments = [
        "-Y",
        "verify",
        "-f",
        folder / "allowed_signers",
        "-I",
        signer,
        "-n",
        namespace,
        "-s",
        folder / "message.sig",
    ]
    moment = f"verify-time={at:%Y%m%d%H%M%S}Z"
    return (
        subprocess.run(
            [SSH_KEYGEN, *arguments, "-O", moment], input=message, capture_output=True, check=False
        ).returncode
        == 0
    )


def signed_by_ssh_keygen(key, message, *options):
    arguments = ["-Y", "sign", "-f", key, "-n", NAMESPACE, *options]
    return subprocess.run(
        [SSH_KEYGEN, *arguments], input=message, capture_output=True, check=True
    ).stdout.decode()


@needs_ssh_keygen
@pytest.mark.parametrize("kind", ["ours", *KINDS])
def test_ssh_keygen_accepts_what_is_signed_here_and_the_other_way_round(tmp_path, kind):
    key = tmp_path / kind
    if kind == "ours":
        make_key(key, "alice")
    else:
        made_by_ssh_keygen(tmp_path, kind)
    (tmp_path / "allowed_signers").write_text(
        f"alice,王丽 {public_key(key)} her key\n", encoding="utf-8"
    )
    signatures = [
        sign(MESSAGE, key, NAMESPACE),
        signed_by_ssh_keygen(key, MESSAGE),
        signed_by_ssh_keygen(key, MESSAGE, "-Ohashalg=sha256"),
    ]
    for signature in signatures:
        for signer in ("alice", "王丽"):
            assert accepted_by_ssh_keygen(tmp_path, MESSAGE, signature, signer)
            assert verify_signature(
                MESSAGE, signature, signer, tmp_path / "allowed_signers", NAMESPACE, AT
            ) == {"alice", "王丽"}
        assert not accepted_by_ssh_keygen(tmp_path, MESSAGE + b" ", signature)
        assert not accepted_by_ssh_keygen(tmp_path, MESSAGE, signature, namespace="another")


@needs_ssh_keygen
@pytest.mark.parametrize(
    ("line", "accepted"),
    [
        ("alice KEY", True),
        ('"alice" KEY', True),
        ("bob,alice KEY", True),
        ("  alice   KEY a comment", True),
        ("bob KEY", False),
        ('alice namespaces="uhi-test" KEY', True),
        ('alice namespaces="git,uhi-*" KEY', True),
        ('alice namespaces="uhi-????" KEY', True),
        ('alice namespaces="uhi-???" KEY', False),
        ('alice namespaces="uhi-*,!uhi-test" KEY', False),
        ('alice namespaces="git" KEY', False),
        ('alice valid-after="202012311200Z" KEY', True),
        ('alice valid-after="20201231120001Z" KEY', False),
        ('alice valid-before="20201231120000Z" KEY', True),
        ('alice valid-before="20201231115959UTC" KEY', False),
        ('alice valid-after="20201231",valid-before="20210101" KEY', True),
        ('alice valid-before="202012311900" KEY', False),
        ('alice valid-before="20201231Z" KEY', False),
        ('alice namespaces="git" KEY\nalice KEY', True),
    ],
)
def test_allowed_signers_are_read_as_by_ssh_keygen(keys, tmp_path, monkeypatch, line, accepted):
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    try:
        (tmp_path / "allowed_signers").write_text(
            line.replace("KEY", public_key(keys / "alice")) + "\n", encoding="utf-8"
        )
        signature = sign(MESSAGE, keys / "alice", NAMESPACE)
        assert accepted_by_ssh_keygen(tmp_path, MESSAGE, signature) == accepted
        if accepted:
            verify_signature(
                MESSAGE, signature, "alice", tmp_path / "allowed_signers", NAMESPACE, AT
            )
        else:
            with pytest.raises(VerificationError):
                verify_signature(
                    MESSAGE, signature, "alice", tmp_path / "allowed_signers", NAMESPACE, AT
                )
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"signer": "carol"}, "carol is not among the allowed signers"),
        ({"signer": "ALICE"}, "ALICE is not among the allowed signers"),
        ({"signer": "bob"}, "not by a key of bob"),
        ({"namespace": "git"}, "another purpose than git"),
        ({"message": MESSAGE + b" "}, "not of these bytes"),
        ({"message": b""}, "not of these bytes"),
        ({"signature": ""}, "no SSH signature"),
        (
            {"signature": "-----BEGIN SSH SIGNATURE-----\nU1NIU0lH\n-----END SSH SIGNATURE-----\n"},
            "no SSH signature",
        ),
    ],
)
def test_what_does_not_hold_is_refused_with_its_reason(keys, changed, reason):
    signature = sign(MESSAGE, keys / "alice", NAMESPACE)
    given_ = {
        "message": MESSAGE,
        "signature": signature,
        "signer": "alice",
        "namespace": NAMESPACE,
    } | changed
    with pytest.raises(VerificationError, match=reason):
        verify_signature(**given_, allowed_signers=keys / "allowed_signers", at=AT)


@given(data=st.data())
def test_any_changed_character_of_a_signature_refuses(keys, data):
    signature = sign(MESSAGE, keys / "alice", NAMESPACE)
    place = data.draw(st.integers(0, len(signature) - 1))
    character = data.draw(
        st.characters(codec="ascii").filter(lambda drawn: drawn != signature[place])
    )
    with pytest.raises(VerificationError):
        verify_signature(
            MESSAGE,
            signature[:place] + character + signature[place + 1 :],
            "alice",
            keys / "allowed_signers",
            NAMESPACE,
            AT,
        )


@given(message=st.binary(max_size=200), data=st.data())
def test_any_changed_byte_of_a_message_refuses(keys, message, data):
    signature = sign(message, keys / "alice", NAMESPACE)
    verify_signature(message, signature, "alice", keys / "allowed_signers", NAMESPACE, AT)
    other = data.draw(st.binary(max_size=200).filter(lambda drawn: drawn != message))
    for changed in (other, message + b"\0", b"\n" + message):
        with pytest.raises(VerificationError, match="not of these bytes"):
            verify_signature(changed, signature, "alice", keys / "allowed_signers", NAMESPACE, AT)


def armored(content):
    """The text form of a signature's bytes."""
    encoded = base64.b64encode(content).decode()
    return f"-----BEGIN SSH SIGNATURE-----\n{encoded}\n-----END SSH SIGNATURE-----\n"


def test_a_signature_of_another_version_of_the_format_is_refused(keys):
    content = bytes(opened(sign(MESSAGE, keys / "alice", NAMESPACE))).replace(
        b"SSHSIG\0\0\0\1", b"SSHSIG\0\0\0\2", 1
    )
    with pytest.raises(VerificationError, match="another version of the format than 1"):
        opened(armored(content))


def test_a_signature_is_written_in_one_way_only(keys):
    parsed = opened(sign(MESSAGE, keys / "alice", NAMESPACE))
    for content in (bytes(parsed) + b"\0", bytes(parsed)[:-1]):
        with pytest.raises(VerificationError, match="no SSH signature"):
            opened(armored(content))
    padded = next(
        signature
        for length in range(3)
        if "=" in (signature := sign(MESSAGE, keys / "alice", "n" * (length + 1)))
    )
    last = padded.index("=") - 1
    with pytest.raises(VerificationError, match="no SSH signature"):
        opened(padded[:last] + chr(ord(padded[last]) + 1) + padded[last + 1 :])
    parsed.hash_algo = b"md5"
    with pytest.raises(VerificationError, match="kind that is not accepted"):
        opened(parsed.to_armored())


@needs_ssh_keygen
def test_short_rsa_keys_are_refused_plainly(tmp_path):
    """When signing, in the file of allowed signers, and when verifying."""
    key = tmp_path / "rsa"
    subprocess.run([SSH_KEYGEN, "-q", *SHORT_RSA, "-N", "", "-f", key], check=True)
    too_short = "an RSA key of 3,064 bits is too short; use an Ed25519"
    with pytest.raises(UsageError, match=f"rsa: {too_short}"):
        sign(MESSAGE, key, NAMESPACE)
    file = tmp_path / "allowed_signers"
    file.write_text(f"# first\nalice {public_key(key)}\n", encoding="utf-8")
    with pytest.raises(UsageError, match=f"Line 2 of .*: {too_short}"):
        signer_keys(file)
    with pytest.raises(VerificationError, match=too_short):
        opened(signed_by_ssh_keygen(key, MESSAGE))


# A public DSA key, and one of Ed25519 in hardware, as OpenSSH writes them; neither was ever used.
OTHER_KINDS = {
    "ssh-dss": [(1 << 1023) + 1, (1 << 159) + 1, 4, 5],
    "sk-ssh-ed25519@openssh.com": [b"\1" * 32, b"ssh:"],
}


@pytest.mark.parametrize("kind", OTHER_KINDS)
def test_other_kinds_of_keys_are_refused_plainly(tmp_path, kind):
    fields = [
        field if isinstance(field, bytes) else field.to_bytes(field.bit_length() // 8 + 1, "big")
        for field in OTHER_KINDS[kind]
    ]
    encoded = base64.b64encode(packed(kind.encode(), *fields)).decode()
    file = tmp_path / "allowed_signers"
    file.write_text(f"alice {kind} {encoded}\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"Line 1 of .*: a key of this kind is not accepted; use"):
        signer_keys(file)


def test_a_key_is_written_in_one_way_only(keys):
    """Else one key under two spellings would be two people."""
    content = base64.b64decode(public_key(keys / "alice").split()[1])
    with pytest.raises(ValueError, match=r"key|data"):
        accepted_key(content + b"\0")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("alice cert-authority KEY", "certificate authorities are not accepted"),
        ("* KEY", "without patterns"),
        ("*@example.org KEY", "without patterns"),
        ("alice,!bob KEY", "without patterns"),
        ('"alice " KEY', "without patterns"),
        ("alice", "not of the form"),
        ('"alice', "not of the form"),
        ("alice ssh-ed25519 AAA!", "not of the form"),
        ('alice no-touch="yes" KEY', "not of the form"),
        ("alice ssh-rsa KEY-ALONE", "its TYPE is not that of its KEY"),
        ('alice valid-after="2020-12-31" KEY', "a time is written"),
        ('alice valid-after="20201301" KEY', "a time is written"),
        ('alice valid-after="00010101" KEY', "a time is written"),
    ],
)
def test_unsound_allowed_signers_are_a_wrong_configuration(keys, tmp_path, line, reason):
    file = tmp_path / "allowed_signers"
    key = public_key(keys / "alice")
    written = line.replace("KEY-ALONE", key.split()[1]).replace("KEY", key)
    file.write_text(f"# first\n{written}\n", encoding="utf-8")
    with pytest.raises(UsageError, match=f"Line 2 of .*{reason}"):
        signer_keys(file)


LIKE_A_LINE = (
    r'"?[a-z,*]{0,4}"? ?([a-z-]{3,14}(="[0-9]{0,14}Z?")?,?){0,3} ?ssh-ed25519 ?[A-Za-z]{0,8}=*'
)


@given(content=st.one_of(st.text(), st.from_regex(LIKE_A_LINE)))
def test_any_text_is_read_or_is_a_wrong_configuration(keys, content):
    file = keys / "drawn"
    file.write_text(content, encoding="utf-8", errors="surrogatepass", newline="")
    with suppress(UsageError):
        signer_keys(file)


def test_a_missing_file_names_its_setting(tmp_path):
    with pytest.raises(UsageError, match="UHI_ALLOWED_SIGNERS"):
        signer_keys(tmp_path / "none")


def test_a_private_key_that_cannot_be_used_is_named(keys, tmp_path):
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        sign(MESSAGE, tmp_path / "none", NAMESPACE)
    with pytest.raises(UsageError, match="no private key in OpenSSH's format"):
        sign(MESSAGE, private(tmp_path / "public", (keys / "alice.pub").read_bytes()), NAMESPACE)
    key = private(tmp_path / "open", (keys / "alice").read_bytes())
    key.chmod(0o640)
    with pytest.raises(UsageError, match="chmod 600"):
        sign(MESSAGE, key, NAMESPACE)


def private(file, content):
    file.touch(mode=0o600)
    file.write_bytes(content)
    return file


def test_a_key_is_made_for_its_owner_alone_and_never_over_another(tmp_path):
    line = make_key(tmp_path / "key", "Demo Editor")
    assert line.startswith('"Demo Editor" ssh-ed25519 ')
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        make_key(tmp_path / "key", "alice")
    for name in ("", "a,b", 'a"', "*", "a\nb", "#a", " a"):
        with pytest.raises(UsageError, match="cannot stand"):
            make_key(tmp_path / "other", name)


SIGNING = """
import sys, pathlib
from orchestration.signatures.signing import sign
print(sign(b'x', pathlib.Path(sys.argv[1]), 'n'))
"""


@needs_ssh_keygen
@pytest.mark.parametrize(
    ("typed", "message"), [("right", "BEGIN SSH SIGNATURE"), ("wrong", "not the passphrase of")]
)
def test_a_passphrase_is_asked_for_on_a_terminal_only(tmp_path, monkeypatch, typed, message):
    key = made_by_ssh_keygen(tmp_path, "ed25519", passphrase="right")  # noqa: S106
    monkeypatch.setattr(sys, "stdin", io.StringIO("right\n"))
    with pytest.raises(UsageError, match="has a passphrase"):
        sign(MESSAGE, key, NAMESPACE)
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", SIGNING, str(key)],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        cwd=PROJECT,
        env=os.environ | {"PYTHONPATH": str(PROJECT)},
    )
    while termios.tcgetattr(theirs)[LOCAL_MODES] & termios.ECHO and process.poll() is None:
        time.sleep(0.05)
    os.write(ours, f"{typed}\n".encode())
    output, _ = process.communicate()
    for descriptor in (ours, theirs):
        os.close(descriptor)
    assert message in output.decode()
    assert "Passphrase of" in output.decode()
