"""The official binding at API version 730, and an empty database for each test: in memory, and in a file."""

import fdb
import pytest

fdb.api_version(730)


@pytest.fixture(params=["memory", "file"])
def target(request, tmp_path):
    return "memory:" if request.param == "memory" else f"file:{tmp_path}/database"


@pytest.fixture
def db(target):
    # fdb.open would keep one database for all tests that open `memory:`.
    fdb.open(target)
    fdb.impl.open_databases.clear()
    return fdb.impl.create_database(target)
