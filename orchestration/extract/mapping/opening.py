"""Opens the sources of a map."""

from contextlib import ExitStack
from pathlib import Path

from orchestration.errors import UsageError
from orchestration.extract import kinds
from orchestration.extract.folder import FolderSource
from orchestration.extract.mapping.mapped_source import MappedSource
from orchestration.extract.mapping.source_map import SourceEntry, SourceMap, read_map
from orchestration.extract.source import ClosableSource
from orchestration.settings import Settings


def open_mapped(settings: Settings, source: str) -> MappedSource:
    """The source of the map that the settings name.

    source: that of the map's source without a URL. Raises UsageError, SourceError where one of
    them cannot be opened; then none stays open.
    """
    file = Path(settings.source_map or "")
    source_map = read_map(file)
    opened: dict[str, ClosableSource] = {}
    with ExitStack() as closing:
        for name, entry in source_map.sources.items():
            opened[name] = open_entry(settings, source, file.parent, source_map, name, entry)
            closing.callback(opened[name].close)
        closing.pop_all()
    return MappedSource(source_map, opened)


def open_entry(
    settings: Settings,
    source: str,
    folder: Path,
    source_map: SourceMap,
    name: str,
    entry: SourceEntry,
) -> ClosableSource:
    """One source of a map; folder: from where its paths count."""
    location = source if entry.url is None else entry.url
    if not location:
        raise UsageError(
            f"The map's source {name} has no url; name the source in the command, set UHI_SOURCE, "
            "or add its url."
        )
    if entry.password_file is not None:
        own_password = {
            "source_password": None,
            "source_password_file": folder / entry.password_file,
        }
        settings = settings.model_copy(update=own_password)
    if kinds.kind_of(location) != kinds.FOLDER:
        opened: ClosableSource = kinds.module_of(location).open_source(location, settings)
        return opened
    place = Path(location) if entry.url is None else folder / location
    return FolderSource(place, files_of(source_map, name))


def files_of(source_map: SourceMap, name: str) -> set[str]:
    """The names of the files that a map reads from one of its sources, without their endings."""
    tables = source_map.tables.values()
    return {
        Path(table.file).stem
        for table in tables
        if table.file is not None and source_map.source_of(table) == name
    }
