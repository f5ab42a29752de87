"""dbt's documentation as a reader opens it, from a folder.

It makes no request, raises no error and breaks no rule of its own content policy.
"""

import pytest

from orchestration.lineage.dbt_docs import write_docs
from tests.support.site_fonts import fonts_of_chinese

NOTICE = [
    (
        "更正：本版取代2020年12月 r1 版。更正原因：{{7 * 7}} <b>鹿城区</b>重复计入",
        "Correction: this release supersedes r1.",
    )
]
VIEWS = {
    "#!/overview": ("健康指数的计算模型", "variable:period"),
    "#!/model/model.union_health_index.int_index": (
        "int_index",
        "DECIMAL(18,4)",
        "Rank in the city.",
    ),
    "#!/model/model.union_health_index.int_county_rank_interval": (
        "int_county_rank_interval",
        "Upper end of the interval;",
    ),
    "#!/source/source.union_health_index.platform.member": ("platform.member", "id_pseudonym"),
    "#!/seed/seed.union_health_index.indicators": ("indicators", "VARCHAR"),
    "#!/macro/macro.union_health_index.figure_type": ("figure_type",),
    "#!/exposure/exposure.union_health_index.release": ("release",),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("edition")
    write_docs(folder)
    return folder


@pytest.fixture(scope="module")
def corrected(tmp_path_factory):
    """The folder of a release that corrects another."""
    folder = tmp_path_factory.mktemp("corrected")
    write_docs(folder, NOTICE)
    return folder


@pytest.fixture
def opened(pages, request):
    """Opens a view.

    What the browser objects to, or asks for beside the page itself, fails the test.
    """
    folder = request.getfixturevalue(getattr(request, "param", "folder"))
    address = (folder / "docs" / "index.html").as_uri()
    with pages.lending() as opened:
        shown = []

        def view_opened(view):
            shown.append(opened(address + view, own=(address, "data:")))
            return shown[-1]

        yield view_opened
        shown[-1].wait_for_timeout(300)


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_shows_what_it_is_of(opened, view):
    page = opened(view)
    for text in VIEWS[view]:
        page.get_by_text(text).first.wait_for(state="attached")


def test_chinese_is_drawn_with_the_font_in_the_page(opened):
    page = opened("#!/overview")
    page.get_by_text("健康指数的计算模型").first.wait_for()
    page.evaluate("document.fonts.ready")
    fonts = fonts_of_chinese(page, "h1, .markdown p, td")
    assert ("Noto Sans SC", True) in fonts
    assert all(custom or "CJK" not in family for family, custom in fonts)


def test_the_compiled_sql_is_there(opened):
    page = opened("#!/model/model.union_health_index.int_index#code")
    page.get_by_text("Compiled", exact=True).first.click()
    page.locator("code", has_text='from "warehouse"."index"."int_dimension"').first.wait_for(
        state="attached"
    )


def test_the_graph_is_there(opened):
    page = opened("#!/model/model.union_health_index.area_index?g_v=1")
    page.get_by_text("Lineage Graph").first.wait_for()
    page.locator("canvas").first.wait_for(state="attached")


@pytest.mark.parametrize("opened", ["corrected"], indirect=True)
@pytest.mark.parametrize("view", ["#!/overview", "#!/model/model.union_health_index.int_index"])
def test_what_a_release_corrects_stands_above_every_view_as_it_was_written(opened, view):
    page = opened(view)
    note = page.get_by_role("note")
    for text in (*NOTICE[0], VIEWS[view][0]):
        page.get_by_text(text).first.wait_for()
    assert fonts_of_chinese(page, ".release_note p") == {("Noto Sans SC", True)}
    page_box, note_box = page.locator(".app").first.bounding_box(), note.bounding_box()
    assert note_box["y"] == 0
    assert page_box["y"] >= note_box["y"] + note_box["height"]
    assert page_box["y"] + page_box["height"] <= page.viewport_size["height"]
