//! The modules of the special key space and what they hold.
//!
//! A module is a range of keys with one owner; reads must not cross from one to the next. All rows of a module are
//! made for each read: there are few.

use super::tenants;
use crate::error::{Error, Result};
use crate::key::{ALL_END, SPECIAL_END};
use crate::range_set::RangeSet;
use crate::status;
use crate::transaction::{Inner, State};
use crate::versionstamp;

const READ_CONFLICTS: &[u8] = b"\xff\xff/transaction/read_conflict_range/";
const WRITE_CONFLICTS: &[u8] = b"\xff\xff/transaction/write_conflict_range/";
const CONFLICTING_KEYS: &[u8] = b"\xff\xff/transaction/conflicting_keys/";

type Row = (Vec<u8>, Vec<u8>);

/// Begin and end of each module, in order.
const MODULES: &[(&[u8], &[u8])] = &[
    (b"\xff\xff/actor_lineage/", b"\xff\xff/actor_lineage0"),
    (b"\xff\xff/actor_profiler_conf/", b"\xff\xff/actor_profiler_conf0"),
    (b"\xff\xff/cluster_file_path", b"\xff\xff/cluster_file_path\x00"),
    (b"\xff\xff/cluster_id", b"\xff\xff/cluster_id\x00"),
    (b"\xff\xff/configuration/", b"\xff\xff/configuration0"),
    (b"\xff\xff/connection_string", b"\xff\xff/connection_string\x00"),
    (b"\xff\xff/error_message", b"\xff\xff/error_message\x00"),
    (b"\xff\xff/found/", b"\xff\xff/found0"),
    (b"\xff\xff/global_config/", b"\xff\xff/global_config0"),
    (b"\xff\xff/management/", b"\xff\xff/management0"),
    (b"\xff\xff/metrics/", b"\xff\xff/metrics0"),
    (b"\xff\xff/status/json", b"\xff\xff/status/json\x00"),
    (b"\xff\xff/tracing/", b"\xff\xff/tracing0"),
    (b"\xff\xff/transaction/", b"\xff\xff/transaction0"),
    (b"\xff\xff/worker_interfaces/", b"\xff\xff/worker_interfaces0"),
];

/// The module that both keys lie in, its end included: 2113 where they lie in one gap between modules, 2112 where they
/// lie apart.
pub(super) fn around(begin: &[u8], end: &[u8]) -> Result<Row> {
    let mut gap_begin: &[u8] = ALL_END;
    for &(from, to) in MODULES {
        if begin < from {
            let gap = end >= gap_begin && end <= from;
            return Err(if gap { Error::SPECIAL_KEYS_NO_MODULE_FOUND } else { Error::SPECIAL_KEYS_CROSS_MODULE_READ });
        }
        if begin < to {
            if end < from || end > to {
                return Err(Error::SPECIAL_KEYS_CROSS_MODULE_READ);
            }
            return Ok((from.to_vec(), to.to_vec()));
        }
        gap_begin = to;
    }
    let gap = end >= gap_begin && end <= SPECIAL_END;
    Err(if gap { Error::SPECIAL_KEYS_NO_MODULE_FOUND } else { Error::SPECIAL_KEYS_CROSS_MODULE_READ })
}

/// Whether the key can be written at all.
pub(super) fn is_writable(key: &[u8]) -> bool {
    key.starts_with(tenants::MAP)
}

/// Whether all of `[begin, end)` is one part that can be written.
pub(super) fn is_one_writable(begin: &[u8], end: &[u8]) -> bool {
    begin.starts_with(tenants::MAP) && end <= tenants::MAP_END
}

/// All rows of `[begin, end)`, sorted.
pub(super) fn rows(inner: &Inner, state: &mut State, begin: &[u8], end: &[u8]) -> Result<Vec<Row>> {
    let mut rows: Vec<Row> = Vec::new();
    let touches = |part: &[u8]| begin < &*crate::key::prefix_end(part).unwrap_or_default() && part < end;
    if touches(b"\xff\xff/transaction/") {
        boundaries(&mut rows, READ_CONFLICTS, &read_conflicts(state));
        boundaries(&mut rows, WRITE_CONFLICTS, &write_conflicts(state));
        if let Some(report) = &state.conflicting {
            boundaries(&mut rows, CONFLICTING_KEYS, report);
        }
    }
    if let Some(message) = &state.special_error {
        rows.push((b"\xff\xff/error_message".to_vec(), message.clone().into_bytes()));
    }
    if let Some(failure) = inner.database().open_error() {
        rows.push((super::OPEN_ERROR.to_vec(), failure.message.clone().into_bytes()));
    } else {
        let core = inner.database().core()?;
        if touches(b"\xff\xff/status/json") {
            rows.push((b"\xff\xff/status/json".to_vec(), status::json(core).into_bytes()));
        }
        let mut text = |key: &[u8], value: &str| rows.push((key.to_vec(), value.as_bytes().to_vec()));
        text(b"\xff\xff/cluster_file_path", &core.target);
        text(b"\xff\xff/cluster_id", status::CLUSTER_ID);
        text(b"\xff\xff/connection_string", status::CONNECTION_STRING);
        text(b"\xff\xff/configuration/coordinators/cluster_description", "embedded");
        text(b"\xff\xff/configuration/coordinators/processes", status::ADDRESS);
        text(b"\xff\xff/metrics/health/aggregate", status::HEALTH);
        text(b"\xff\xff/tracing/token", "0");
        text(b"\xff\xff/tracing/transaction_id", &"0".repeat(32));
        if touches(b"\xff\xff/management/") {
            if inner.tenant().is_some() && !state.options.special_keys_relaxed {
                return Err(Error::ILLEGAL_TENANT_ACCESS);
            }
            if inner.tenant().is_none() {
                rows.extend(tenants::rows(inner, state)?);
            }
        }
    }
    rows.retain(|(key, _)| begin <= key.as_slice() && key.as_slice() < end);
    rows.sort();
    Ok(rows)
}

/// A set of ranges as its boundaries: `1` where one begins, `0` where it ends.
fn boundaries(rows: &mut Vec<Row>, prefix: &[u8], ranges: &RangeSet) {
    let limit = [prefix, ALL_END].concat();
    for (begin, end) in ranges.iter() {
        for (key, value) in [(begin, b"1"), (end, b"0")] {
            let key = [prefix, key].concat();
            if key < limit {
                rows.push((key, value.to_vec()));
            }
        }
    }
}

fn read_conflicts(state: &mut State) -> RangeSet {
    let mut ranges = state.reads.conflicts().clone();
    for (begin, end) in state.ordered.read_ranges.iter().chain(&state.ordered.extra_read_ranges) {
        ranges.insert(begin, end);
    }
    ranges
}

fn write_conflicts(state: &State) -> RangeSet {
    let mut ranges = RangeSet::default();
    if state.options.ryw_disabled {
        for (begin, end) in &state.ordered.write_ranges {
            ranges.insert(begin, end);
        }
    } else {
        let (_, conflicts) = state.collect_writes(b"", ALL_END);
        for (begin, end) in conflicts {
            ranges.insert(&begin, &end);
        }
    }
    for key in &state.stamped_keys {
        // Before the commit the key is one of a range; then it is known.
        let (begin, end) = match &state.committed_stamp {
            Some(stamp) => {
                let key = versionstamp::place(key, stamp);
                let end = crate::key::key_after(&key);
                (key, end)
            }
            None => {
                let read_version = state.read_version.as_ref().map(|read| read.version);
                versionstamp::key_range(key, read_version, state.max_read_key())
            }
        };
        ranges.insert(&begin, &end);
    }
    ranges
}
