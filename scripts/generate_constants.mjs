// Writes crates/fdb-c/src/constants.rs from the option list that FoundationDB ships (fdb.options, XML) and prints
// nothing. The constants have the names that bindgen gives them, because the crate `foundationdb` expects those.
//
//   node scripts/generate_constants.mjs path/to/730/fdb.options
//
// A copy of the list comes with the crate `foundationdb-gen` (include/730/fdb.options).

import { readFileSync, writeFileSync } from "node:fs";

const PREFIX = {
  NetworkOption: "NET_OPTION",
  DatabaseOption: "DB_OPTION",
  TransactionOption: "TR_OPTION",
  StreamingMode: "STREAMING_MODE",
  MutationType: "MUTATION_TYPE",
  ConflictRangeType: "CONFLICT_RANGE_TYPE",
  ErrorPredicate: "ERROR_PREDICATE",
};

const source = process.argv[2];
if (!source) {
  console.error("usage: generate_constants.mjs <fdb.options>");
  process.exit(2);
}
const xml = readFileSync(source, "utf8").replace(/<!--[\s\S]*?-->/g, "");
const out = [
  "//! The numbers of FoundationDB 7.3's options, modes and mutation types, under bindgen's names.",
  "//!",
  "//! Written by scripts/generate_constants.mjs from fdb.options; not edited by hand.",
  "",
  "#![allow(non_upper_case_globals, missing_docs)]",
];
for (const [, scope, body] of xml.matchAll(/<Scope\s+name="(\w+)"\s*>([\s\S]*?)<\/Scope>/g)) {
  const prefix = PREFIX[scope];
  if (!prefix) throw new Error(`unknown scope ${scope}`);
  const options = [...body.matchAll(/<Option\s+([\s\S]*?)\/>/g)].map(([, text]) => ({
    name: text.match(/\bname="(\w+)"/)[1].toUpperCase(),
    code: Number(text.match(/\bcode="(-?\d+)"/)[1]),
  }));
  // bindgen follows the C compiler: an enumeration with a negative member is signed, any other unsigned.
  const type = options.some(({ code }) => code < 0) ? "i32" : "u32";
  out.push("", `pub type FDB${scope} = ${type};`);
  for (const { name, code } of options) {
    out.push(`pub const FDB${scope}_FDB_${prefix}_${name}: FDB${scope} = ${code};`);
  }
}
writeFileSync(new URL("../crates/fdb-c/src/constants.rs", import.meta.url), out.join("\n") + "\n");
