"""A new version of the methodology, beside what is prepared under the old one."""

import shutil

import pytest

from orchestration.build import candidate
from orchestration.errors import RefusedError
from orchestration.release import preparation, publication
from orchestration.settings import METHODOLOGY
from tests.support.faults import copy_of
from tests.support.methodologies import copied_version
from tests.support.people import DECEMBER, approve
from tests.support.settings import settings_in


def test_a_new_version_undoes_nothing_that_is_prepared_under_the_old_one(
    prepared_example, tmp_path, monkeypatch
):
    settings = settings_in(copy_of(prepared_example, tmp_path, "home"))
    folder = shutil.copytree(METHODOLOGY, tmp_path / "methodology")
    copied_version(folder, "2021", "2021-01", "2020-12")
    monkeypatch.setattr(candidate, "METHODOLOGY", folder)
    with pytest.raises(
        RefusedError, match="tables have changed since 2020-12 was judged; run it again"
    ):
        preparation.prepare(settings, DECEMBER)
    approve(settings)
    assert publication.publish(settings.home, DECEMBER).name == "r1"
