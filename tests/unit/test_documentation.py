"""README, the guides and the citation are true to the code: names, paths, settings, links."""

import re
from pathlib import Path

import pytest
import yaml

from orchestration.settings import PROJECT, Settings

DOCS = PROJECT / "docs"
TEXTS = [
    PROJECT / "README.md",
    PROJECT / "CONTRIBUTING.md",
    *sorted(DOCS.rglob("*.md")),
]
IN_ROOMS = re.compile(r"`((?:orchestration|dbt_project|quality|tests)/[\w./-]*)`")
LINK = re.compile(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)")
MADE_WITH_THE_SITE = "models/index.html"
MOST_BYTES = 200_000


def name_of(file):
    return file.relative_to(PROJECT).as_posix()


def test_readme_is_short():
    lines = (PROJECT / "README.md").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 90
    assert max(map(len, lines)) <= 100


@pytest.mark.parametrize("file", TEXTS, ids=name_of)
def test_every_file_that_is_named_is_there(file):
    text = file.read_text(encoding="utf-8")
    named = [PROJECT / path for path in IN_ROOMS.findall(text)]
    linked = [
        file.parent / path for path in LINK.findall(text) if not path.endswith(MADE_WITH_THE_SITE)
    ]
    assert [str(path) for path in (*named, *linked) if not path.exists()] == []


def test_every_setting_is_in_the_reference():
    text = (DOCS / "reference" / "settings.md").read_text(encoding="utf-8")
    first_cells = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    named = re.findall(r"`UHI_(\w+)`", "".join(first_cells))
    assert sorted(name.lower() for name in named) == sorted(Settings.model_fields)


def test_pictures_are_small():
    pictures = list((DOCS / "images").iterdir())
    assert pictures
    assert [name_of(file) for file in pictures if file.stat().st_size > MOST_BYTES] == []


def test_the_citation_has_what_its_format_requires():
    citation = yaml.safe_load((PROJECT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= citation.keys()
    assert citation["cff-version"] == "1.2.0"
    assert citation["type"] == "software"
    assert citation["license"] == "MIT"
    assert all(author.keys() == {"name"} for author in citation["authors"])
    project = (PROJECT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'\nversion = "{citation["version"]}"\n' in project


def test_readme_says_the_three_commands():
    text = (PROJECT / "README.md").read_text(encoding="utf-8")
    [block] = re.findall(r"^```\n(make demo.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert [line.split("#")[0].strip() for line in block.splitlines()] == [
        "make demo",
        "make test",
        "make dev",
    ]
    targets = (PROJECT / "Makefile").read_text(encoding="utf-8")
    named = set(
        re.findall(
            r"(?:`|^)make ([a-z]+)",
            "".join(Path(f).read_text("utf-8") for f in TEXTS),
            re.MULTILINE,
        )
    )
    assert [name for name in named if f"\n{name}: setup" not in targets] == ["lock"]
