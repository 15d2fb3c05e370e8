//! Scans: ranges over as many transactions as it takes.

use crate::call::{Call, Export, Room};
use crate::failure::Result;
use crate::handle::{Handle, Held};
use crate::js::Value;
use crate::range::{Rows, mode};
use found::client::{Database, Scan, ScanOptions};
use std::cell::RefCell;
use std::rc::Rc;

/// A scan until it is ended; taken out while a page is being read.
type Place = Rc<RefCell<Option<Scan>>>;

impl Held for Place {}

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
    Handle::make(call.js(), Rc::new(RefCell::new(Some(database.scan(begin, end, options)))))
}

/// `scanPage(scan)`: the next page, undefined after the last.
fn page<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let place = call.handle::<Place>(0, "scan")?.clone();
    let Some(mut scan) = place.take() else {
        return call.js().undefined();
    };
    let reading = Box::pin(async move {
        let page = scan.next_page().await?;
        let more = !scan.is_done();
        if more {
            *place.borrow_mut() = Some(scan);
        }
        Ok(page.map(|page| Rows { page, next: more.into() }))
    });
    call.environment().executor.run(call, reading)
}

/// `endScan(scan)`: no more pages are wanted.
fn end<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    drop(call.handle::<Place>(0, "scan")?.take());
    call.js().undefined()
}
