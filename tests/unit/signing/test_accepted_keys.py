"""Which keys, and which files of allowed signers, are taken, and what is told of others."""

import base64
import subprocess
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.errors import UsageError, VerificationError
from orchestration.signatures.keys import packed
from orchestration.signatures.keys import public_key as accepted_key
from orchestration.signatures.signing import opened, sign, signer_keys
from tests.support.openssh import (
    MESSAGE,
    NAMESPACE,
    SHORT_RSA,
    SSH_KEYGEN,
    needs_ssh_keygen,
    public_key,
    signed_by_ssh_keygen,
)


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
