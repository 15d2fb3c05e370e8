"""The official Python binding, as one of the programs that crossing.test.mjs has write and read: see program.mjs."""

import json
import pathlib
import struct
import sys
import uuid

import fdb
import fdb.tuple

fdb.api_version(730)

CASES = json.loads((pathlib.Path(__file__).parent / "cases.json").read_text())


def encode(item):
    kind, value = (item + [None])[:2]
    if kind in ("bytes", "double", "float", "uuid", "versionstamp"):
        value = bytes.fromhex(value)
    return {
        "integer": lambda: int(value),
        "double": lambda: struct.unpack(">d", value)[0],
        "float": lambda: fdb.tuple.SingleFloat(struct.unpack(">f", value)[0]),
        "uuid": lambda: uuid.UUID(bytes=value),
        "versionstamp": lambda: fdb.tuple.Versionstamp.from_bytes(value),
        "tuple": lambda: tuple(map(encode, value)),
    }.get(kind, lambda: value)()


def decode(item):
    if item is None:
        return ["null"]
    if isinstance(item, bool):
        return ["boolean", item]
    if isinstance(item, int):
        return ["integer", str(item)]
    if isinstance(item, str):
        return ["string", item]
    if isinstance(item, float):
        return ["double", struct.pack(">d", item).hex()]
    if isinstance(item, fdb.tuple.SingleFloat):
        return ["float", struct.pack(">f", item.value).hex()]
    if isinstance(item, uuid.UUID):
        return ["uuid", item.bytes.hex()]
    if isinstance(item, fdb.tuple.Versionstamp):
        return ["versionstamp", item.to_bytes().hex()]
    if isinstance(item, tuple):
        return ["tuple", [decode(inner) for inner in item]]
    return ["bytes", item.hex()]


@fdb.transactional
def write_rows(tr, space):
    for index, case in enumerate(CASES):
        items = tuple(map(encode, case))
        tr[space["rows"].pack((index, items))] = fdb.tuple.pack(items)
    stamp = fdb.tuple.Versionstamp(user_version=7)
    tr.set_versionstamped_key(space["stamps"].pack_with_versionstamp((stamp,)), b"")


def write(db, name):
    write_rows(db, fdb.Subspace(("crossing", name)))
    directory = fdb.directory.create_or_open(db, ("crossing", name))
    db[directory.key() + b"key"] = name.encode()
    return directory.key().hex()


def read(db, name):
    space = fdb.Subspace(("crossing", name))
    rows = [
        [decode(space["rows"].unpack(key)[1])[1], [decode(item) for item in fdb.tuple.unpack(value)]]
        for key, value in db[space["rows"].range()]
    ]
    [(stamp, _)] = db[space["stamps"].range()]
    return {"rows": rows, "stamp": decode(space["stamps"].unpack(stamp)[0])}


def read_directory(db, name):
    directory = fdb.directory.open(db, ("crossing", name))
    return [directory.key().hex(), bytes(db[directory.key() + b"key"]).decode()]


if __name__ == "__main__":
    target, command, name = sys.argv[1:4]
    answer = {"write": write, "read": read, "directory": read_directory}[command](fdb.open(target), name)
    print(json.dumps(answer))
