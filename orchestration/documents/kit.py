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
    return [*reversed(pieces(internal, "documents")), *pieces(public, "documents")]


def sites_of(internal: Edition, public: Edition) -> list[Piece]:
    """What writes the sites of both editions, of which all else is written."""
    return [*pieces(internal, "sites"), *pieces(public, "sites")]


def pieces(edition: Edition, step: Step) -> list[Piece]:
    """What writes the documents of an edition in a step: a piece for each maker, in order."""
    makers = [
        document.made_by
        for document in release_documents().values()
        if document.step == step and edition.folder.name in document.editions
    ]
    return [partial(write, maker, edition) for maker in dict.fromkeys(makers)]


def write(maker: str, edition: Edition) -> None:
    """Have the function of a module, `module:function`, write what it makes of an edition."""
    module, _, function = maker.partition(":")
    getattr(importlib.import_module(module), function)(edition)


def write_workbook(edition: Edition) -> None:
    """Write the workbook."""
    from orchestration.documents import workbook

    workbook.write_workbook(edition, edition.folder / f"union_health_index_{edition.period}.xlsx")


def write_charts_and_briefing(edition: Edition) -> None:
    """Write the charts, and the briefing, which shows them."""
    from orchestration.documents.briefing import write_briefing
    from orchestration.documents.charts import write_charts

    write_charts(edition, edition.folder / "charts")
    write_briefing(edition)
