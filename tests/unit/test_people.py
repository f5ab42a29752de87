"""Names of people: which are read, and which spellings are of one person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.errors import UsageError
from orchestration.signatures.people import format_error, key_of, person_name
from orchestration.signatures.signing import make_key, sign, signer_keys, verify_signature
from tests.support.openssh import AT, MESSAGE, NAMESPACE

ZERO_WIDTH, RIGHT_TO_LEFT, SOFT_HYPHEN, FILLER = "\u200b", "\u202e", "\u00ad", "\u3164"
CYRILLIC_A, GREEK_O, LATIN_ALPHA, DOTLESS_I = "\u0430", "\u03bf", "\u0251", "\u0131"


@pytest.mark.parametrize("name", ["alice", "Demo Editor", "王丽", "José Łukasz-O'Neil", "bob_2@x"])
def test_a_name_is_read_as_it_is_given(name):
    assert person_name(f" {name} ") == name
    assert format_error(name) is None


def test_spaces_between_words_are_single():
    assert person_name("\u3000Demo \u00a0 Editor\t") == "Demo Editor"
    assert "spaces before, behind" in format_error("Demo  Editor")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "it is empty"),
        (f"al{ZERO_WIDTH}ice", r"U\+200B"),
        (f"alice{RIGHT_TO_LEFT}", r"U\+202E"),
        (f"al{SOFT_HYPHEN}ice", r"U\+00AD"),
        (f"alice{FILLER}", r"U\+3164"),
        ("al\0ice", r"U\+0000"),
        (f"{CYRILLIC_A}lice", r"U\+0430 \(CYRILLIC SMALL LETTER A\)"),
        (f"b{GREEK_O}b", r"U\+03BF \(GREEK SMALL LETTER OMICRON\)"),
        (f"{LATIN_ALPHA}lice", r"U\+0251 \(LATIN SMALL LETTER ALPHA\)"),
        (f"al{DOTLESS_I}ce", r"U\+0131"),
        ("alice*", r"U\+002A \(ASTERISK\)"),
    ],
)
def test_what_cannot_be_seen_or_looks_like_something_else_is_refused_by_its_number(name, reason):
    with pytest.raises(UsageError, match=f"name of a person cannot be read: .*{reason}"):
        person_name(name)


@given(st.text())
def test_a_name_that_is_read_shows_all_that_it_has(text):
    if format_error(text) is None:
        assert text.isprintable()
        assert person_name(text) == text


@pytest.mark.parametrize(
    ("name", "other", "is_same"),
    [
        ("alice", "ALICE", True),
        ("alice", "a1ice", True),
        ("alice", "AIice", True),
        ("alice", "ａｌｉｃｅ", True),
        ("Demo Editor", " demo  editor", True),
        ("bob", "b0b", True),
        ("marni", "mami", True),
        ("jos\u00e9", "jose\u0301", True),
        ("李华", "\uf9e1华", True),
        ("alice", "dave", False),
        ("jose", "josé", False),
        ("王丽", "王莉", False),
    ],
)
def test_spellings_that_look_alike_are_one_person(name, other, is_same):
    assert (key_of(name) == key_of(other)) == is_same


def test_keys_under_names_that_look_alike_are_of_one_person(tmp_path):
    lines = [make_key(tmp_path / name, name) for name in ("alice", "a1ice", "dave")]
    file = tmp_path / "allowed_signers"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    signature = sign(MESSAGE, tmp_path / "a1ice", NAMESPACE)
    names = verify_signature(MESSAGE, signature, "a1ice", file, NAMESPACE, AT)
    assert names == {"alice", "a1ice"}


def test_allowed_signers_hold_no_name_that_looks_like_another(tmp_path):
    line = make_key(tmp_path / "alice", "alice")
    file = tmp_path / "allowed_signers"
    disguised = line.replace("alice", f"{CYRILLIC_A}lice", 1)
    file.write_text(f"{line}\n{disguised}\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"Line 2 of .*U\+0430 \(CYRILLIC SMALL LETTER A\)"):
        signer_keys(file)
