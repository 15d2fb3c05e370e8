#!/usr/bin/env python3
"""Runs FoundationDB's own binding tester on the stack tester beside this file:

    official.py FOLDER found-db [OPTIONS OF THE BINDING TESTER...]

FOLDER holds bindings/bindingtester and bindings/python/tests of apple/foundationdb; docs/conformance.md says how to get it. The
tester `found-db` is ours, `python` the official binding, both on a database in a file.

Such a database is open in one process at a time, and the binding tester keeps its own open while a tester runs. So it is
closed before and opened again after; nothing else is changed.
"""

import gc
import os
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
API_VERSION = 730

bindings = os.path.join(os.path.abspath(sys.argv[1]), "bindings")
sys.path[:0] = [bindings, os.path.join(bindings, "bindingtester")]
from bindingtester import bindingtester, known_testers
from fdb import impl


def tester(name, *command, tenants):
    return known_testers.Tester(
        name,
        " ".join(command),
        max_int_bits=2040,
        min_api_version=API_VERSION,
        max_api_version=API_VERSION,
        types=known_testers.ALL_TYPES,
        tenants_enabled=tenants,
    )


class Runner(bindingtester.TestRunner):
    def _run_tester(self, tester):
        self.db = None
        impl.open_databases.clear()
        gc.collect()
        try:
            return super()._run_tester(tester)
        finally:
            self.db = impl.open(self.args.cluster_file)


known_testers.testers.update(
    {
        # It has no tenants: its instructions for them answer what a binding without them may.
        "found-db": tester("found-db", "node", "--import", "tsx", os.path.join(HERE, "main.ts"), tenants=False),
        "python": tester("python", sys.executable, os.path.join(bindings, "python/tests/tester.py"), tenants=True),
    }
)
bindingtester.TestRunner = Runner

os.chdir(os.path.dirname(HERE))
with tempfile.TemporaryDirectory() as scratch:
    sys.exit(bindingtester.main(["--cluster-file", f"file:{scratch}/database", *sys.argv[2:]]))
