"""Ways to spoil what a release says has changed since the one that it follows.

The check of it must name each.
"""

from pathlib import Path

from tests.corruptions.release_spoiling import (
    change_manifest,
    description,
    on_file,
    output,
    rewrite,
)

QUERIES = {
    ("internal", "changes"): {
        "a difference left out": "select * from built limit (select count(*) - 1 from built)",
        "a difference stated twice": (
            "select * from built union all (select * from built where change = 'changed' limit 1)"
        ),
        "a difference that is not after less before": (
            "select * replace ((difference + 1)::decimal(38, 4) as difference) from built"
        ),
        "a row said to be gone": (
            "select * from built union all"
            " select 'union_index', 'nobody', 'gone', null, null, null, null, null, null"
        ),
    },
    ("public", "changes"): {
        "a difference that is none": """
            select * replace (
                before as after, before_text as after_text, 0 * difference as difference
            )
            from built
        """,
        "a difference from another figure": (
            "select * replace (before + 1 as before, difference - 1 as difference) from built"
        ),
    },
    ("internal", "decomposition"): {
        "what moved an index otherwise parted": """
            select * replace (
                (data + 1)::decimal(18, 4) as data, (membership - 1)::decimal(18, 4) as membership
            )
            from built
        """,
        "what moved an index that does not add up": (
            "select * replace ((rounding + 1)::decimal(18, 4) as rounding) from built"
        ),
    },
    ("public", "decomposition"): {
        "what moved an index of few unions told in public": (
            "select * replace (1 as joined, 0 as left_sample) from built"
        ),
        "what moved the index of a county told in public": """
            select * from built
            union all
            select * replace ('330302' as area_code, 'county' as level) from built
        """,
    },
}

SHOWN_ON_THE_PAGE = {
    "a difference that is not after less before",
    "a difference that is none",
    "a difference from another figure",
    "what moved an index otherwise parted",
    "what moved an index that does not add up",
}


def compared_with_another(manifest):
    manifest["compared_with"].update(sha256sums="0" * 64)


FOLLOWING = (
    *(
        output(
            name,
            rewrite(f"{edition}/{table}", query),
            "changes",
            *(["page"] if name in SHOWN_ON_THE_PAGE else []),
        )
        for (edition, table), queries in QUERIES.items()
        for name, query in queries.items()
    ),
    output(
        "what changed left out",
        on_file("internal/changes.parquet", Path.unlink),
        "changes",
        "files",
        "page",
    ),
    description(
        "a manifest that names another release to compare with",
        change_manifest(compared_with_another),
        "changes",
        "provenance",
    ),
)
