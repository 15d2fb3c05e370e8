//! Scans: ranges over as many transactions as it takes.

use crate::call::{Call, Export, Room};
use crate::failure::Result;
use crate::handle::{Handle, Held};
use crate::js::Value;
use crate::range::{Rows, mode};
use crate::steps::Steps;
use found::client::{Database, Scan, ScanOptions};

impl Held for Steps<Scan> {}

/// What this module gives the facade.
pub const EXPORTS: &[Export] = &[
    Export { name: c"scan", run: scan },
    Export { name: c"scanPage", run: page },
    Export { name: c"endScan", run: end },
];

/// `scan(db, begin, end, after?, limit, reverse, mode)`
fn scan<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let database = call.handle::<Database>(0, "db")?;
    let (mut begin_room, mut end_room) = (Room::new(), Room::new());
    let begin = call.bytes(1, "begin", &mut begin_room)?;
    let end = call.bytes(2, "end", &mut end_room)?;
    let options = ScanOptions {
        after: call.bytes_optional(3, "after", &mut Room::new())?.map(<[u8]>::to_vec),
        limit: call.integer(4, "limit", 0, i32::MAX.into())? as usize,
        reverse: call.boolean(5, "reverse")?,
        mode: mode(call.integer(6, "mode", -2, 4)?),
        ..ScanOptions::default()
    };
    Handle::make(call.js(), Steps::new(database.scan(begin, end, options)))
}

/// `scanPage(scan)`: the next page, undefined after the last and after the end.
fn page<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let reading = call.handle::<Steps<Scan>>(0, "scan")?.step(async |scan| {
        let page = scan.next_page().await?;
        let next = (!scan.is_done()).into();
        Ok(page.map(|page| Rows { page, next }))
    });
    match reading {
        Some(reading) => call.environment().executor.run(call, reading),
        None => call.js().undefined(),
    }
}

/// `endScan(scan)`: no more pages are wanted; one that is being read fails with 1101.
fn end<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    call.handle::<Steps<Scan>>(0, "scan")?.end();
    call.js().undefined()
}
