"""Ways to spoil a built release of the contract's example.

Each has the check of a release that must name it. Most happen before the release is described: its
data packages and its manifest have the digests of the spoiled files.
"""

from pathlib import Path

from tests.corruptions.release_spoiling import (
    CANARY,
    COVERING_COUNTY,
    EMPTY_TOWNSHIP,
    IDENTITY_NUMBER,
    PHONE,
    SHOWN_COUNTY,
    change_first,
    change_manifest,
    change_package,
    comment_of,
    copy_cases_to_public,
    copy_to_public,
    cut,
    description,
    edit,
    edit_first,
    fields_of,
    on_file,
    output,
    paragraph_of,
    reverse_rows,
    rewrite,
    show_counts,
    tell_findings,
    uncover,
    with_site,
)

ORIGINS = ("lineage", "events", "provenance")
NEVER_ALONE = {
    "release.findings": (
        "tells of any area what a check observed; in the example that is a suppressed one's figure"
    ),
    "release.formula": (
        "says what is wrong with cells that otherwise only differ from those of the Parquet file"
    ),
    "release.ranks": "says what ranks tell that otherwise only differ from what is due",
}
REVISION = {
    "kind": "correction",
    "reason": "a county was counted twice",
    "supersedes": "r1",
    "sha256sums": "0" * 64,
}
RETRACTION = {
    "period": "2020-12",
    "release": "r1",
    "sha256sums": "0" * 64,
    "at": "2021-01-22T00:00:00+00:00",
    "reason": "wrong venues",
}

RELEASE = (
    output(
        "a formula in a CSV cell",
        edit("internal/union_index.csv", "'=1+1", "=1+1"),
        "formula",
        "csv_equals_parquet",
    ),
    output(
        "an identity number in a CSV cell",
        edit("internal/union_index.csv", "瓯泰2有限公司", IDENTITY_NUMBER),
        "personal",
        "csv_equals_parquet",
    ),
    output(
        "a phone in the cells of a Parquet file",
        rewrite(
            "public/area_index",
            f"select * replace ('{PHONE}' as name_en) from built",
            with_csv=False,
        ),
        "personal",
        "csv_equals_parquet",
        "public_equals_internal",
        "site",
    ),
    output(
        "a phone as a number in the cells of a Parquet file",
        rewrite(
            "internal/staging/row_balance",
            "select * replace (13900009999 as landed) from built",
            with_csv=False,
        ),
        "personal",
        "internal_bytes",
        "manifest",
    ),
    output(
        "a person's name on the page",
        edit("public/index.html", "</h1>", f"</h1><!-- {CANARY} -->"),
        "personal",
    ),
    output(
        "a person's name in numbered characters on the page",
        edit(
            "internal/index.html",
            "</h1>",
            "".join(f"&#{ord(character)};" for character in CANARY) + "</h1>",
        ),
        "personal",
    ),
    output(
        "a person's name escaped in the verdict",
        edit(
            "verdict.json",
            '"prepared_by": "tests"',
            f'"prepared_by": "{CANARY.encode("unicode_escape").decode()}"',
        ),
        "personal",
        "internal_bytes",
        "events",
        "provenance",
    ),
    output("a small area shown", with_site(uncover(EMPTY_TOWNSHIP)), "small_areas"),
    output(
        "an area shown that covers small ones",
        with_site(uncover(COVERING_COUNTY)),
        "recoverable",
        "small_areas",
        "page",
    ),
    output(
        "an area shown that covers small ones, but for its indicators",
        with_site(uncover(COVERING_COUNTY, left_out=["area_indicator"])),
        "recoverable",
        "page",
    ),
    output(
        "one count shown of an area that covers small ones",
        rewrite(
            "public/population_change",
            (
                "select * replace ("
                f"case when area_code = '{COVERING_COUNTY}' then 0 else opened end as opened"
                ") from built"
            ),
        ),
        "recoverable",
        "public_equals_internal",
        "hidden_figures",
    ),
    output(
        "counts shown that tell those of hidden areas by bounds",
        with_site(
            rewrite(
                "public/area_index",
                (
                    "select * replace ("
                    f"if(area_code = '{SHOWN_COUNTY}', 0, green) as green, "
                    f"if(area_code = '{SHOWN_COUNTY}', 0, yellow) as yellow, "
                    f"if(area_code = '{SHOWN_COUNTY}', linked, red) as red"
                    ") from built"
                ),
            )
        ),
        "recoverable",
        "page",
    ),
    output(
        "counts of events shown that tell those of hidden areas by bounds",
        show_counts(SHOWN_COUNTY),
        "recoverable",
    ),
    output(
        "ranks of an area with which a hidden one is ranked",
        with_site(
            rewrite(
                "public/county_ranking",
                (
                    "select * replace ("
                    f"if(area_code = '{SHOWN_COUNTY}', 4, rank)::int as rank"
                    ") from built"
                ),
            )
        ),
        "ranks",
        "public_equals_internal",
    ),
    output(
        "a small area not called suppressed",
        rewrite(
            "public/area_index",
            (
                "select * replace ("
                f"suppressed and area_code <> '{EMPTY_TOWNSHIP}' as suppressed"
                ") from built"
            ),
        ),
        "small_areas",
        "public_equals_internal",
        "site",
    ),
    output(
        "a public figure edited",
        rewrite(
            "public/area_indicator",
            "select * replace ((mean_score + 0.0001)::decimal(18, 4) as mean_score) from built",
        ),
        "public_equals_internal",
        "site",
        "hidden_figures",
    ),
    output(
        "a public row missing",
        rewrite(
            "public/area_dimension", f"select * from built where area_code <> '{EMPTY_TOWNSHIP}'"
        ),
        "public_equals_internal",
        "site",
    ),
    output(
        "a public row twice",
        rewrite(
            "public/area_dimension",
            (
                "select * from built union all"
                f" select * from built where area_code = '{EMPTY_TOWNSHIP}'"
            ),
        ),
        "public_equals_internal",
    ),
    output(
        "a public column too many",
        rewrite("public/county_ranking", "select *, 1 as unions from built"),
        "public_equals_internal",
        "small_areas",
        "datapackage",
        "lineage",
        "hidden_figures",
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
    *(
        output(
            (
                f"a table of the month before, in its {part},"
                " that is not what the release was built on"
            ),
            rewrite(
                f"internal/predecessor/{part}/{table}",
                "from built limit (select count(*) - 1 from built)",
                with_csv=False,
            ),
            "internal_bytes",
            *also,
        )
        for part, table, *also in (("tables", "union_index", "site"), ("staging", "row_balance"))
    ),
    output(
        "a table of the month before missing",
        on_file("internal/predecessor/tables/alert.parquet", Path.unlink),
        "files",
        "internal_bytes",
    ),
    output(
        "a table of cases that is not the one of its record",
        rewrite("internal/alerts/cases_by_county", "from built limit 1", with_csv=False),
        "internal_bytes",
    ),
    output(
        "cases as of the evaluation of another verdict",
        edit("internal/alerts/cases.json", '"verdict": "', '"verdict": "0'),
        "internal_bytes",
    ),
    output(
        "a table of cases missing",
        on_file("internal/alerts/alert_case.parquet", Path.unlink),
        "files",
        "internal_bytes",
    ),
    output(
        "the page of cases in the public edition",
        copy_cases_to_public,
        "files",
        "references",
        "hidden_figures",
    ),
    output(
        "an internal table in the public edition",
        copy_to_public,
        "files",
        "datapackage",
        "lineage",
        "hidden_figures",
    ),
    output(
        "a file too many",
        on_file("public/notes.csv", lambda file: file.write_text("note\n", encoding="utf-8")),
        "files",
        "datapackage",
    ),
    output(
        "a file of a form that is not looked through",
        on_file("public/notes.odt", lambda file: file.write_bytes(b"PK")),
        "files",
        "personal",
        "hidden_figures",
    ),
    output(
        "a file missing",
        on_file("public/population_change.csv", Path.unlink),
        "files",
        "csv_equals_parquet",
        "datapackage",
        "references",
    ),
    output(
        "a CSV figure that is not the Parquet file's",
        edit("internal/alert.csv", ",0.0000,", ",0.0001,"),
        "csv_equals_parquet",
    ),
    output(
        "CSV rows in another order",
        on_file("public/area_dimension.csv", reverse_rows),
        "csv_equals_parquet",
    ),
    output(
        "a CSV file cut mid-row",
        on_file("internal/union_indicator.csv", cut),
        "csv_equals_parquet",
        "f*",
    ),
    output(
        "CSV columns swapped",
        edit("public/area_indicator.csv", "observed,missing", "missing,observed"),
        "csv_equals_parquet",
        "datapackage",
    ),
    output(
        "a figure that is no number",
        rewrite(
            "public/area_indicator", "select * replace ('nan'::double as mean_score) from built"
        ),
        "finite",
        "public_equals_internal",
        "small_areas",
        "site",
        "hidden_figures",
    ),
    output(
        "an infinite figure in the account of rows",
        rewrite(
            "internal/staging/row_balance",
            "select * replace ('infinity'::double as landed) from built",
            with_csv=False,
        ),
        "finite",
        "internal_bytes",
        "manifest",
    ),
    output(
        "a figure of the verdict that is no number",
        edit("verdict.json", '"provisional": false', '"provisional": NaN'),
        "finite",
        "internal_bytes",
        "events",
        "provenance",
    ),
    output(
        "a figure of an event that is no number",
        edit("openlineage.ndjson", '"rowCount": ', '"rowCount": NaN, "rows": '),
        "finite",
    ),
    output(
        "a figure of the month before's verdict that is no number",
        edit("internal/predecessor/verdict.json", '"provisional": false', '"provisional": NaN'),
        "finite",
    ),
    output(
        "a methodology file swapped",
        edit("public/methodology/dimensions.csv", "20", "21"),
        "methodology",
    ),
    output(
        "a methodology file missing",
        on_file("internal/methodology/grades.csv", Path.unlink),
        "methodology",
        "files",
        "datapackage",
        "lineage",
    ),
    output(
        "a hidden count of a shown county on the page",
        change_first("public/index.html", "(?s)(瑞安市.*?)<td>–</td>", r"\g<1><td>3</td>"),
        "page",
    ),
    output(
        "another county's figure on the page",
        edit("public/index.html", "<b>48.3</b></td>", "<b>49.0</b></td>"),
        "page",
    ),
    output(
        "another headline on the page",
        edit("public/index.html", "<strong>49.0", "<strong>94.0"),
        "page",
    ),
    output(
        "another figure in the finding",
        edit("public/index.html", "指数为49.0分", "指数为94.0分"),
        "page",
    ),
    output(
        "a figure of the site's scripts edited",
        edit("public/site/data/areas.js", '"county",', '"county",1'),
        "site",
    ),
    output(
        "a union's page edited",
        edit_first("internal/site/data/unions/*.js", '"indicators":[[0,', '"indicators":[[1,'),
        "site",
    ),
    output(
        "points lost that do not add up",
        edit_first(
            "internal/site/data/unions/*.js", '"indicators":[[0,9,0,', '"indicators":[[0,9,5,'
        ),
        "site",
    ),
    output(
        "a union's indicators in another order",
        change_first(
            "internal/site/data/unions/*.js",
            r'"indicators":\[(\[[^]]*\]),(\[[^]]*\])',
            r'"indicators":[\2,\1',
        ),
        "site",
    ),
    output(
        "another reason why a union is not measured",
        edit("internal/site/data/unmeasured.js", "never_linked", "linked_later"),
        "site",
    ),
    output(
        "a union left out of those not measured",
        edit_first("internal/site/data/why/3303??.js", '["never_linked",', '["never_linked",1'),
        "site",
    ),
    output(
        "another part of a rank's movement",
        change_first(
            "internal/site/data/why/3303??.js",
            r'"dimensions":\[\["(\w+)",-?[0-9.]+',
            r'"dimensions":[["\1",9.5',
        ),
        "site",
    ),
    output(
        "a county that went past left out",
        change_first(
            "internal/site/data/why/3303??.js",
            r'"overtaken_by":\[\{.*?\],"overtook"',
            '"overtaken_by":[],"overtook"',
        ),
        "site",
    ),
    output(
        "another data quality of a county",
        change_first("internal/site/data/why/3303??.js", r'"score":[0-9.]+', '"score":1.5'),
        "site",
    ),
    output(
        "a refused row that is none",
        edit_first(
            "internal/site/data/why/3303??.js",
            '"rows":[',
            '"rows":[["venue","N1","enumeration",[]]',
        ),
        "site",
    ),
    output(
        "a union without a page",
        change_first("internal/site/data/unions/*.js", r'\n"U[^\n]*,(?=\n)', ""),
        "site",
    ),
    output(
        "unions in the public site",
        on_file(
            "public/site/data/unions.js", lambda file: file.write_text("UHI", encoding="utf-8")
        ),
        "files",
    ),
    output("what a check observed told in public", tell_findings, "findings", "hidden_figures"),
    output(
        "the sampling rate of a suppressed county in the briefing",
        on_file("public/briefing.docx", paragraph_of("文成县 Wencheng: 60.0 %")),
        "hidden_figures",
    ),
    output(
        "a link from the public edition to the internal one",
        edit("public/index.html", 'href="lineage.html"', 'href="../internal/lineage.html"'),
        "references",
    ),
    output(
        "a chart missing",
        on_file("public/charts/ranking.svg", Path.unlink),
        "files",
        "references",
    ),
    output(
        "a person's name in the workbook",
        on_file("internal/union_health_index_2020-12.xlsx", comment_of(CANARY)),
        "personal",
    ),
    output(
        "a phone in the briefing", on_file("public/briefing.docx", paragraph_of(PHONE)), "personal"
    ),
    output(
        "a figure of a suppressed county on the page",
        edit(
            "public/index.html",
            "</span></span></th>\n<td>–</td>",
            "</span></span></th>\n<td>48.3</td>",
        ),
        "page",
    ),
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
        change_package(
            "public", lambda resource: resource.update(path="../internal/area_index.csv")
        ),
        "datapackage",
    ),
    description(
        "a column that the data package leaves out",
        change_package("public", lambda resource: resource["schema"]["fields"].pop()),
        "datapackage",
    ),
    description(
        "a figure described as text",
        change_package(
            "internal", lambda resource: fields_of(resource)["health_index"].update(type="string")
        ),
        "datapackage",
    ),
    description(
        "a figure described as never empty",
        change_package(
            "public",
            lambda resource: fields_of(resource)["health_index"].update(
                constraints={"required": True}
            ),
        ),
        "datapackage",
    ),
    description(
        "a data package without a key",
        change_package("internal", lambda resource: resource["schema"].pop("primaryKey")),
        "datapackage",
    ),
    description(
        "a data package of another month",
        edit("public/datapackage.json", '"version": "2020-12"', '"version": "2020-11"'),
        "datapackage",
    ),
    output(
        "a CSV file without its byte order mark",
        edit("public/area_index.csv", "\ufeff", ""),
        "datapackage",
    ),
    output(
        "a methodology file without its byte order mark",
        edit("public/methodology/labels.csv", "\ufeff", ""),
        "datapackage",
    ),
    description(
        "a data package with a figure that is no number",
        edit("public/datapackage.json", '"profile": "tabular-data-package"', '"profile": NaN'),
        "finite",
    ),
    description(
        "a data package missing",
        on_file("public/datapackage.json", Path.unlink),
        "datapackage",
        "files",
        "references",
    ),
    description(
        "a manifest missing",
        on_file("manifest.json", Path.unlink),
        "manifest",
        "files",
        "changes",
        "standing",
        *ORIGINS,
    ),
    *(
        description(f"a manifest with {name}", change_manifest(change), "manifest", *also)
        for name, (change, *also) in {
            "another verdict": (
                lambda manifest: manifest["verdict"].update(sha256="0" * 64),
                "events",
                "provenance",
            ),
            "a verdict that is said to be refused": (
                lambda manifest: manifest["verdict"].update(passed=False),
            ),
            "an override that is not there": (
                lambda manifest: manifest["overrides"].update(count=1),
            ),
            "other overrides": (
                lambda manifest: manifest["overrides"].update(sha256="0" * 64),
                "provenance",
            ),
            "another methodology": (
                lambda manifest: manifest["methodology"].update(sha256="0" * 64),
            ),
            "another approval of the methodology": (
                lambda manifest: manifest["methodology"].update(approval="by hand"),
            ),
            "another landing": (lambda manifest: manifest["landing"].update(intake="another"),),
            "another notice": (lambda manifest: manifest.update(notice="approved"),),
            "another code": (
                lambda manifest: manifest["code"].update(candidate={"commit": "0" * 40}),
                "provenance",
            ),
            "a source table of other bytes": (
                lambda manifest: manifest["source"]["tables"][0].update(sha256="0" * 64),
                "events",
                "provenance",
            ),
            "a source table of fewer rows": (
                lambda manifest: manifest["source"]["tables"][0].update(rows=1),
            ),
            "a source table left out": (
                lambda manifest: manifest["source"]["tables"].pop(),
                *ORIGINS,
            ),
        }.items()
    ),
    description(
        "a release that supersedes another without its banner",
        change_manifest(lambda manifest: manifest.update(revision=REVISION)),
        "standing",
        "provenance",
    ),
    description(
        "a release that does not say what was retracted before it",
        change_manifest(lambda manifest: manifest.update(retracted=[RETRACTION])),
        "standing",
    ),
    description(
        "overrides written anew",
        on_file("overrides.json", lambda file: file.write_text("[ ]\n")),
        "manifest",
    ),
)
