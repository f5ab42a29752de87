"""OpenSSH's own tool, which makes keys and judges the signatures that the project makes."""

import shutil
import subprocess
from datetime import UTC, datetime

import pytest

SSH_KEYGEN = shutil.which("ssh-keygen")
needs_ssh_keygen = pytest.mark.skipif(
    SSH_KEYGEN is None, reason="ssh-keygen (Debian: openssh-client) is not installed"
)
NAMESPACE = "uhi-test"
MESSAGE = "城市 index 89.2\n".encode()
AT = datetime(2020, 12, 31, 12, 0, tzinfo=UTC)
KINDS = {
    "ed25519": ["-t", "ed25519"],
    "rsa": ["-t", "rsa", "-b", "3072"],
    **{f"ecdsa{bits}": ["-t", "ecdsa", "-b", bits] for bits in ("256", "384", "521")},
}
SHORT_RSA = ["-t", "rsa", "-b", "3064"]


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
