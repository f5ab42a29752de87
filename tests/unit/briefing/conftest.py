"""The editions of the contract's example, which briefing and county sheets are written from."""

import pytest

from tests.support.briefings import edition_in, write_example


@pytest.fixture(scope="package")
def folder(tmp_path_factory):
    return write_example(tmp_path_factory.mktemp("example") / "release")


@pytest.fixture(scope="package")
def internal(folder):
    return edition_in(folder, "internal")


@pytest.fixture(scope="package")
def public(folder):
    return edition_in(folder, "public")
