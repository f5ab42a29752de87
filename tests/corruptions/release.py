"""Ways to spoil a built release of the contract's example, and the check of a release that must name each.

Most happen before the release is described: its data packages and its manifest have the digests of the spoiled files.
"""

import json
from pathlib import Path

import docx
import duckdb
import openpyxl
from openpyxl.comments import Comment

from orchestration import files
from orchestration.release.editions import write_csv
from tests.corruptions import Corruption

CANARY = "金丝雀名"
IDENTITY_NUMBER = "110101190001010030"
PHONE = "137-0000-8888"
EMPTY_TOWNSHIP = "330328003"
COVERING_COUNTY = "330302"
NEVER_ALONE = {"release.formula": "says what is wrong with cells that otherwise only differ from those of the Parquet file"}
PUBLIC_KEYS = {
    "area_index": "area_code",
    "area_dimension": "area_code, dimension",
    "area_indicator": "area_code, indicator",
    "county_ranking": "area_code",
    "population_change": "area_code",
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
        duckdb.sql(f"copy ({query.replace('built', f'read_parquet({str(file)!r})')}) to '{spoiled}' (format parquet)")
        spoiled.replace(file)
        if with_csv:
            with duckdb.connect() as connection:
                write_csv(connection, file)

    return spoil


def uncover(area):
    """Show all figures of a suppressed area in all public tables."""

    def spoil(folder: Path):
        for table, key in PUBLIC_KEYS.items():
            others, judged = f"from built where area_code <> '{area}'", f"read_parquet('{folder}/internal/{table}.parquet')"
            shown = f"select *, false as suppressed from {judged} where area_code = '{area}'"
            rewrite(f"public/{table}", f"{others} union all {shown} order by {key}")(folder)

    return spoil


def on_file(name, act):
    """Do something with a path of the release."""
    return lambda folder: act(folder / name)


def copy_to_public(folder):
    for form in ("csv", "parquet"):
        (folder / "public" / f"union_index.{form}").write_bytes((folder / "internal" / f"union_index.{form}").read_bytes())


def link(file):
    file.unlink()
    file.symlink_to("../internal/index.html")


def cut(file):
    content = file.read_bytes()
    file.write_bytes(content[: len(content) * 2 // 3])


def reverse_rows(file):
    header, *rows = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join([header, *reversed(rows)]), encoding="utf-8")


def edit_first(pattern, old, new):
    """Replace a text in the first file that has it."""

    def spoil(folder: Path):
        file = next(file for file in sorted(folder.glob(pattern)) if old in file.read_text(encoding="utf-8"))
        file.write_text(file.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")

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
                resource |= {"bytes": file.stat().st_size, "hash": f"sha256:{files.sha256_of(file)}"}
        (folder / edition / "datapackage.json").write_text(json.dumps(package, ensure_ascii=False), encoding="utf-8")
    change_manifest(lambda manifest: manifest["verdict"].update(sha256=files.sha256_of(folder / "verdict.json")))(folder)


def change_package(edition, change):
    """Change the description of an edition's area_index.csv."""

    def spoil(folder: Path):
        file = folder / edition / "datapackage.json"
        package = json.loads(file.read_text(encoding="utf-8"))
        change(next(resource for resource in package["resources"] if resource["name"] == "area_index"))
        file.write_text(json.dumps(package, ensure_ascii=False), encoding="utf-8")

    return spoil


def fields_of(resource):
    return {field["name"]: field for field in resource["schema"]["fields"]}


def change_manifest(change):
    def spoil(folder: Path):
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        change(manifest)
        (folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")

    return spoil


def output(name, spoil, check, *also):
    def spoil_and_describe(folder: Path):
        spoil(folder)
        describe(folder)

    return Corruption(name, "output", spoil_and_describe, f"release.{check}", also=tuple(f"release.{other}" for other in also))


def description(name, spoil, check, *also):
    return Corruption(name, "output", spoil, f"release.{check}", also=tuple(f"release.{other}" for other in also))


RELEASE = (
    output("a formula in a CSV cell", edit("internal/union_index.csv", "'=1+1", "=1+1"), "formula", "csv_equals_parquet"),
    output(
        "an identity number in a CSV cell",
        edit("internal/union_index.csv", "瓯泰2有限公司", IDENTITY_NUMBER),
        "personal",
        "csv_equals_parquet",
    ),
    output(
        "a phone in the cells of a Parquet file",
        rewrite("public/area_index", f"select * replace ('{PHONE}' as name_en) from built", with_csv=False),
        "personal",
        "csv_equals_parquet",
        "public_equals_internal",
        "site",
    ),
    output(
        "a phone as a number in the cells of a Parquet file",
        rewrite("internal/staging/row_balance", "select * replace (13900009999 as landed) from built", with_csv=False),
        "personal",
        "internal_bytes",
        "manifest",
    ),
    output("a person's name on the page", edit("public/index.html", "</h1>", f"</h1><!-- {CANARY} -->"), "personal"),
    output(
        "a person's name in numbered characters on the page",
        edit("internal/index.html", "</h1>", "".join(f"&#{ord(character)};" for character in CANARY) + "</h1>"),
        "personal",
    ),
    output(
        "a person's name escaped in the verdict",
        edit("verdict.json", '"prepared_by": "tests"', f'"prepared_by": "{CANARY.encode("unicode_escape").decode()}"'),
        "personal",
    ),
    output("a small area shown", uncover(EMPTY_TOWNSHIP), "small_areas", "site"),
    output("an area shown that covers small ones", uncover(COVERING_COUNTY), "recoverable", "site"),
    output(
        "one count shown of an area that covers small ones",
        rewrite(
            "public/population_change",
            f"select * replace (case when area_code = '{COVERING_COUNTY}' then 0 else opened end as opened) from built",
        ),
        "recoverable",
        "public_equals_internal",
    ),
    output(
        "a small area not called suppressed",
        rewrite("public/area_index", f"select * replace (suppressed and area_code <> '{EMPTY_TOWNSHIP}' as suppressed) from built"),
        "small_areas",
        "public_equals_internal",
        "site",
    ),
    output(
        "a public figure edited",
        rewrite("public/area_indicator", "select * replace ((mean_score + 0.0001)::decimal(18, 4) as mean_score) from built"),
        "public_equals_internal",
        "site",
    ),
    output(
        "a public row missing",
        rewrite("public/area_dimension", f"select * from built where area_code <> '{EMPTY_TOWNSHIP}'"),
        "public_equals_internal",
        "site",
    ),
    output(
        "a public row twice",
        rewrite("public/area_dimension", f"select * from built union all select * from built where area_code = '{EMPTY_TOWNSHIP}'"),
        "public_equals_internal",
    ),
    output(
        "a public column too many",
        rewrite("public/county_ranking", "select *, 1 as unions from built"),
        "public_equals_internal",
        "small_areas",
        "datapackage",
    ),
    output(
        "a public table of another month",
        rewrite("public/population_change", "select * replace ('2020-11' as period) from built"),
        "public_equals_internal",
    ),
    output(
        "an internal table of another month",
        rewrite("internal/alert", "select * replace ('2020-11' as period) from built"),
        "internal_bytes",
    ),
    output("an internal table in the public edition", copy_to_public, "files", "datapackage"),
    output(
        "a file too many", on_file("public/notes.csv", lambda file: file.write_text("note\n", encoding="utf-8")), "files", "datapackage"
    ),
    output(
        "a file of a form that is not looked through",
        on_file("public/notes.docx", lambda file: file.write_bytes(b"PK")),
        "files",
        "personal",
    ),
    output("a file missing", on_file("public/population_change.csv", Path.unlink), "files", "csv_equals_parquet", "datapackage"),
    output("a link in the place of a file", on_file("public/index.html", link), "files", "page", "findings"),
    output("a CSV figure that is not the Parquet file's", edit("internal/alert.csv", ",0.0000,", ",0.0001,"), "csv_equals_parquet"),
    output("CSV rows in another order", on_file("public/area_dimension.csv", reverse_rows), "csv_equals_parquet"),
    output("a CSV file cut mid-row", on_file("internal/union_indicator.csv", cut), "csv_equals_parquet", "f*"),
    output(
        "CSV columns swapped",
        edit("public/area_indicator.csv", "observed,missing", "missing,observed"),
        "csv_equals_parquet",
        "datapackage",
    ),
    output(
        "a figure that is no number",
        rewrite("public/area_indicator", "select * replace ('nan'::double as mean_score) from built"),
        "finite",
        "public_equals_internal",
        "small_areas",
        "site",
    ),
    output(
        "an infinite figure in the account of rows",
        rewrite("internal/staging/row_balance", "select * replace ('infinity'::double as landed) from built", with_csv=False),
        "finite",
        "internal_bytes",
        "manifest",
    ),
    output("a figure of the verdict that is no number", edit("verdict.json", '"provisional": false', '"provisional": NaN'), "finite"),
    output(
        "a methodology file swapped",
        edit("public/methodology/dimensions.csv", "20", "21"),
        "methodology",
    ),
    output("a methodology file missing", on_file("internal/methodology/grades.csv", Path.unlink), "methodology", "files", "datapackage"),
    output("another headline on the page", edit("public/index.html", "<strong>49.0", "<strong>94.0"), "page"),
    output("a figure of the site's scripts edited", edit("public/site/data/areas.js", '"county",', '"county",1'), "site"),
    output("a union's page edited", edit_first("internal/site/data/unions/*.js", '"indicators":[[0,', '"indicators":[[1,'), "site"),
    output(
        "points lost that do not add up",
        edit_first("internal/site/data/unions/*.js", '"indicators":[[0,9,0,', '"indicators":[[0,9,5,'),
        "site",
    ),
    output(
        "unions in the public site", on_file("public/site/data/unions.js", lambda file: file.write_text("UHI", encoding="utf-8")), "files"
    ),
    output("what a check observed told in public", tell_findings, "findings"),
    output("a chart missing", on_file("public/charts/ranking.svg", Path.unlink), "files"),
    output("a person's name in the workbook", on_file("internal/union_health_index_2020-12.xlsx", comment_of(CANARY)), "personal"),
    output("a phone in the briefing", on_file("public/briefing.docx", paragraph_of(PHONE)), "personal"),
    output("a figure of a suppressed county on the page", edit("public/index.html", "<td>–</td>", "<td>48.3</td>"), "page"),
    description(
        "a data package that describes other bytes",
        change_package("public", lambda resource: resource.update(hash=f"sha256:{'0' * 64}")),
        "datapackage",
    ),
    description(
        "a data package that describes another length",
        change_package("internal", lambda resource: resource.update(bytes=resource["bytes"] + 1)),
        "datapackage",
    ),
    description(
        "a CSV file that the data package leaves out",
        change_package("public", lambda resource: resource.update(path="county_ranking.csv")),
        "datapackage",
    ),
    description(
        "a data package that leads out of its edition",
        change_package("public", lambda resource: resource.update(path="../internal/area_index.csv")),
        "datapackage",
    ),
    description(
        "a column that the data package leaves out",
        change_package("public", lambda resource: resource["schema"]["fields"].pop()),
        "datapackage",
    ),
    description(
        "a figure described as text",
        change_package("internal", lambda resource: fields_of(resource)["health_index"].update(type="string")),
        "datapackage",
    ),
    description(
        "a figure described as never empty",
        change_package("public", lambda resource: fields_of(resource)["health_index"].update(constraints={"required": True})),
        "datapackage",
    ),
    description(
        "a data package without a key",
        change_package("internal", lambda resource: resource["schema"].pop("primaryKey")),
        "datapackage",
    ),
    description(
        "a data package of another month", edit("public/datapackage.json", '"version": "2020-12"', '"version": "2020-11"'), "datapackage"
    ),
    output("a CSV file without its byte order mark", edit("public/area_index.csv", "\ufeff", ""), "datapackage"),
    output("a methodology file without its byte order mark", edit("public/methodology/labels.csv", "\ufeff", ""), "datapackage"),
    description(
        "a data package with a figure that is no number",
        edit("public/datapackage.json", '"profile": "tabular-data-package"', '"profile": NaN'),
        "finite",
    ),
    description("a data package missing", on_file("public/datapackage.json", Path.unlink), "datapackage", "files"),
    description("a manifest missing", on_file("manifest.json", Path.unlink), "manifest", "files", "changes"),
    *(
        description(f"a manifest with {name}", change_manifest(change), "manifest")
        for name, change in {
            "another verdict": lambda manifest: manifest["verdict"].update(sha256="0" * 64),
            "a verdict that is said to be refused": lambda manifest: manifest["verdict"].update(passed=False),
            "an override that is not there": lambda manifest: manifest["overrides"].update(count=1),
            "other overrides": lambda manifest: manifest["overrides"].update(sha256="0" * 64),
            "another methodology": lambda manifest: manifest["methodology"].update(sha256="0" * 64),
            "another approval of the methodology": lambda manifest: manifest["methodology"].update(approval="by hand"),
            "another landing": lambda manifest: manifest["landing"].update(intake="another"),
            "another notice": lambda manifest: manifest.update(notice="approved"),
            "another code": lambda manifest: manifest["code"].update(candidate={"commit": "0" * 40}),
            "a source table of other bytes": lambda manifest: manifest["source"]["tables"][0].update(sha256="0" * 64),
            "a source table of fewer rows": lambda manifest: manifest["source"]["tables"][0].update(rows=1),
            "a source table left out": lambda manifest: manifest["source"]["tables"].pop(),
        }.items()
    ),
    description("overrides written anew", on_file("overrides.json", lambda file: file.write_text("[ ]\n")), "manifest"),
)
