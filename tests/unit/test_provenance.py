"""What the code says of itself.

The commit of a git checkout, clean or not, and nothing made up where it is not known.
"""

import os
import subprocess

import pytest

from orchestration.build.provenance import code_identity


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A git checkout of two files, one of which acts."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    (tmp_path / "quality").mkdir()
    (tmp_path / "quality" / "checks.yml").write_text("a: 1\n", encoding="utf-8")
    (tmp_path / "README.md").write_text("text\n", encoding="utf-8")
    identity = [
        "-c",
        "user.name=tests",
        "-c",
        "user.email=tests@example.org",
        "-c",
        "commit.gpgsign=false",
    ]
    for command in (["init", "-q"], ["add", "-A"], [*identity, "commit", "-qm", "first"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    return tmp_path


def head_of(checkout):
    return subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=checkout, capture_output=True, text=True, check=True
    ).stdout.strip()


@pytest.mark.parametrize(
    ("file", "clean"),
    [
        (None, True),
        ("README.md", True),
        ("quality/checks.yml", False),
        ("quality/new.py", False),
        ("requirements.lock", False),
    ],
)
def test_a_checkout_is_clean_where_all_that_acts_is_committed(checkout, file, clean):
    if file:
        (checkout / file).write_text("changed\n", encoding="utf-8")
    found = code_identity(checkout)
    assert (found.commit, found.clean, found.remark) == (head_of(checkout), clean, None)
    assert (found.requirements_lock is not None) == (file == "requirements.lock")


def test_another_repository_in_the_environment_is_not_asked(checkout, monkeypatch):
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    assert code_identity(checkout).clean is True


def unborn(checkout, monkeypatch):
    (checkout / ".git" / "HEAD").write_text("ref: refs/heads/none\n", encoding="utf-8")


def without_checkout(checkout, monkeypatch):
    (checkout / ".git").rename(checkout / "git")


def without_git(checkout, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")


@pytest.mark.parametrize(
    ("make", "remark"),
    [
        (without_checkout, "the code is no git checkout"),
        (without_git, "git is not installed"),
        (unborn, "git could not read the checkout"),
    ],
)
def test_no_commit_is_made_up(checkout, monkeypatch, make, remark):
    make(checkout, monkeypatch)
    found = code_identity(checkout)
    assert (found.commit, found.clean, found.remark) == (
        None,
        None,
        f"no commit known: {remark}",
    )
