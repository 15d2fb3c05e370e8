"""What the official binding builds on transactions: tuples, subspaces, directories, tenants, special keys."""

import json
import uuid

import fdb
import fdb.tenant_management
import pytest


def test_tuples_are_ordered_as_their_items(db):
    items = [None, b"a", b"a\0b", "a", "b", -(2**70), -1, 0, 1, 2**40, -1.5, 2.5, False, True, uuid.UUID(int=5), (1, "x")]
    tuples = [(item,) for item in items]
    tr = db.create_transaction()
    for number, item in enumerate(tuples):
        tr[fdb.tuple.pack(item)] = fdb.tuple.pack((number,))
    tr.commit().wait()
    rows = [(fdb.tuple.unpack(k), fdb.tuple.unpack(v)) for k, v in db[b"":b"\xff"]]
    assert [k for k, _ in rows] == sorted(tuples, key=fdb.tuple.pack)
    assert [tuples[v[0]] for _, v in rows] == [k for k, _ in rows]


def test_subspaces(db):
    space = fdb.Subspace(("space",))
    db[space[1]["a"]] = b"x"
    db[space[2]["b"]] = b"y"
    db[fdb.Subspace(("other",))[1]] = b"z"
    assert [space.unpack(k) for k, _ in db[space.range()]] == [(1, "a"), (2, "b")]
    assert [space[1].unpack(k) for k, _ in db[space[1].range()]] == [("a",)]


def test_directories(db):
    users = fdb.directory.create_or_open(db, ("app", "users"), layer=b"table")
    posts = fdb.directory.create_or_open(db, ("app", "posts"))
    assert fdb.directory.list(db, ("app",)) == ["posts", "users"]
    assert users.key() != posts.key()
    db[users["alice"]] = b"1"
    assert fdb.directory.open(db, ("app", "users"), layer=b"table").key() == users.key()
    with pytest.raises(ValueError):
        fdb.directory.open(db, ("app", "users"), layer=b"other")
    with pytest.raises(ValueError):
        fdb.directory.create(db, ("app", "users"))
    moved = fdb.directory.move(db, ("app", "users"), ("people",))
    assert db[moved["alice"]] == b"1"
    fdb.directory.remove(db, ("people",))
    assert not fdb.directory.exists(db, ("people",))
    assert list(db[moved.range()]) == []
    prefixes = [fdb.directory.create(db, ("many", str(number))).key() for number in range(100)]
    assert len(set(prefixes)) == 100


def test_tenants(db):
    for name in (b"one", b"two"):
        fdb.tenant_management.create_tenant(db, name)
    with pytest.raises(fdb.FDBError) as raised:
        fdb.tenant_management.create_tenant(db, b"one")
    assert raised.value.code == 2132
    one, two = db.open_tenant(b"one"), db.open_tenant(b"two")
    one[b"key"] = b"1"
    two[b"key"] = b"2"
    assert (one[b"key"], two[b"key"]) == (b"1", b"2")
    assert db[b"key"] is None
    assert [(k, v) for k, v in one[b"":b"\xff"]] == [(b"key", b"1")]
    assert one.get_id().wait() != two.get_id().wait()
    names = [bytes(tenant.key) for tenant in fdb.tenant_management.list_tenants(db, b"a", b"z", 10)]
    assert names == [b"one", b"two"]
    with pytest.raises(fdb.FDBError) as raised:
        fdb.tenant_management.delete_tenant(db, b"one")
    assert raised.value.code == 2133
    del one[b"":b"\xff"]
    fdb.tenant_management.delete_tenant(db, b"one")
    with pytest.raises(fdb.FDBError) as raised:
        one[b"key"]
    assert raised.value.code == 2131
    with pytest.raises(fdb.FDBError) as raised:
        db.open_tenant(b"three")[b"key"]
    assert raised.value.code == 2131


def test_special_keys(db):
    status = json.loads(bytes(db[b"\xff\xff/status/json"]))
    assert status["client"]["database_status"] == {"available": True, "healthy": True}
    assert status["cluster"]["database_available"]
    assert b"@" in db[b"\xff\xff/connection_string"]
    assert db[b"\xff\xff/cluster_file_path"] is not None
    assert json.loads(bytes(db.get_client_status().wait()))["Healthy"]


def test_conflicting_keys_are_reported(db):
    tr = db.create_transaction()
    tr.options.set_report_conflicting_keys()
    tr[b"key"].wait()
    tr[b"unrelated"].wait()
    tr[b"mine"] = b""
    db[b"key"] = b"other"
    with pytest.raises(fdb.FDBError):
        tr.commit().wait()
    prefix = b"\xff\xff/transaction/conflicting_keys/"
    rows = [(bytes(k)[len(prefix) :], bytes(v)) for k, v in tr.get_range(prefix, prefix + b"\xff\xff")]
    assert rows == [(b"key", b"1"), (b"key\0", b"0")]
