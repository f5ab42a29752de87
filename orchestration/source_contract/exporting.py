"""Writes all that is handed to the platform's owner into a folder."""

from pathlib import Path

from orchestration.contract.dictionary import described_tables
from orchestration.errors import UsageError
from orchestration.home import files
from orchestration.source_contract.dictionary_document import write_dictionary
from orchestration.source_contract.dictionary_workbook import dictionary_workbook
from orchestration.source_contract.form import form
from orchestration.source_contract.open_data_contract import contract_text

CONTRACT = "union_health_sources.odcs.yaml"
WORKBOOK, DOCUMENT = "data_dictionary.xlsx", "data_dictionary.docx"
FORMS = "forms"


def export(folder: Path) -> list[Path]:
    """Write contract, dictionary and empty workbooks into a folder; returns the files.

    Raises UsageError where something stands in the folder: workbooks in it may be filled in.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is not an empty folder; name another with --output.")
    with files.fresh_folder(folder.with_name(f".{folder.name}.partial")) as built:
        write_all(built)
        files.rename_folder(built, folder)
    return sorted(path for path in folder.rglob("*") if path.is_file())


def write_all(folder: Path) -> None:
    """Write all files into a folder."""
    files.write_atomically(folder / CONTRACT, contract_text())
    files.write_bytes_atomically(folder / WORKBOOK, dictionary_workbook())
    write_dictionary(folder / DOCUMENT)
    forms = folder / FORMS
    forms.mkdir()
    for name, table in described_tables().items():
        files.write_bytes_atomically(forms / f"{name}.xlsx", form(table))
