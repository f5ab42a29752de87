"""Signatures against the real ssh-keygen, in both directions.

Every reason for which one is refused is tried.
"""

import base64
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.errors import VerificationError
from orchestration.signatures.signing import make_key, opened, sign, verify_signature
from tests.support.openssh import (
    AT,
    KINDS,
    MESSAGE,
    NAMESPACE,
    accepted_by_ssh_keygen,
    made_by_ssh_keygen,
    needs_ssh_keygen,
    public_key,
    signed_by_ssh_keygen,
)


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
