"""Pseudonyms are HMAC-SHA256 of the normal form; check characters agree with python-stdnum."""

import base64
import hashlib
import hmac

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from orchestration.errors import UsageError
from orchestration.extract import pseudonyms
from orchestration.settings import Settings

KEY = b"0123456789abcdef0123456789abcdef"
CONNECTION = duckdb.connect()
pseudonyms.open_pseudonyms(CONNECTION, KEY)


def ask(expression, cell):
    normalised = "select normalised(cell) as cell from (select $1::varchar as cell)"
    query = f"select {expression} from ({normalised})"
    return CONNECTION.execute(query, [cell]).fetchone()[0]


@given(st.text(alphabet=st.characters(exclude_characters="\0", codec="utf-8")))
def test_pseudonym_is_hmac_of_the_purpose(cell):
    purpose_key = hmac.new(KEY, b"phone", hashlib.sha256).digest()
    normal = ask("cell", cell)
    assert (
        ask(pseudonyms.pseudonym("cell", "phone"), cell)
        == hmac.new(purpose_key, normal.encode(), hashlib.sha256).hexdigest()
    )


def test_purposes_do_not_share_pseudonyms():
    assert ask(pseudonyms.pseudonym("cell", "phone"), "1") != ask(
        pseudonyms.pseudonym("cell", "identity_number"), "1"
    )


@pytest.mark.parametrize(
    "variant",
    ["33030219900101123x", "　33030219900101123X ", "３３０３０２１９９００１０１１２３Ｘ"],
)
def test_spellings_of_one_number_are_one_person(variant):
    assert ask(pseudonyms.pseudonym("cell", "identity_number"), variant) == ask(
        pseudonyms.pseudonym("cell", "identity_number"), "33030219900101123X"
    )


@given(st.from_regex(r"[0-9]{17}", fullmatch=True), st.sampled_from("0123456789X"))
def test_check_character_agrees_with_stdnum(body, check):
    number = body + check
    assert ask(pseudonyms.identity_number_valid("cell"), number) == (
        ric.calc_check_digit(number) == check
    )


@pytest.mark.parametrize(
    "number", ["", "1", "33030219900101123", "3303021990010112345", "33030219900101123Y"]
)
def test_other_lengths_and_characters_are_invalid(number):
    assert ask(pseudonyms.identity_number_valid("cell"), number) is False


@pytest.mark.parametrize(
    ("number", "placeholder"),
    [("000000000000000000", True), ("123456789012345678", True), ("330302199001011234", False)],
)
def test_placeholders(number, placeholder):
    assert ask(pseudonyms.identity_number_placeholder("cell"), number) is placeholder


def test_a_key_is_required(tmp_path):
    with pytest.raises(UsageError, match="No pseudonym key"):
        pseudonyms.pseudonym_key(Settings())
    with pytest.raises(UsageError, match="31 bytes"):
        pseudonyms.pseudonym_key(Settings(pseudonym_key="x" * 31))
    with pytest.raises(UsageError, match="cannot be read"):
        pseudonyms.pseudonym_key(Settings(pseudonym_key_file=tmp_path / "none"))


GOOD = "1f0c7d2e9b8a4356d70e21c94b6fa853"


@pytest.fixture
def key_file(tmp_path):
    file = tmp_path / "key"
    file.write_text(f"{GOOD}\n")
    file.chmod(0o600)
    return file


def test_a_key_file_is_its_owners_alone(key_file):
    assert pseudonyms.pseudonym_key(Settings(pseudonym_key_file=key_file)) == GOOD.encode()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_a_key_file_that_is_open_to_others_is_refused(key_file, mode):
    key_file.chmod(mode)
    with pytest.raises(UsageError, match=f"chmod 600 {key_file}") as refused:
        pseudonyms.pseudonym_key(Settings(pseudonym_key_file=key_file))
    assert GOOD not in str(refused.value)


@pytest.mark.parametrize(
    ("key", "problem"),
    [
        ("k" * 32, "only 1 different byte "),
        ("abcdefg" * 5, "only 7 different bytes"),
        ("change-me, now! " * 3, "repeats a shorter one"),
    ],
)
def test_a_key_that_is_easily_guessed_is_refused(key, problem):
    with pytest.raises(UsageError, match=problem) as refused:
        pseudonyms.pseudonym_key(Settings(pseudonym_key=key))
    assert "head -c 48 /dev/urandom | base64" in str(refused.value)
    assert key not in str(refused.value)


@given(st.binary(min_size=64, max_size=64).map(lambda salt: hashlib.sha256(salt).digest()))
def test_random_keys_are_taken(key):
    pseudonyms.refuse_weak(key)
    pseudonyms.refuse_weak(key.hex()[:32].encode())
    pseudonyms.refuse_weak(base64.b64encode(key))
