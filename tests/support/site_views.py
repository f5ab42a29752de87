"""The views of each edition, by address."""

FIXED = ("city", "method", "checks", "verification", "downloads")
COUNTIES = ("county/330302", "county/330381")
UNIONS = (
    "unions",
    "unions?q=330302",
    "union/U0000379",
    "union/U0000400",
    "union/U0009001",
    "union/nobody",
)
VIEWS = [("public", f"#{view}") for view in (*FIXED, *COUNTIES)] + [
    ("internal", f"#{view}") for view in (*FIXED, *COUNTIES, *UNIONS)
]
# What every run looks at; the drill looks at all.
EVERYDAY = (
    ("public", "#city"),
    ("public", "#county/330302"),
    ("internal", "#city"),
    ("internal", "#union/U0000379"),
)
