"""What the ledger keeps of an erasure has no number of a person in it, in whatever form."""

import pytest

from orchestration.errors import UsageError
from orchestration.privacy.erasure import ledger_statement

NUMBER = "330302199711093765"
FULL_WIDTH = NUMBER.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
FORMS = (
    NUMBER,
    FULL_WIDTH,
    "330302 19971109 3765",
    "33-03-0219971109.3765",
    "330302\u200219971109\u20023765",
    "330302971109376",
    "330302 971109 376",
    "number of another, 330302199001011008",
    "mobile 139-0000-9999",
)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("place", ["by", "reason"])
def test_no_number_of_a_person_is_kept(form, place):
    stated = {"by": "officer", "reason": "request 7"} | {place: f"for {form}"}
    with pytest.raises(UsageError, match="no identity number and no phone number") as refused:
        ledger_statement(NUMBER, **stated)
    assert form not in str(refused.value)


def test_a_plain_statement_is_kept():
    kept = ledger_statement(NUMBER, "officer", "request  7 of 2026-11-27, file 2026/139")
    assert kept == {"by": "officer", "reason": "request 7 of 2026-11-27, file 2026/139"}
