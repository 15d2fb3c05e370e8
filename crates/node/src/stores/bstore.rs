//! The blob store.

use super::arguments::{Flag, items, place};
use crate::call::{Call, Export, Room};
use crate::failure::{Failure, Result};
use crate::handle::{Handle, Held};
use crate::js::Value;
use crate::reply::{Bytes, Plain, Size};
use found::client::Database;
use found::stores::bstore::{BStore, Upload};
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

/// An operation under way may outlast the handle, so the store is shared with it.
type Shared = Rc<BStore>;

impl Held for Shared {}

/// An upload until it ends; taken out while a step of it is under way.
type Place = Rc<RefCell<Option<Upload>>>;

impl Held for Place {}

/// What this module gives the facade.
pub const EXPORTS: &[Export] = &[
    Export { name: c"bstoreMake", run: make },
    Export { name: c"bstoreGetOrCreate", run: get_or_create },
    Export { name: c"bstoreRead", run: read },
    Export { name: c"bstoreSize", run: size },
    Export { name: c"bstoreRemove", run: remove },
    Export { name: c"bstoreUpload", run: upload },
    Export { name: c"uploadWrite", run: upload_write },
    Export { name: c"uploadFinish", run: upload_finish },
    Export { name: c"uploadAbort", run: upload_abort },
    Export { name: c"bstoreSweep", run: sweep },
];

/// The most bytes that a position in a blob can be: JavaScript counts exactly so far.
const POSITION_MAX: i64 = (1 << 53) - 1;

fn uid(call: &Call<'_>) -> Result<found::tuple::Uuid> {
    let mut room = Room::new();
    let bytes = call.bytes(2, "uid", &mut room)?;
    let bytes = bytes.try_into().map_err(|_| Failure::Range("uid: expected 16 bytes".to_owned()))?;
    Ok(found::tuple::Uuid::from_bytes(bytes))
}

/// `bstoreMake(name, prefix)`: `prefix` is a packed tuple.
fn make<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let store = BStore::make(call.text(0, "name")?, &items(call, 1, "prefix")?)?;
    Handle::make(call.js(), Rc::new(store))
}

/// `bstoreGetOrCreate(tx, store, blob)`: the 16 bytes of the uid.
fn get_or_create<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let (tx, store) = place::<BStore>(call)?;
    let blob = call.bytes(2, "blob", &mut Room::new())?.to_vec();
    let work = Box::pin(async move { store.get_or_create(&tx, &blob).await });
    call.environment().executor.run_mapped(call, work, |uid| Bytes(uid.into_bytes()))
}

/// `bstoreRead(tx, store, uid, start, end)`
fn read<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let ((tx, store), uid) = (place::<BStore>(call)?, uid(call)?);
    let start = call.integer(3, "start", 0, POSITION_MAX)? as u64;
    let end = call.integer(4, "end", 0, POSITION_MAX)? as u64;
    let work = Box::pin(async move { store.read(&tx, uid, start, end).await });
    call.environment().executor.run_mapped(call, work, |bytes| bytes.map(Bytes))
}

/// `bstoreSize(tx, store, uid)`
fn size<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let ((tx, store), uid) = (place::<BStore>(call)?, uid(call)?);
    let work = Box::pin(async move { store.size(&tx, uid).await });
    call.environment().executor.run_mapped(call, work, |size| size.map(|size| Plain(Size(size as i64))))
}

/// `bstoreRemove(tx, store, uid)`
fn remove<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let ((tx, store), uid) = (place::<BStore>(call)?, uid(call)?);
    let work = Box::pin(async move { store.remove(&tx, uid).await });
    call.environment().executor.run_mapped(call, work, |removed| Plain(Flag(removed)))
}

/// `bstoreUpload(db, store)`
fn upload<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let upload = call.handle::<Shared>(1, "store")?.upload(call.handle::<Database>(0, "db")?);
    Handle::make(call.js(), Rc::new(RefCell::new(Some(upload))))
}

/// An upload in the hands of a step, which gives it back also when it is given up in the middle.
struct Lent {
    place: Place,
    upload: Option<Upload>,
}

impl Lent {
    async fn step<R>(mut self, step: impl AsyncFnOnce(&mut Upload) -> found::Result<R>) -> found::Result<R> {
        match &mut self.upload {
            Some(upload) => step(upload).await,
            None => Err(found::Error::fdb(CLIENT_INVALID_OPERATION)),
        }
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        *self.place.borrow_mut() = self.upload.take();
    }
}

/// The upload of the first argument, which must be idle.
fn lend(call: &Call<'_>) -> Result<Lent> {
    let place = call.handle::<Place>(0, "upload")?.clone();
    let upload = place.take().ok_or(found::Error::fdb(CLIENT_INVALID_OPERATION))?;
    Ok(Lent { place, upload: Some(upload) })
}

const CLIENT_INVALID_OPERATION: i32 = 2000;

/// `uploadWrite(upload, bytes)`
fn upload_write<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let bytes = call.bytes(1, "source", &mut Room::new())?.to_vec();
    let work = Box::pin(lend(call)?.step(async move |upload| upload.write(&bytes).await));
    call.environment().executor.run(call, work)
}

/// `uploadFinish(upload)`: the 16 bytes of the uid.
fn upload_finish<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let work = Box::pin(lend(call)?.step(async |upload| upload.finish().await));
    call.environment().executor.run_mapped(call, work, |uid| Bytes(uid.into_bytes()))
}

/// `uploadAbort(upload)`
fn upload_abort<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let upload = lend(call)?.upload.take().ok_or(found::Error::fdb(CLIENT_INVALID_OPERATION))?;
    call.environment().executor.run(call, Box::pin(upload.abort()))
}

/// `bstoreSweep(db, store, olderThan)`: milliseconds.
fn sweep<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let (database, store) = (call.handle::<Database>(0, "db")?.clone(), call.handle::<Shared>(1, "store")?.clone());
    let older_than = Duration::from_millis(call.integer(2, "olderThan", 0, POSITION_MAX)? as u64);
    let work = Box::pin(async move { store.sweep(&database, older_than).await });
    call.environment().executor.run_mapped(call, work, |swept| Plain(Size(swept as i64)))
}
