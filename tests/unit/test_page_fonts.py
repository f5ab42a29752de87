"""The characters that the fonts of an edition's pages are cut to."""

from fontTools.ttLib import TTFont

from orchestration.documents.page_fonts import font_face, write_page_fonts


def page(text, style=""):
    return f"<html><style>{style}</style><body>{text}</body></html>"


def test_a_page_that_brings_its_font_adds_no_characters(tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "index.html").write_text(page("温州"), encoding="utf-8")
    own = page("鹿城€", font_face("鹿城€"))
    (tmp_path / "docs.html").write_text(own, encoding="utf-8")
    write_page_fonts(tmp_path)
    for weight in ("regular", "bold"):
        with TTFont(tmp_path / "site" / f"{weight}.ttf") as font:
            drawn = set(map(chr, font.getBestCmap()))
        assert set("温州") <= drawn
        assert not drawn & set("鹿城€")
