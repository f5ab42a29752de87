"""What the scan of a release takes for personal, and what it must not."""

import pytest

from quality.egress import kinds_in

CANARY = "金丝雀名"
IDENTITY_NUMBER, PHONE, NAME = "an identity number", "a mobile phone number", "a name of a person"
TEXTS = {
    "110101190001010030": IDENTITY_NUMBER,
    "号１１０１０１１９０００１０１００３０，": IDENTITY_NUMBER,
    "11010119000101033x": IDENTITY_NUMBER,
    "110101190001010031": None,
    "f110101190001010030": None,
    "913303021228804459": None,
    "13900009999": PHONE,
    "电话137-0000-8888": PHONE,
    "137 0000 8888": PHONE,
    "+8613900009999": PHONE,
    "0086 13900009999": PHONE,
    "a,86-13900009999,b": PHONE,
    "13900009999.0000": PHONE,
    "0.13900009999": None,
    "139000099991": None,
    "a13900009999": None,
    "913303028613900009": None,
    "9133030286139000099": None,
    "12345678901": None,
    f"工会主席{CANARY}": NAME,
}


@pytest.mark.parametrize(("text", "kind"), TEXTS.items())
def test_what_is_personal(text, kind):
    assert list(kinds_in(text, [CANARY])) == ([kind] if kind else [])
