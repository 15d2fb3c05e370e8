"""Reads, writes, atomic operations, conflicts, versionstamps and watches through the official binding."""

import struct
import threading

import fdb
import pytest


def test_what_is_set_can_be_read(db):
    db[b"key"] = b"value"
    assert db[b"key"] == b"value"
    assert db[b"other"] is None
    del db[b"key"]
    assert db[b"key"] is None


def test_a_transaction_sees_its_own_writes(db):
    tr = db.create_transaction()
    tr[b"a"] = b"1"
    tr[b"b"] = b"2"
    tr.clear(b"a")
    assert [(k, v) for k, v in tr[b"":b"\xff"]] == [(b"b", b"2")]
    assert list(db[b"":b"\xff"]) == []
    tr.commit().wait()
    assert [(k, v) for k, v in db[b"":b"\xff"]] == [(b"b", b"2")]


@fdb.transactional
def fill(tr, count):
    for number in range(count):
        tr[b"%04d" % number] = b"x" * (number % 300)


def test_ranges(db):
    fill(db, 3000)
    tr = db.create_transaction()
    keys = [b"%04d" % number for number in range(3000)]
    assert [k for k, _ in tr.get_range(b"", b"\xff")] == keys
    assert [k for k, _ in tr.get_range(b"", b"\xff", reverse=True)] == keys[::-1]
    assert [k for k, _ in tr.get_range(b"0010", b"0020", limit=5)] == keys[10:15]
    assert [k for k, _ in tr.get_range(b"0010", b"0020", limit=5, reverse=True)] == keys[19:14:-1]
    for mode in ("want_all", "iterator", "small", "medium", "large", "serial"):
        rows = tr.get_range(b"", b"\xff", streaming_mode=getattr(fdb.StreamingMode, mode))
        assert [k for k, _ in rows] == keys, mode
    exact = tr.get_range(b"", b"\xff", limit=7, streaming_mode=fdb.StreamingMode.exact)
    assert len(exact.to_list()) == 7
    begin = fdb.KeySelector.last_less_than(b"0010")
    end = fdb.KeySelector.first_greater_than(b"0012")
    assert [k for k, _ in tr.get_range(begin, end)] == keys[9:13]
    assert [v for _, v in tr.get_range_startswith(b"029")] == [b"x" * (n % 300) for n in range(290, 300)]


def test_key_selectors(db):
    fill(db, 10)
    tr = db.create_transaction()
    assert tr.get_key(fdb.KeySelector.first_greater_or_equal(b"0003")) == b"0003"
    assert tr.get_key(fdb.KeySelector.first_greater_than(b"0003")) == b"0004"
    assert tr.get_key(fdb.KeySelector.last_less_or_equal(b"0003")) == b"0003"
    assert tr.get_key(fdb.KeySelector.last_less_than(b"0003")) == b"0002"
    assert tr.get_key(fdb.KeySelector.first_greater_or_equal(b"0003") + 4) == b"0007"
    assert tr.get_key(fdb.KeySelector.last_less_than(b"0000")) == b""
    assert tr.get_key(fdb.KeySelector.first_greater_than(b"0009")) == b"\xff"


def test_a_snapshot_read_does_not_conflict(db):
    db[b"key"] = b"before"
    tr = db.create_transaction()
    assert tr.snapshot[b"key"] == b"before"
    tr[b"mine"] = b""
    db[b"key"] = b"after"
    tr.commit().wait()


def test_a_read_that_was_overtaken_conflicts(db):
    db[b"key"] = b"before"
    tr = db.create_transaction()
    assert tr[b"key"] == b"before"
    tr[b"mine"] = b""
    db[b"key"] = b"after"
    with pytest.raises(fdb.FDBError) as raised:
        tr.commit().wait()
    assert raised.value.code == 1020
    tr.on_error(raised.value).wait()
    assert tr[b"key"] == b"after"
    tr.add_read_conflict_key(b"key")
    tr.add_write_conflict_range(b"x", b"y")
    tr.commit().wait()


def test_counters_of_many_threads_add_up(db):
    @fdb.transactional
    def increment(tr):
        value = tr[b"counter"]
        count = struct.unpack("<q", bytes(value))[0] if value.present() else 0
        tr[b"counter"] = struct.pack("<q", count + 1)
        tr.add(b"atomic", struct.pack("<q", 1))

    def work():
        for _ in range(25):
            increment(db)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert db[b"counter"] == struct.pack("<q", 100)
    assert db[b"atomic"] == struct.pack("<q", 100)


def test_atomic_operations(db):
    tr = db.create_transaction()
    tr[b"k"] = b"\x0f"
    tr.bit_and(b"k", b"\x3c")
    tr.bit_or(b"k", b"\x01")
    tr.bit_xor(b"k", b"\x81")
    tr.max(b"m", b"\x05")
    tr.max(b"m", b"\x03")
    tr.min(b"n", b"\x05")
    tr.min(b"n", b"\x03")
    tr.byte_max(b"o", b"ab")
    tr.byte_min(b"o", b"b")
    tr.append_if_fits(b"p", b"ab")
    tr.append_if_fits(b"p", b"cd")
    tr[b"q"] = b"same"
    tr.compare_and_clear(b"q", b"same")
    expected = {b"k": b"\x8c", b"m": b"\x05", b"n": b"\x03", b"o": b"ab", b"p": b"abcd"}
    assert dict(tr[b"":b"\xff"]) == expected
    tr.commit().wait()
    assert dict(db[b"":b"\xff"]) == expected


def test_versionstamps(db):
    tr = db.create_transaction()
    tr.set_versionstamped_key(b"key/" + b"\0" * 10 + struct.pack("<L", 4), b"value")
    tr.set_versionstamped_value(b"val", b"\0" * 10 + b"tail" + struct.pack("<L", 0))
    stamp = tr.get_versionstamp()
    tr.commit().wait()
    stamp = bytes(stamp.wait())
    assert len(stamp) == 10
    assert struct.unpack(">Q", stamp[:8])[0] == tr.get_committed_version()
    assert db[b"key/" + stamp] == b"value"
    assert db[b"val"] == stamp + b"tail"
    packed = fdb.tuple.pack_with_versionstamp(("t", fdb.tuple.Versionstamp(user_version=7)))
    tr = db.create_transaction()
    tr.set_versionstamped_key(packed, b"")
    stamp = tr.get_versionstamp()
    tr.commit().wait()
    ((key, _),) = db.get_range_startswith(fdb.tuple.pack(("t",)))
    assert fdb.tuple.unpack(key) == ("t", fdb.tuple.Versionstamp(bytes(stamp.wait()), 7))


def test_a_watch_fires_when_the_value_changes(db):
    db[b"key"] = b"before"
    tr = db.create_transaction()
    watch, other = tr.watch(b"key"), tr.watch(b"other")
    tr.commit().wait()
    fired = threading.Event()
    watch.on_ready(lambda _: fired.set())
    db[b"key"] = b"before"
    assert not watch.is_ready()
    db[b"key"] = b"after"
    assert fired.wait(60)
    watch.wait()
    assert not other.is_ready()
    other.cancel()
    with pytest.raises(fdb.FDBError) as raised:
        other.wait()
    assert raised.value.code == 1101


def test_a_watch_of_a_transaction_that_is_gone_is_cancelled(db):
    tr = db.create_transaction()
    watch = tr.watch(b"key")
    del tr
    with pytest.raises(fdb.FDBError) as raised:
        watch.wait()
    assert raised.value.code == 1025


def test_versions(db):
    tr = db.create_transaction()
    first = tr.get_read_version().wait()
    db[b"key"] = b"value"
    later = db.create_transaction()
    assert later.get_read_version().wait() > first
    past = db.create_transaction()
    past.set_read_version(first)
    assert not past[b"key"].present()
    assert tr.get_committed_version() == -1


def test_errors(db):
    tr = db.create_transaction()
    tr[b"\xff/system"] = b""
    with pytest.raises(fdb.FDBError) as raised:
        tr.commit().wait()
    assert (raised.value.code, raised.value.description) == (2004, b"Key outside legal range")
    tr = db.create_transaction()
    tr[b"k" * 10001] = b""
    with pytest.raises(fdb.FDBError) as raised:
        tr.commit().wait()
    assert raised.value.code == 2102
    tr = db.create_transaction()
    tr.options.set_timeout(1)
    with pytest.raises(fdb.FDBError) as raised:
        while True:
            tr[b"key"].wait()
    assert raised.value.code == 1031
    assert fdb.predicates.is_retryable(fdb.FDBError(1020))
    assert fdb.predicates.is_maybe_committed(fdb.FDBError(1021))
    assert not fdb.predicates.is_retryable(fdb.FDBError(1031))


def test_options(db):
    db.options.set_transaction_retry_limit(2)
    attempts = []

    @fdb.transactional
    def never(tr):
        attempts.append(None)
        raise fdb.FDBError(1020)

    with pytest.raises(fdb.FDBError):
        never(db)
    assert len(attempts) == 3
    tr = db.create_transaction()
    tr.options.set_size_limit(100)
    tr[b"key"] = b"x" * 200
    with pytest.raises(fdb.FDBError) as raised:
        tr.commit().wait()
    assert raised.value.code == 2101


def test_sizes(db):
    fill(db, 3000)
    tr = db.create_transaction()
    assert tr.get_estimated_range_size_bytes(b"", b"\xff").wait() >= 0
    points = [bytes(key) for key in tr.get_range_split_points(b"", b"\xff", 10_000_000).wait()]
    assert (points[0], points[-1]) == (b"", b"\xff")
    tr[b"key"] = b"value"
    assert tr.get_approximate_size().wait() > 0
    addresses = fdb.locality.get_addresses_for_key(tr, b"key").wait()
    assert len(addresses) > 0
