"""What the yml of a published table's model says, which dbt reads too: each part as a type."""

from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    model_validator,
)

from quality.edited_files import Entry, Line, Words

PERIOD, AREA, UNION = "period", "area_code", "union_id"

EditionName = Literal["public", "internal"]
Subject = Literal[
    "name",
    "unions",
    "enterprises",
    "order",
    "month_before",
    "order_before",
]
ColumnName = Annotated[str, StringConstraints(pattern=r"^\w+\.\w+$")]


class OfDbt(BaseModel):
    """A part of a file that dbt reads too; keys that are dbt's alone are left to it."""

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        strict=True,
    )


class ColumnFacts(Entry):
    """What is due of a column of a published table besides its type: `config.meta` of the column.

    lowest, highest: the bounds of its figures; codes: the only values it may have; labels: the list
    of the methodology's labels that names them; least_share: the share of rows that have a value at
    least; tells: of a column of the public edition that is no key, what it names or what a reader
    learns of by it (unions, enterprises, an order of areas, the month before, their order then);
    additive: whether an area's figure is the sum over the areas in it; part_of: table and column of
    the count that it and the others that say so add up to, with which it is hidden; mean_of: table
    and column of the unions' figures that it is the mean of, so that the unions with such a figure
    are those behind it; share_of: table and column of the count that it is a share of.
    """

    lowest: int | None = None
    highest: int | None = None
    codes: list[Line] | None = Field(default=None, min_length=1)
    labels: Line | None = None
    least_share: float | None = Field(
        default=None,
        gt=0,
        le=1,
    )
    tells: Subject | None = None
    additive: bool = False
    part_of: ColumnName | None = None
    mean_of: ColumnName | None = None
    share_of: ColumnName | None = None

    @model_validator(mode="after")
    def adds_up_what_is_counted(self) -> Self:
        """The facts. Raises ValueError where a sum is neither of unions nor of enterprises."""
        if self.additive and self.tells not in ("unions", "enterprises"):
            message = "what is additive tells of unions or enterprises; say which"
            raise ValueError(message)
        if self.part_of and not self.additive:
            message = "what is part of a count is additive; say so"
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def says_what_is_behind_it(self) -> Self:
        """The facts. Raises ValueError where nobody could count the unions behind a figure."""
        kinds = (self.additive, self.mean_of is not None, self.share_of is not None)
        if self.tells == "unions" and sum(kinds) != 1:
            message = "what tells of unions is additive, or says mean_of or share_of"
            raise ValueError(message)
        return self


class ColumnConfig(OfDbt):
    """What dbt is told of a column."""

    meta: ColumnFacts = ColumnFacts()


class PublishedColumn(OfDbt):
    """A column of a published table."""

    name: Line
    description: Line
    data_type: Line
    constraints: list[dict[str, Any]] = []
    config: ColumnConfig = ColumnConfig()

    @property
    def facts(self) -> ColumnFacts:
        """What is due of it besides its type."""
        return self.config.meta


class ChecksInWords(Words):
    """What the checks of a table are about, for readers, and their place among those of tables."""

    position: int = Field(ge=1)


class TableFacts(Entry):
    """What is due of a published table: `config.meta` of its model.

    key: its key, which orders it; edition: public, or internal alone; history: whether the month
    after reads it; least_rows: the least number of rows; checks: its checks in words.
    """

    key: list[Line] = Field(min_length=1)
    edition: EditionName
    history: bool = False
    least_rows: int = Field(ge=0)
    checks: ChecksInWords


class TableConfig(OfDbt):
    """What dbt is told of a published model."""

    meta: TableFacts


class PublishedModel(OfDbt):
    """The model of a published table."""

    name: Line
    description: Line
    config: TableConfig
    columns: list[PublishedColumn]

    @model_validator(mode="after")
    def says_what_it_tells(self) -> Self:
        """The model. Raises ValueError where a fact is missing that the public edition needs."""
        key = self.config.meta.key
        names = {column.name for column in self.columns}
        unknown = sorted({PERIOD, *key} - names)
        if unknown:
            message = f"it has no column {unknown[0]}, which its key needs"
            raise ValueError(message)
        if self.config.meta.edition == "internal":
            return self
        if key[0] != AREA:
            message = f"the key of a public table begins with {AREA}, by which rows are hidden"
            raise ValueError(message)
        for column in self.columns:
            is_key = column.name in (PERIOD, *key)
            tells = column.facts.tells is not None
            if is_key == tells:
                message = (
                    f"the column {column.name} of a public table says in config.meta what it "
                    "tells, unless it is the period or part of the key"
                )
                raise ValueError(message)
        return self


class ModelFile(OfDbt):
    """The file of one model."""

    models: list[PublishedModel] = Field(min_length=1, max_length=1)


class Exposure(OfDbt):
    """What dbt calls the publication list."""

    depends_on: list[Line] = Field(min_length=1)


class ListFile(OfDbt):
    """The file of the publication list."""

    exposures: list[Exposure] = Field(min_length=1, max_length=1)


MODEL_FILE = TypeAdapter(ModelFile)
LIST_FILE = TypeAdapter(ListFile)
