"""A Parquet file of a source, read by its own schema.

It is bounded by the sizes that it declares, and must have as many rows as it declares.
"""

from collections.abc import Callable, Iterator

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.contract.registry import SourceTable
from orchestration.errors import HealthIndexError, SourceError
from orchestration.extract.source import (
    SourceFile,
    SourceRelation,
    failure_of,
    refusing,
    registered,
)
from quality.nouns import counted_noun

ROWS_AT_ONCE = 8_192
LARGEST_BATCH = 2**28
SMALL_BYTES = 2**24
LARGEST_RATIO = 200
SMALL_ROWS = 2**20
ROWS_IN_A_BYTE = 50
LARGEST_NAME = 2**20


def open_parquet(
    connection: duckdb.DuckDBPyConnection,
    file: SourceFile,
    table: SourceTable,
    confirm: Callable[[int], None],
) -> SourceRelation:
    """Describe a Parquet file by its own schema, and start its stream, which can be read once.

    Raises SourceError where it is damaged, out of proportion, or has times without a meaning.
    """
    with refusing(f"{file} cannot be read as Parquet; write it again."):
        content = pq.ParquetFile(
            file.opened,
            pre_buffer=False,
            page_checksum_verification=True,
            thrift_string_size_limit=LARGEST_NAME,
            thrift_container_size_limit=LARGEST_NAME,
        )
        refuse_bomb(file, content.metadata)
        wanted = {column.name for column in table.columns}
        refuse_columns(file, content, wanted)
        names = [name for name in content.schema_arrow.names if name in wanted]
        schema = pa.schema([plain(content.schema_arrow.field(name)) for name in names])
        types = dict.fromkeys(content.schema_arrow.names, "") | types_of(connection, schema)
        stream = ParquetStream(file, content, schema)
        name = registered(connection, pa.RecordBatchReader.from_batches(schema, stream.batches()))

    def counted(read: int) -> None:
        confirm(read)
        if read != content.metadata.num_rows:
            raise SourceError(
                f"{file} says that it has {counted_noun(content.metadata.num_rows, 'row')}; "
                f"read: {read:,}."
            )

    return SourceRelation(
        str(file), name, types, is_text=False, explain=stream.explain, confirm=counted
    )


class ParquetStream:
    """The rows of a file in batches.

    What fails is kept, for on its way through DuckDB it loses its type.
    """

    def __init__(
        self,
        file: SourceFile,
        content: pq.ParquetFile,
        schema: pa.Schema,
    ) -> None:
        self.file = file
        self.content = content
        self.schema = schema
        self.failure: Exception | None = None

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Batches of the schema's columns, each checked whole."""
        try:
            for batch in self.content.iter_batches(ROWS_AT_ONCE, columns=self.schema.names):
                self.refuse_long_rows(batch)
                batch.validate(full=True)
                yield batch.cast(self.schema)
        except Exception as failure:
            self.failure = failure
            raise

    def refuse_long_rows(self, batch: pa.RecordBatch) -> None:
        """Raise SourceError for a batch that takes more memory than its number of rows can."""
        if batch.nbytes > LARGEST_BATCH:
            raise SourceError(f"{self.file} has rows that are longer than a row may be.")

    def explain(self, error: Exception) -> HealthIndexError:
        """What a failed reading means."""
        if isinstance(self.failure, HealthIndexError):
            return self.failure
        problem = SourceError(f"{self.file} cannot be read to its end; write it again.")
        return failure_of(self.failure or error, problem)


def refuse_bomb(file: SourceFile, metadata: pq.FileMetaData) -> None:
    """Raise SourceError where declared sizes are contradictory or out of proportion to the file."""
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    rows = [group.num_rows for group in groups]
    # The sizes of single columns are not asked for: pyarrow aborts where a damaged file lacks them.
    unpacked = [group.total_byte_size for group in groups]
    if min(rows + unpacked, default=0) < 0 or sum(rows) != metadata.num_rows:
        raise SourceError(f"{file} contradicts itself on how many rows it has; write it again.")
    _, size, _ = file.state()
    if sum(unpacked) > SMALL_BYTES + LARGEST_RATIO * size:
        raise SourceError(
            f"{file} would unpack to {sum(unpacked):,} bytes, out of proportion for its {size:,}."
        )
    if metadata.num_rows > SMALL_ROWS + ROWS_IN_A_BYTE * size:
        raise SourceError(
            f"{file} says that it has {counted_noun(metadata.num_rows, 'row')}, "
            f"out of proportion for its {size:,} bytes."
        )


def refuse_columns(
    file: SourceFile,
    content: pq.ParquetFile,
    wanted: set[str],
) -> None:
    """Raise SourceError for columns of one name, and for wanted times in the old unzoned type."""
    names = content.schema_arrow.names
    lowered = [name.lower() for name in names]
    doubled = sorted({name for name in names if lowered.count(name.lower()) > 1})
    if doubled:
        raise SourceError(f"{file}: the column {', '.join(doubled)} is there more than once.")
    for number in range(len(content.schema)):
        column = content.schema.column(number)
        if column.name in wanted and column.physical_type == "INT96":
            raise SourceError(
                f"{file}: column {column.name} is INT96, which does not say whether its times are"
                " local or UTC; write it as a timestamp in microseconds, adjusted to UTC."
            )


def plain(field: pa.Field) -> pa.Field:
    """A field without its dictionary, which is a way of storing values."""
    is_dictionary = pa.types.is_dictionary(field.type)
    return field.with_type(field.type.value_type) if is_dictionary else field


def types_of(connection: duckdb.DuckDBPyConnection, schema: pa.Schema) -> dict[str, str]:
    """DuckDB's type of each column of a schema."""
    connection.register("schema_of_parquet", schema.empty_table())
    try:
        described = connection.execute("describe select * from schema_of_parquet").fetchall()
    finally:
        connection.unregister("schema_of_parquet")
    return {name: duckdb_type for name, duckdb_type, *_ in described}
