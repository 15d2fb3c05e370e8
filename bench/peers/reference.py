"""asyncio-foundationdb, the reference, doing the suites' work on our libfdb_c.

    python reference.py '{"suite": "kv", "peer": "reference", "sizes": {...}, "scratch": "..."}'

Its last line is JSON, as that of child.mjs. The data are those of lib/data.mjs and the suites; the stores' data are read
from the files that found-db has written, as the layouts are the same.
"""

import asyncio
import json
import os
import struct
import sys
import time
import traceback

import found
from found import eavstore, nstore, pstore, vnstore

VERSION = "0.12.0"
STRETCH = 0.7
CLOCK = time.perf_counter
MASK = 0xFFFFFFFF
ONE = b"\x01" + b"\x00" * 7


def mix(number):
    h = number & MASK
    h = ((h ^ (h >> 16)) * 0x85EBCA6B) & MASK
    h = ((h ^ (h >> 13)) * 0xC2B2AE35) & MASK
    return h ^ (h >> 16)


def key(index):
    at = 4 * index
    return struct.pack(">4I", mix(at + 1) >> 1, mix(at + 2), mix(at + 3), mix(at + 4))


def beginning(n):
    return struct.pack(">I", mix(n + 777) >> 2) + b"\x00" * 12


async def measure(run, milliseconds=None, waits=False):
    """Microseconds for one operation; run(n) does n. The same procedure as lib/measure.mjs."""
    now = time.perf_counter if waits else CLOCK
    wanted = STRETCH if milliseconds is None else milliseconds / 1000
    count = 1
    while True:
        start = now()
        await run(count)
        took = now() - start
        if took >= wanted / 4:
            break
        grown = int(count * wanted / 3 / took) + 1 if took > 0.001 else count * 10
        count = max(count + 1, min(count * 10, grown))
    count = max(1, round(count * wanted / took))
    start = now()
    await run(count)
    return (now() - start) / count * 1e6


async def kv(job, target):
    sizes = job["sizes"]
    pairs, rows = sizes["pairs"], sizes["rows"]
    path = job["scratch"] + "/reference"
    empty = target == "memory" or not os.path.exists(path)
    os.environ["FDB_CLUSTER_FILE"] = "memory:" if target == "memory" else "file:" + path
    db = await found.open()
    value = bytes(range(100))
    if empty:
        await load(db, pairs, value)
        if target == "file":
            return None
    keys = [key(mix(n + 12345) % pairs) for n in range(20_000)]
    begins = [beginning(n) for n in range(100)]
    values = {}

    async def get(tx, n):
        for i in range(n):
            assert await found.get(tx, keys[i % len(keys)]) is not None

    async def together(tx, n):
        for i in range(n):
            begin = (i * 100) % (len(keys) - 100)
            await asyncio.gather(*(found.get(tx, k) for k in keys[begin : begin + 100]))

    async def everything(tx, n):
        for i in range(n):
            read = 0
            async for _ in found.query(tx, begins[i % len(begins)], b"\xff", limit=rows):
                read += 1
            assert read == rows

    def within(work):
        return lambda n: found.transactional(db, work, n)

    if target == "file":
        start = CLOCK()
        await found.transactional(db, get, sizes["first"])
        values["first"] = (CLOCK() - start) / sizes["first"] * 1e6
    await found.transactional(db, together, len(keys) // 100)
    values["get"] = await measure(within(get))
    values["together"] = await measure(within(together)) / 100
    values["each"] = values["all"] = await measure(within(everything)) / rows
    written = [pairs]

    async def read_and_write(tx, k):
        await found.get(tx, k)
        await found.set(tx, k, value)

    async def commit(n):
        for _ in range(n):
            written[0] += 1
            await found.transactional(db, read_and_write, key(written[0]))

    values["commit"] = await measure(commit, sizes["commits"], waits=target == "file")
    return values


async def load(db, pairs, value):
    async def fill(tx, begin, end):
        for index in range(begin, end):
            await found.set(tx, key(index), value)

    for begin in range(0, pairs, 20_000):
        await found.transactional(db, fill, begin, min(pairs, begin + 20_000))


def triples_of(person, people):
    """As triplesOf in suites/nstore.mjs."""
    me = f"person{person}"
    for n in range(5):
        yield me, "knows", f"person{mix(person * 5 + n) % people}"
    yield me, "lives in", f"city{person % max(1, people // 100)}"
    yield me, "works at", f"place{mix(person) % max(1, people // 20)}"
    yield me, "name", f"Name {person}"
    yield me, "born", str(1940 + person % 70)
    yield me, "tag", "common" if person < 10_000 else f"rare{person // 10}"


async def triples(job):
    people = job["sizes"]["triples"] // 10
    store = nstore.make("triples", ["triples"], 3)
    v = nstore.var
    os.environ["FDB_CLUSTER_FILE"] = "memory:"
    db = await found.open()
    values = {}

    async def add(tx, begin, end):
        for person in range(begin, end):
            for triple in triples_of(person, people):
                await nstore.add(tx, store, *triple)

    # A part of the load is enough to tell its rate; the whole would take the reference minutes.
    part = min(people, 1000)
    start = CLOCK()
    for begin in range(0, part, 200):
        await found.transactional(db, add, begin, min(part, begin + 200))
    values["load"] = (CLOCK() - start) / (part * 10) * 1e6

    db = await found.open(("file:" + job["scratch"] + "/nstore").encode())

    async def find(tx, pattern):
        return len(await collected(nstore.query(tx, store, pattern)))

    async def join(tx, city):
        patterns = (v("p"), "lives in", city), (v("p"), "knows", v("q")), (v("q"), "works at", v("place"))
        return len(await collected(nstore.query(tx, store, *patterns)))

    def repeated(work, argument, least):
        async def run(n):
            for i in range(n):
                assert await found.transactional(db, work, argument(i)) >= least

        return run

    values["one"] = await measure(repeated(find, lambda i: (f"person{mix(i) % people}", "name", v("x")), 1))
    values["ten"] = await measure(repeated(find, lambda i: (v("x"), "tag", "rare1007"), 10))
    values["many"] = await measure(repeated(find, lambda i: (v("x"), "tag", "common"), 10_000))
    values["join"] = await measure(repeated(join, lambda i: f"city{i % 7}", 450))
    return values


async def collected(iterable):
    return [item async for item in iterable]


def record(n, records):
    return {
        "name": f"Name {n}",
        "email": f"name{n}@example.org",
        "city": f"city{n % max(1, records // 100)}",
        "age": mix(n) % 80,
        "member": n % 3 == 0,
    }


async def records(job):
    count = job["sizes"]["records"]
    store = eavstore.make("records", ["records"])
    os.environ["FDB_CLUSTER_FILE"] = "memory:"
    db = await found.open()
    values = {}

    async def create(tx, begin, end):
        for n in range(begin, end):
            await eavstore.create(tx, store, record(n, count))

    # A part of the records is enough to tell the rate.
    part = min(count, 5000)
    start = CLOCK()
    for begin in range(0, part, 500):
        await found.transactional(db, create, begin, min(part, begin + 500))
    values["create"] = (CLOCK() - start) / part * 1e6

    db = await found.open(("file:" + job["scratch"] + "/eavstore").encode())

    async def query(tx, city):
        return len(await collected(eavstore.query(tx, store, "city", city)))

    async def queries(n):
        for i in range(n):
            assert await found.transactional(db, query, f"city{i % max(1, count // 100)}") == 100

    values["query"] = await measure(queries)
    return values


async def search(job):
    store = pstore.make("licences", ["licences"])
    db = await found.open(("file:" + job["scratch"] + "/pstore").encode())
    values = {}
    # The searches of suites/pstore.mjs, as it has written them down.
    with open(job["scratch"] + "/searches.json") as file:
        asked = json.load(file)
    times = []
    for count, searches in asked.items():
        start = CLOCK()
        for words in searches:
            before = CLOCK()
            assert await found.transactional(db, pstore.search, store, words, 10) is not None
            times.append(CLOCK() - before)
        values[f"search{count}"] = (CLOCK() - start) / len(searches) * 1e6
    values["p99"] = sorted(times)[int(len(times) * 0.99)] * 1e6
    return values


async def changes(job):
    store = vnstore.make("facts", ["facts"], ["uid", "key", "value"])
    db = await found.open(("file:" + job["scratch"] + "/vnstore").encode())
    values = {}

    async def ask(tx, touched, n):
        return await vnstore.ask(tx, store, f"thing{n}", f"touched {touched}", "so often")

    async def query(tx, touched):
        pattern = (nstore.var("uid"), f"touched {touched}", "so often")
        return len({row["uid"] async for row in await vnstore.query(tx, store, pattern)})

    for touched in (1, 10, 100):

        async def asks(n):
            for i in range(n):
                assert await found.transactional(db, ask, touched, i % 10)

        async def queries(n):
            for _ in range(n):
                assert await found.transactional(db, query, touched) == 10

        values[f"ask{touched}"] = await measure(asks)
        if touched < 100:
            values[f"query{touched}"] = await measure(queries)
    # This one needs more than the 5 s that a transaction lasts, so `transactional` would try it for ever. One attempt
    # is timed, to its end or to its failure: what it takes at least.
    start = CLOCK()
    try:
        await query(found.base._make_transaction(db), 100)
    except found.BaseFoundException:
        pass
    values["query100"] = (CLOCK() - start) * 1e6
    return values


SUITES = {
    "kv/reference": lambda job: kv(job, "memory"),
    "kv/reference file": lambda job: kv(job, "file"),
    "nstore/reference": triples,
    "eavstore/reference": records,
    "pstore/reference": search,
    "vnstore/reference": changes,
}


def main():
    global STRETCH, CLOCK
    job = json.loads(sys.argv[1])
    STRETCH = job["sizes"]["stretch"] / 1000
    if job["sizes"]["clock"] == "processor":
        CLOCK = time.process_time
    # The reference keeps the loop it finds when it is imported.
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    found.base._loop = loop
    try:
        values = loop.run_until_complete(SUITES[job["suite"] + "/" + job["peer"]](job))
        # One that has only made its file has no values, and is run again.
        answer = {"again": True} if values is None else {"values": values, "version": VERSION}
    except Exception:
        answer = {"unavailable": traceback.format_exc()}
    print()
    print(json.dumps(answer), flush=True)
    # Its network thread does not always end by itself.
    os._exit(0)


main()
