"""asyncio-foundationdb, the reference, as one of the two programs that sharing.test.mjs has write and read.

    reference.py TARGET

For each line that it reads, a JSON list of calls, each [name, argument, ...], it opens the database, makes the calls one
after the other, each in a transaction, prints a line with the list of what they gave, closes the database and prints an
empty line. Values are JSON's, and {"uuid"}, {"var"} and {"bytes"}, in hex; a failure is {"error": its class}.
"""

import asyncio
import gc
import hashlib
import json
import sys
import uuid

import found
from found import bstore, eavstore, nstore, pstore, vnstore
COLUMNS = ["uid", "key", "value"]


def decode(value):
    if isinstance(value, list):
        return tuple(map(decode, value))
    if not isinstance(value, dict):
        return value
    [(kind, value)] = value.items()
    return {"uuid": uuid.UUID, "var": nstore.var, "bytes": bytes.fromhex}[kind](value)


def encode(value):
    if isinstance(value, uuid.UUID):
        return {"uuid": str(value)}
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    if isinstance(value, (tuple, list)):
        return [encode(item) for item in value]
    if hasattr(value, "items"):
        return {name: encode(item) for name, item in value.items()}
    return value


def record(attributes):
    return {name: decode(value) for name, value in attributes.items()}


def patterns(values):
    return [decode(value) for value in values]


def tuples(store):
    return nstore.make("tuples", decode(store["prefix"]), store["columns"])


def versions(prefix):
    return vnstore.make("versions", list(decode(prefix)), COLUMNS)


async def bstore_get_or_create(tx, prefix, text, times):
    return await bstore.get_or_create(tx, bstore.make("blobs", decode(prefix)), text.encode() * times)


async def bstore_get(tx, prefix, uid):
    blob = await bstore.get(tx, bstore.make("blobs", decode(prefix)), decode(uid))
    return [len(blob), hashlib.sha256(blob).hexdigest()]


async def nstore_add(tx, store, rows):
    for items, value in rows:
        await nstore.add(tx, tuples(store), *decode(items), value=value.encode())


async def nstore_remove(tx, store, items):
    await nstore.remove(tx, tuples(store), *decode(items))


async def nstore_get(tx, store, items):
    value = await nstore.get(tx, tuples(store), *decode(items))
    return None if value is None else value.decode()


async def nstore_query(tx, store, values):
    return await found.all(nstore.query(tx, tuples(store), *patterns(values)))


def records(prefix):
    return eavstore.make("records", decode(prefix))


async def eavstore_create(tx, prefix, attributes):
    return await eavstore.create(tx, records(prefix), record(attributes))


async def eavstore_get(tx, prefix, uid):
    return await eavstore.get(tx, records(prefix), decode(uid))


async def eavstore_update(tx, prefix, uid, attributes):
    await eavstore.update(tx, records(prefix), decode(uid), record(attributes))


async def eavstore_remove(tx, prefix, uid):
    await eavstore.remove(tx, records(prefix), decode(uid))


async def eavstore_query(tx, prefix, attribute, value):
    return await found.all(eavstore.query(tx, records(prefix), attribute, decode(value)))


async def pstore_index(tx, prefix, documents):
    for docuid, counter in documents:
        await pstore.index(tx, pstore.make("words", decode(prefix)), decode(docuid), counter)


async def pstore_search(tx, prefix, words, limit):
    return await pstore.search(tx, pstore.make("words", decode(prefix)), words, limit)


async def vnstore_propose(tx, prefix, message, added, removed):
    """A new change, not applied yet."""
    change = await vnstore.change_create(tx, versions(prefix))
    await vnstore.change_message(tx, versions(prefix), change, message)
    await vnstore_edit(tx, prefix, change, added, removed)
    return change


async def vnstore_edit(tx, prefix, change, added, removed):
    vnstore.change_continue(tx, versions(prefix), decode(change) if isinstance(change, dict) else change)
    for items in removed:
        await vnstore.remove(tx, versions(prefix), *decode(items))
    for items in added:
        await vnstore.add(tx, versions(prefix), *decode(items))


async def vnstore_apply(tx, prefix, change):
    await vnstore.change_apply(tx, versions(prefix), decode(change))


async def vnstore_ask(tx, prefix, items):
    return await vnstore.ask(tx, versions(prefix), *decode(items))


async def vnstore_select(tx, prefix, pattern):
    return await found.all(vnstore.select(tx, versions(prefix), *decode(pattern)))


async def vnstore_query(tx, prefix, values, _options=None):
    return await found.all(await vnstore.query(tx, versions(prefix), *patterns(values)))


async def vnstore_changes(tx, prefix, change):
    """What the change adds and removes, each with whether it adds."""
    rows = await vnstore.change_changes(tx, versions(prefix), decode(change))
    return [[[row[name] for name in COLUMNS], row["alive?"]] for row in rows]


async def vnstore_list(tx, prefix):
    """The messages of all changes, each with whether it is applied."""
    changes = await vnstore.change_list(tx, versions(prefix))
    return [[change["message"], change["significance"] is not None] for change in changes]


async def answers(target, calls):
    db = await found.open(target.encode())
    for name, *arguments in calls:
        try:
            yield encode(await found.transactional(db, globals()[name.replace(".", "_")], *arguments))
        except Exception as exception:
            yield {"error": type(exception).__name__, "message": str(exception)}


async def main(target):
    for line in sys.stdin:
        print(json.dumps(await found.all(answers(target, json.loads(line)))))
        # The database is closed with the last object that refers to it.
        gc.collect()
        print(flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
