"""What a release says of itself.

The sentences of its notice, and where the releases before it lie.
"""

import base64
import io
import re
from dataclasses import replace

import pytest
from fontTools.ttLib import TTFont

from orchestration.documents.edition import Edition
from orchestration.documents.note import chart_note, links_before, notice_of
from orchestration.documents.note.changed import exact
from orchestration.home import files
from orchestration.home.layout import Home
from orchestration.home.records.release import ReleaseIdentity, Revision, Tombstone
from orchestration.home.release_note import ReleaseNote, retractions
from orchestration.periods import Period
from orchestration.release.retraction import tombstone_page
from quality.standing import holds
from tests.support import ledgers
from tests.support.records import verdict

DECEMBER = Period(2020, 12)
MOMENT = "2020-12-20T10:00:00+08:00"
REVISION = Revision(kind="correction", reason="一县重复计入", supersedes="r1", sha256sums="0" * 64)
BEFORE = ReleaseIdentity(period="2020-11", release="r2", sha256sums="1" * 64)


@pytest.fixture
def home(tmp_path):
    """A home with some releases retracted, and r2 of November in force.

    Retracted are November r1, and December r1 and r10.
    """
    for period, release in (("2020-11", "r1"), ("2020-12", "r10"), ("2020-12", "r1")):
        stone = {
            "period": period,
            "release": release,
            "digest": "0" * 64,
            "at": "2021-02-03T01:02:03+00:00",
            "reason": "错\n误",
            "by": "erin",
        }
        folder = tmp_path / "releases" / period / release
        folder.mkdir(parents=True)
        (folder / "retraction.json").write_text(files.to_json(stone), encoding="utf-8")
    published = {"digest": "0" * 64, "record": "0" * 64, "release_time": MOMENT}
    ledgers.append(tmp_path, "publication", period="2020-11", release="r2", **published)
    return tmp_path


def edition(tmp_path, note, name="internal"):
    return Edition(
        tmp_path / name,
        methodology=None,
        verdict=verdict("2020-12"),
        overrides=[],
        note=note,
    )


def test_what_was_retracted_of_its_month_is_told_in_order(home):
    assert [(each.period, each.release) for each in retractions(Home(home), DECEMBER)] == [
        ("2020-12", "r1"),
        ("2020-12", "r10"),
    ]


def test_what_was_retracted_of_the_month_before_is_told_where_nothing_replaced_it(home):
    (home / "ledger.jsonl").unlink()
    assert [each.period for each in retractions(Home(home), DECEMBER)] == [
        "2020-11",
        "2020-12",
        "2020-12",
    ]


def test_a_first_release_tells_nothing(tmp_path):
    note = ReleaseNote(compared_with=BEFORE)
    assert (notice_of("2020-12", note), chart_note(edition(tmp_path, note))) == ([], [])
    assert [path for path, _ in links_before(edition(tmp_path, note))] == [
        "../../../2020-11/r2/internal/index.html"
    ]


@pytest.mark.parametrize(
    ("kind", "word"), [("correction", "更正"), ("revision", "修订"), ("method_change", "方法调整")]
)
def test_each_kind_says_what_it_supersedes_and_why(tmp_path, kind, word):
    note = ReleaseNote(
        REVISION.model_copy(update={"kind": kind}),
        ReleaseIdentity(period="2020-12", release="r1", sha256sums="0" * 64),
    )
    [(chinese, english)] = notice_of("2020-12", note)
    assert chinese.startswith(f"{word}：")
    assert "2020年12月 r1 版" in chinese
    assert chinese.endswith("原因：一县重复计入")
    assert english.endswith("Reason: 一县重复计入")
    assert note.is_compared_with_its_month
    [(below, _)] = chart_note(edition(tmp_path, note))
    assert holds(below, [word[:2], "r1"])
    assert [path for path, _ in links_before(edition(tmp_path, note))] == [
        "../../r1/internal/index.html"
    ]


def test_the_public_edition_leads_to_no_other_release(tmp_path):
    """It is copied to where no other is."""
    assert links_before(edition(tmp_path, ReleaseNote(REVISION, BEFORE), "public")) == []


def test_after_a_retraction_the_notice_says_when_why_and_that_nothing_is_compared(home, tmp_path):
    note = ReleaseNote(
        REVISION.model_copy(update={"supersedes": "r10"}), None, retractions(Home(home), DECEMBER)
    )
    told = [chinese for chinese, _ in notice_of("2020-12", note)]
    assert told[1] == "撤回：2020年12月 r1 版已于2021年2月3日撤回。撤回原因：错 误"
    assert told[-1].startswith("已撤回的数据不再有效，本版不与其比较")
    assert [path for path, _ in links_before(edition(tmp_path, note))] == [
        "../../r1/index.html",
        "../../r10/index.html",
    ]
    compared = replace(note, compared_with=BEFORE)
    assert notice_of("2020-12", compared)[-1][0] == "已撤回的数据不再有效，本版不与其比较。"
    assert not compared.is_compared_with_its_month


def test_a_tombstone_brings_the_font_that_it_is_shown_in():
    tombstone = Tombstone(
        period="2020-12",
        release="r1",
        digest="0" * 64,
        reason="鹿城区重复计入\U00030edd",
        by="erin",
        at="2021-02-03T00:00:00+00:00",
    )
    page = tombstone_page(tombstone, "r2")
    font = base64.b64decode(page.partition("base64,")[2].partition(")")[0])
    drawn = set(TTFont(io.BytesIO(font)).getBestCmap())
    text = re.sub("<style>.*</style>", "", page, flags=re.DOTALL)
    lacking = {
        character for character in text if ord(character) not in drawn and character.isprintable()
    }
    assert lacking <= {"\U00030edd"}
    assert '<a href="../r2/public/index.html">2020-12 r2</a>' in page


def test_a_phrase_is_found_whatever_its_line_breaks_and_missing_glyphs():
    assert holds("更正：本版取\n代 r1 版。原因：重复〓入", ["更正", "r1", "重复计入"])
    assert not holds("更正：本版取代 r1 版。", ["更正", "r1", "重复计入"])
    assert not holds("重复计入 r1 更正", ["更正", "r1", "重复计入"])


def test_differences_are_shown_in_full_with_a_true_minus():
    assert [exact(None), exact(-1), exact(1), exact(0)] == ["–", "−1", "+1", "0"]
