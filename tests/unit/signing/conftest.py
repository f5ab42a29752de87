"""Keys of two people, and the file that allows them to sign."""

import pytest

from orchestration.signatures.signing import make_key


@pytest.fixture(scope="package")
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
