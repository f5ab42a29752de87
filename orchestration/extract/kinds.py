"""The kinds of source: each is a module of this room, registered here by the scheme of its URL.

A module has `open_source(source, settings)`, which gives a source that is open (`ClosableSource`).
It is imported when it is needed: each brings large libraries, which the others do without.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib import import_module
from types import ModuleType

from orchestration.errors import UsageError
from orchestration.extract.source import ClosableSource
from orchestration.settings import Settings

FOLDER = "folder"
# The module of each scheme; a source without one is a folder.
KINDS = {
    FOLDER: "orchestration.extract.folder",
    "postgresql": "orchestration.extract.postgresql",
    "sqlite": "orchestration.extract.sqlite",
    "mysql": "orchestration.extract.mysql",
    "mariadb": "orchestration.extract.mysql",
}


@contextmanager
def open_source(settings: Settings, source: str) -> Iterator[ClosableSource]:
    """The source that a URL or a folder's path names, by the map of the settings, if any.

    It is closed afterwards. Raises UsageError where it names none that can be read, SourceError
    where it cannot be opened.
    """
    if settings.source_map:
        from orchestration.extract.mapping.opening import open_mapped

        opened: ClosableSource = open_mapped(settings, source)
    else:
        opened = module_of(source).open_source(source, settings)
    with closing(opened):
        yield opened


def module_of(source: str) -> ModuleType:
    """The module that opens a source. Raises UsageError."""
    return import_module(KINDS[kind_of(source)])


def kind_of(source: str) -> str:
    """The kind of a source, one of KINDS. Raises UsageError."""
    if "://" not in source:
        return FOLDER
    from orchestration.extract.database import read_url

    scheme = read_url(source).get_backend_name()
    schemes = KINDS.keys() - {FOLDER}
    if scheme not in schemes:
        known = ", ".join(sorted(schemes))
        raise UsageError(f"Databases of the kind {scheme} are not read; these are: {known}.")
    return scheme
