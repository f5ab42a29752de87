"""OpenSSH's own tool, which judges the signatures that the project makes."""

import shutil

import pytest

SSH_KEYGEN = shutil.which("ssh-keygen")
needs_ssh_keygen = pytest.mark.skipif(
    SSH_KEYGEN is None, reason="ssh-keygen (Debian: openssh-client) is not installed"
)
