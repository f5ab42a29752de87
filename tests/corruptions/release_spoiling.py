"""Edits of the files of a built release, and how they become corruptions of the catalogue."""

import json
import re
import shutil
from pathlib import Path

import docx
import duckdb
import openpyxl
from openpyxl.comments import Comment

from orchestration.documents.edition import Edition
from orchestration.documents.site.data import area_data, script_of
from orchestration.home import files
from orchestration.release.editions import write_csv
from tests.corruptions import Corruption
from tests.corruptions.lineage import restated

CANARY = "金丝雀名"
IDENTITY_NUMBER = "110101190001010030"
PHONE = "137-0000-8888"
EMPTY_TOWNSHIP = "330328003"
COVERING_COUNTY = "330302"
SHOWN_COUNTY = "330381"
PUBLIC_KEYS = {
    "area_index": "area_code",
    "area_dimension": "area_code, dimension",
    "area_indicator": "area_code, indicator",
    "county_ranking": "area_code",
    "population_change": "area_code",
}
NO_RANKS = "replace (null::int as rank, null::int as previous_rank)"
RANKS_LEFT_OUT = {
    "area_index": NO_RANKS,
    "area_dimension": "replace (null::int as rank)",
    "county_ranking": NO_RANKS.replace(")", ", null::int as rank_low, null::int as rank_high)"),
}


def edit(name, old, new):
    """Replace the first occurrence of a text in a file."""

    def spoil(folder: Path):
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return spoil


def rewrite(name, query, *, with_csv=True):
    """Replace a Parquet file by a query of it, and its CSV form too."""

    def spoil(folder: Path):
        file = folder / f"{name}.parquet"
        spoiled = file.with_suffix(".spoiled")
        rows = query.replace("built", f"read_parquet({str(file)!r})")
        duckdb.sql(f"copy ({rows}) to '{spoiled}' (format parquet)")
        spoiled.replace(file)
        if with_csv:
            with duckdb.connect() as connection:
                write_csv(connection, file)

    return spoil


def uncover(area, left_out=()):
    """Show all figures of a suppressed area but its ranks, in all public tables not left out."""

    def spoil(folder: Path):
        for table in PUBLIC_KEYS.keys() - set(left_out):
            key = PUBLIC_KEYS[table]
            others, judged = (
                f"from built where area_code <> '{area}'",
                f"read_parquet('{folder}/internal/{table}.parquet')",
            )
            cells = f"* {RANKS_LEFT_OUT.get(table, '')}, false as suppressed"
            shown = f"select {cells} from {judged} where area_code = '{area}'"
            rewrite(f"public/{table}", f"{others} union all {shown} order by {key}")(folder)

    return spoil


def show_counts(area):
    """Show the counts of events in a shown area that are hidden for their bounds."""

    def spoil(folder: Path):
        judged = f"read_parquet('{folder}/internal/population_change.parquet')"
        counts = ", ".join(
            f"if(shown.area_code = '{area}', judged.{count}, shown.{count}) as {count}"
            for count in ("opened", "closed")
        )
        rewrite(
            "public/population_change",
            f"select shown.* replace ({counts}) from built as shown "
            f"inner join {judged} as judged using (area_code) order by shown.area_code",
        )(folder)

    return spoil


def with_site(spoil):
    """Spoil public tables, and let the site show them as they are then."""

    def spoil_and_show(folder: Path):
        spoil(folder)
        public = Edition(folder / "public", methodology=None, verdict=None, overrides=[])
        (folder / "public" / "site" / "data" / "areas.js").write_text(
            script_of("areas", area_data(public)), encoding="utf-8"
        )

    return spoil_and_show


def on_file(name, act):
    """Do something with a path of the release."""
    return lambda folder: act(folder / name)


def copy_to_public(folder):
    for form in ("csv", "parquet"):
        (folder / "public" / f"union_index.{form}").write_bytes(
            (folder / "internal" / f"union_index.{form}").read_bytes()
        )


def copy_cases_to_public(folder):
    shutil.copyfile(folder / "internal" / "cases.html", folder / "public" / "cases.html")


def cut(file):
    content = file.read_bytes()
    file.write_bytes(content[: len(content) * 2 // 3])


def reverse_rows(file):
    header, *rows = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join([header, *reversed(rows)]), encoding="utf-8")


def edit_first(pattern, old, new):
    """Replace a text in the first file that has it."""

    def spoil(folder: Path):
        file = next(
            file for file in sorted(folder.glob(pattern)) if old in file.read_text(encoding="utf-8")
        )
        file.write_text(file.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")

    return spoil


def change_first(pattern, expression, replacement):
    """The same of a regular expression."""

    def spoil(folder: Path):
        file = next(
            file
            for file in sorted(folder.glob(pattern))
            if re.search(expression, file.read_text(encoding="utf-8"))
        )
        file.write_text(
            re.sub(expression, replacement, file.read_text(encoding="utf-8"), count=1),
            encoding="utf-8",
        )

    return spoil


def comment_of(text):
    """Put a text in a comment of a workbook's first sheet."""

    def spoil(file: Path):
        book = openpyxl.load_workbook(file)
        book.worksheets[0]["A1"].comment = Comment(text, "editor")
        book.save(file)

    return spoil


def paragraph_of(text):
    """Add a paragraph to a document."""

    def spoil(file: Path):
        document = docx.Document(str(file))
        document.add_paragraph(text)
        document.save(str(file))

    return spoil


def tell_findings(folder):
    """Tell in public what checks that did not pass observed."""
    checks = json.loads((folder / "verdict.json").read_text(encoding="utf-8"))["checks"]
    findings = " ".join(f"<p>{check['observed']}</p>" for check in checks if not check["passed"])
    edit("public/index.html", "</h1>", f"</h1>{findings}")(folder)


def describe(folder):
    """State the digests of the files as they are now."""
    for edition in ("internal", "public"):
        package = json.loads((folder / edition / "datapackage.json").read_text(encoding="utf-8"))
        for resource in package["resources"]:
            file = folder / edition / resource["path"]
            if file.exists():
                resource |= {
                    "bytes": file.stat().st_size,
                    "hash": f"sha256:{files.sha256_of(file)}",
                }
        (folder / edition / "datapackage.json").write_text(
            json.dumps(package, ensure_ascii=False), encoding="utf-8"
        )
    change_manifest(
        lambda manifest: manifest["verdict"].update(sha256=files.sha256_of(folder / "verdict.json"))
    )(folder)


def change_package(edition, change):
    """Change the description of an edition's area_index.csv."""

    def spoil(folder: Path):
        file = folder / edition / "datapackage.json"
        package = json.loads(file.read_text(encoding="utf-8"))
        change(
            next(resource for resource in package["resources"] if resource["name"] == "area_index")
        )
        file.write_text(json.dumps(package, ensure_ascii=False), encoding="utf-8")

    return spoil


def fields_of(resource):
    return {field["name"]: field for field in resource["schema"]["fields"]}


def change_manifest(change):
    def spoil(folder: Path):
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        change(manifest)
        (folder / "manifest.json").write_text(
            json.dumps(manifest, ensure_ascii=False), encoding="utf-8"
        )

    return spoil


def output(name, spoil, check, *also):
    def spoil_and_describe(folder: Path):
        spoil(folder)
        describe(folder)

    return description(name, spoil_and_describe, check, *also)


def description(name, spoil, check, *also):
    return Corruption(
        name,
        "output",
        restated(spoil),
        f"release.{check}",
        also=tuple(f"release.{other}" for other in also),
    )
