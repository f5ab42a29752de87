"""The documents of an edition as pieces of work that need not wait for each other.

Which there are, and the function that writes each, is in the registry of documents
(`quality/release_documents.yml`). The site comes last, for it links to all in its folder.

A piece imports what it needs where it is done, which takes half a second: the process that only
asks for it need not.
"""

import importlib
from collections.abc import Callable
from functools import partial

from orchestration.documents.edition import Edition
from quality.contents import Step, release_documents

Piece = Callable[[], None]


def documents_of(internal: Edition, public: Edition) -> list[Piece]:
    """What writes the documents of both editions, whose tables are written, but for their sites.

    What takes longest, the internal workbook, comes first.
    """
    longest_first = reversed(pieces(internal, "documents"))
    return [
        *longest_first,
        *pieces(public, "documents"),
    ]


def sites_of(internal: Edition, public: Edition) -> list[Piece]:
    """What writes the sites of both editions, of which all else is written."""
    return [
        *pieces(internal, "sites"),
        *pieces(public, "sites"),
    ]


def pieces(edition: Edition, step: Step) -> list[Piece]:
    """What writes the documents of an edition in a step: a piece for each maker, in order."""
    makers = [
        document.made_by
        for document in release_documents().values()
        if document.is_due(edition.folder) and document.step == step
    ]
    return [partial(write, maker, edition) for maker in dict.fromkeys(makers)]


def write(maker: str, edition: Edition) -> None:
    """Have the function of a module, `module:function`, write what it makes of an edition."""
    module, _, name = maker.partition(":")
    function = getattr(importlib.import_module(module), name)
    function(edition)


def write_workbook(edition: Edition) -> None:
    """Write the workbook."""
    from orchestration.documents import workbook

    file = edition.folder / f"union_health_index_{edition.period}.xlsx"
    workbook.write_workbook(edition, file)


def write_cases(edition: Edition) -> None:
    """Write the page of the cases of alerts, with its chart."""
    from orchestration.documents import cases

    cases.write_cases(edition)


def write_charts_and_briefing(edition: Edition) -> None:
    """Write the charts, and the briefing, which shows them."""
    from orchestration.documents.briefing import write_briefing
    from orchestration.documents.charts import write_charts

    write_charts(edition, edition.folder / "charts")
    write_briefing(edition)
