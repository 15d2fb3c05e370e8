//! Transactions: reads, writes, and the steps from attempt to attempt.

use crate::call::{Call, Export, Room};
use crate::database::option;
use crate::failure::{Failure, Result};
use crate::handle::{Handle, Held};
use crate::js::{Kind, Value};
use crate::reply::{Bytes, Plain, Size, Version};
use crate::run::SharedRun;
use crate::stores::Blocks;
use found::client::{ConflictRangeType, KeySelector, MutationType, Range, Run, TRANSACTION_OPTIONS, Transaction};
use found::stores::eavstore;
use std::cell::RefCell;
use std::rc::Rc;

/// A transaction and what is being read in it, until the facade lets them go: collecting garbage comes too late, as an
/// open transaction keeps what it reads from being freed.
pub struct Slot {
    transaction: RefCell<Option<Transaction>>,
    /// What runs it again, if something does.
    run: RefCell<Option<SharedRun>>,
    /// Ranges until their next page is asked for.
    pub ranges: Places<Range>,
    /// Queries of stores until their next block is asked for.
    pub queries: Places<Blocks>,
    /// Queries of records until their next block is asked for.
    pub finds: Places<eavstore::Query>,
}

/// Things by number, from 1; one that is taken out leaves its number to another.
pub struct Places<T>(RefCell<Vec<Option<T>>>);

impl<T> Places<T> {
    fn new() -> Places<T> {
        Places(RefCell::default())
    }

    /// Takes the thing of that number out.
    pub fn take(&self, number: usize) -> Option<T> {
        self.0.borrow_mut().get_mut(number.checked_sub(1)?)?.take()
    }

    fn keep(&self, thing: T) -> usize {
        let mut things = self.0.borrow_mut();
        match things.iter().position(Option::is_none) {
            Some(free) => {
                things[free] = Some(thing);
                free + 1
            }
            None => {
                things.push(Some(thing));
                things.len()
            }
        }
    }
}

/// A read under way may outlast its transaction, so the slot is shared with it.
pub type SharedSlot = Rc<Slot>;

/// What JavaScript holds: a transaction's slot, and when that has ended, another's. An external is freed in a turn of the
/// event loop only, so the facade uses those of ended transactions again, for as long as it holds them.
pub struct Seat(RefCell<SharedSlot>);

impl Held for Seat {}

impl Slot {
    /// The slot of the first argument.
    pub fn argument(call: &Call<'_>) -> Result<SharedSlot> {
        Ok(call.handle::<Seat>(0, "tx")?.0.borrow().clone())
    }

    /// Uses the transaction for one call.
    pub fn with<R>(&self, use_it: impl FnOnce(&Transaction) -> Result<R>) -> Result<R> {
        match &*self.transaction.borrow() {
            Some(transaction) => use_it(transaction),
            None => Err(found::Error::fdb(CANCELLED).into()),
        }
    }

    /// Keeps a thing in one of the slot's places and gives its number; 0 if the transaction is over.
    pub fn keep<T>(&self, places: &Places<T>, thing: T) -> usize {
        if self.transaction.borrow().is_some() { places.keep(thing) } else { 0 }
    }

    /// What runs the transaction.
    pub fn run(&self) -> Result<SharedRun> {
        self.run.borrow().clone().ok_or(found::Error::fdb(CANCELLED).into())
    }

    fn of(transaction: Option<Transaction>, run: Option<SharedRun>) -> Slot {
        Slot {
            transaction: RefCell::new(transaction),
            run: RefCell::new(run),
            ranges: Places::new(),
            queries: Places::new(),
            finds: Places::new(),
        }
    }

    fn is_over(&self) -> bool {
        self.transaction.borrow().is_none()
    }

    fn release(&self) {
        let (transaction, run) = (self.transaction.take(), self.run.take());
        drop((self.ranges.0.take(), self.queries.0.take(), self.finds.0.take(), run, transaction));
    }
}

/// A handle that holds a transaction: the one in the argument at `index`, whose own has ended, or a new one.
pub fn seat<'call>(call: &Call<'call>, index: usize, transaction: Transaction) -> Result<Value<'call>> {
    seat_slot(call, index, Slot::of(Some(transaction), None))
}

/// The same, of a transaction and what runs it.
pub fn seat_run<'call>(call: &Call<'call>, index: usize, run: Run) -> Result<Value<'call>> {
    let transaction = run.transaction().clone();
    seat_slot(call, index, Slot::of(Some(transaction), Some(Rc::new(RefCell::new(Some(run))))))
}

fn seat_slot<'call>(call: &Call<'call>, index: usize, slot: Slot) -> Result<Value<'call>> {
    let used = call.value(index);
    if call.js().kind(used)? == Kind::Undefined {
        return Handle::make(call.js(), Seat(RefCell::new(Rc::new(slot))));
    }
    let seat = &call.handle::<Seat>(index, "used")?.0;
    if !seat.borrow().is_over() {
        return Err(Failure::Type("used: its transaction has not ended".to_owned()));
    }
    let before = seat.replace(Rc::new(slot));
    drop(before);
    Ok(used)
}

/// `endedTransaction()`: what stands for transactions that have ended.
fn ended_transaction<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    Handle::make(call.js(), Seat(RefCell::new(Rc::new(Slot::of(None, None)))))
}

const CANCELLED: i32 = 1025;

/// What this module gives the facade.
pub const EXPORTS: &[Export] = &[
    Export { name: c"release", run: release },
    Export { name: c"endedTransaction", run: ended_transaction },
    Export { name: c"get", run: get },
    Export { name: c"getKey", run: get_key },
    Export { name: c"set", run: set },
    Export { name: c"clear", run: clear },
    Export { name: c"clearRange", run: clear_range },
    Export { name: c"atomic", run: atomic },
    Export { name: c"addConflictRange", run: add_conflict_range },
    Export { name: c"readVersion", run: read_version },
    Export { name: c"setReadVersion", run: set_read_version },
    Export { name: c"committedVersion", run: committed_version },
    Export { name: c"approximateSize", run: approximate_size },
    Export { name: c"versionstamp", run: versionstamp },
    Export { name: c"estimatedSize", run: estimated_size },
    Export { name: c"splitPoints", run: split_points },
    Export { name: c"addresses", run: addresses },
    Export { name: c"transactionOption", run: transaction_option },
    Export { name: c"commit", run: commit },
    Export { name: c"onError", run: on_error },
    Export { name: c"reset", run: reset },
    Export { name: c"cancel", run: cancel },
    Export { name: c"conflictingRanges", run: conflicting_ranges },
];

/// Uses the transaction of the first argument for one call.
fn with<'call, R>(call: &Call<'call>, use_it: impl FnOnce(&Transaction) -> Result<R>) -> Result<R> {
    Slot::argument(call)?.with(use_it)
}

/// A key selector from three arguments: key, or equal, offset.
pub fn selector(call: &Call<'_>, index: usize, name: &str) -> Result<KeySelector> {
    Ok(KeySelector {
        key: call.bytes(index, name, &mut Room::new())?.to_vec(),
        or_equal: call.boolean(index + 1, name)?,
        offset: call.integer(index + 2, "offset", i32::MIN.into(), i32::MAX.into())? as i32,
    })
}

/// `release(tx)`: nothing of it is kept but what is under way.
fn release<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    Slot::argument(call)?.release();
    call.js().undefined()
}

/// `get(tx, key, snapshot)`
fn get<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let mut room = Room::new();
    let key = call.bytes(1, "key", &mut room)?;
    let snapshot = call.boolean(2, "snapshot")?;
    let read = with(call, |tx| Ok(tx.get(key, snapshot)))?;
    call.environment().executor.run_new(call, read, |value| value.map(Bytes))
}

/// `getKey(tx, key, orEqual, offset, snapshot)`
fn get_key<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let selector = selector(call, 1, "selector")?;
    let snapshot = call.boolean(4, "snapshot")?;
    let read = with(call, |tx| Ok(tx.get_key(&selector, snapshot)))?;
    call.environment().executor.run_new(call, read, Bytes)
}

/// `set(tx, key, value)`
fn set<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let (mut key_room, mut value_room) = (Room::new(), Room::new());
    let key = call.bytes(1, "key", &mut key_room)?;
    let value = call.bytes(2, "value", &mut value_room)?;
    with(call, |tx| Ok(tx.set(key, value)?))?;
    call.js().undefined()
}

/// `clear(tx, key)`
fn clear<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let mut room = Room::new();
    let key = call.bytes(1, "key", &mut room)?;
    with(call, |tx| Ok(tx.clear(key)?))?;
    call.js().undefined()
}

/// `clearRange(tx, key, other)`
fn clear_range<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let (mut begin_room, mut end_room) = (Room::new(), Room::new());
    let begin = call.bytes(1, "key", &mut begin_room)?;
    let end = call.bytes(2, "other", &mut end_room)?;
    with(call, |tx| Ok(tx.clear_range(begin, end)?))?;
    call.js().undefined()
}

/// `atomic(tx, key, param, code)`
fn atomic<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let (mut key_room, mut param_room) = (Room::new(), Room::new());
    let key = call.bytes(1, "key", &mut key_room)?;
    let param = call.bytes(2, "param", &mut param_room)?;
    let operation = mutation(call.integer(3, "operation", 0, 255)?)?;
    with(call, |tx| Ok(tx.atomic_op(key, param, operation)?))?;
    call.js().undefined()
}

/// A mutation type by its number in the C API.
fn mutation(code: i64) -> Result<MutationType> {
    Ok(match code {
        2 => MutationType::Add,
        6 => MutationType::BitAnd,
        7 => MutationType::BitOr,
        8 => MutationType::BitXor,
        9 => MutationType::AppendIfFits,
        12 => MutationType::Max,
        13 => MutationType::Min,
        14 => MutationType::SetVersionstampedKey,
        15 => MutationType::SetVersionstampedValue,
        16 => MutationType::ByteMin,
        17 => MutationType::ByteMax,
        20 => MutationType::CompareAndClear,
        _ => return Err(found::Error::fdb(INVALID_MUTATION_TYPE).into()),
    })
}

const INVALID_MUTATION_TYPE: i32 = 2018;

/// `addConflictRange(tx, begin, end, write)`
fn add_conflict_range<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let (mut begin_room, mut end_room) = (Room::new(), Room::new());
    let begin = call.bytes(1, "begin", &mut begin_room)?;
    let end = call.bytes(2, "end", &mut end_room)?;
    let kind = if call.boolean(3, "type")? { ConflictRangeType::Write } else { ConflictRangeType::Read };
    with(call, |tx| Ok(tx.add_conflict_range(begin, end, kind)?))?;
    call.js().undefined()
}

/// `readVersion(tx)`
fn read_version<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let read = with(call, |tx| Ok(tx.read_version()))?;
    call.environment().executor.run_mapped(call, read, |version| Plain(Version(version)))
}

/// `setReadVersion(tx, version)`
fn set_read_version<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let version = call.bigint(1, "version")?;
    with(call, |tx| Ok(tx.set_read_version(version)?))?;
    call.js().undefined()
}

/// `committedVersion(tx)`
fn committed_version<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    call.js().bigint(with(call, |tx| Ok(tx.committed_version()))?)
}

/// `approximateSize(tx)`
fn approximate_size<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let read = with(call, |tx| Ok(tx.approximate_size()))?;
    call.environment().executor.run_mapped(call, read, |size| Plain(Size(size)))
}

/// `versionstamp(tx)`: settles when the transaction commits, or ends otherwise.
fn versionstamp<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let stamp = with(call, |tx| Ok(tx.versionstamp()?))?;
    call.environment().executor.run_mapped(call, stamp, Bytes)
}

/// `estimatedSize(tx, begin, end)`
fn estimated_size<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let (mut begin_room, mut end_room) = (Room::new(), Room::new());
    let begin = call.bytes(1, "begin", &mut begin_room)?;
    let end = call.bytes(2, "end", &mut end_room)?;
    let read = with(call, |tx| Ok(tx.estimated_range_size(begin, end)))?;
    call.environment().executor.run_mapped(call, read, |size| Plain(Size(size)))
}

/// `splitPoints(tx, begin, end, chunkSize)`
fn split_points<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let (mut begin_room, mut end_room) = (Room::new(), Room::new());
    let begin = call.bytes(1, "begin", &mut begin_room)?;
    let end = call.bytes(2, "end", &mut end_room)?;
    let chunk = call.integer(3, "chunkSize", 0, 1 << 52)?;
    let read = Box::pin(with(call, |tx| Ok(tx.range_split_points(begin, end, chunk)))?);
    call.environment().executor.run_mapped(call, read, Plain)
}

/// `addresses(tx, key)`
fn addresses<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let mut room = Room::new();
    let key = call.bytes(1, "key", &mut room)?;
    let read = Box::pin(with(call, |tx| Ok(tx.addresses_for_key(key)))?);
    call.environment().executor.run_mapped(call, read, Plain)
}

/// `transactionOption(tx, name, value?)`
fn transaction_option<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let (name, value) = option(call, 1, TRANSACTION_OPTIONS)?;
    with(call, |tx| Ok(tx.set_option_by_name(name, &value)?))?;
    call.js().undefined()
}

/// `commit(tx)`
fn commit<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let commit = with(call, |tx| Ok(tx.commit()))?;
    call.environment().executor.run_new(call, commit, |done| done)
}

/// `onError(tx, code)`
fn on_error<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let code = call.integer(1, "code", i32::MIN.into(), i32::MAX.into())? as i32;
    let retry = with(call, |tx| Ok(tx.on_error(code)))?;
    call.environment().executor.run_new(call, retry, |ready| ready)
}

/// `reset(tx)`
fn reset<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    with(call, |tx| Ok(tx.reset()?))?;
    call.js().undefined()
}

/// `cancel(tx)`
fn cancel<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    with(call, |tx| {
        tx.cancel();
        Ok(())
    })?;
    call.js().undefined()
}

/// `conflictingRanges(tx)`: begin and end of each range of the last conflict, one after the other.
fn conflicting_ranges<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let ranges = with(call, |tx| Ok(tx.conflicting_ranges()))?;
    let flat: Vec<Vec<u8>> = ranges.into_iter().flat_map(|(begin, end)| [begin, end]).collect();
    crate::reply::ToValue::to_value(flat, call.js())
}
