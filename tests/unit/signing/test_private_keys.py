"""Private keys: which are used, how one is made, and when its passphrase is asked for."""

import io
import os
import pty
import subprocess
import sys
import termios
import time

import pytest

from orchestration.errors import UsageError
from orchestration.settings import PROJECT
from orchestration.signatures.signing import make_key, sign
from tests.support.openssh import MESSAGE, NAMESPACE, made_by_ssh_keygen, needs_ssh_keygen

LOCAL_MODES = 3


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
