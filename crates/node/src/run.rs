//! The steps of a retry loop whose body is JavaScript. The loop itself is in `lib/transactional.ts`.

use crate::call::{Call, Export, Room};
use crate::failure::Result;
use crate::js::{Js, Kind, Value};
use crate::reply::{Plain, ToValue};
use crate::transaction::{self, Slot};
use found::client::{Database, Idempotency, Run, RunOptions};
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

/// What this module gives the facade.
pub const EXPORTS: &[Export] = &[
    Export { name: c"beginRun", run: begin },
    Export { name: c"committedAttempt", run: committed_attempt },
    Export { name: c"prepareRun", run: prepare },
    Export { name: c"retryRun", run: retry },
    Export { name: c"runStats", run: stats },
];

/// `beginRun(db, snapshot, used?, idempotent?, timeout?, retryLimit?, maxRetryDelay?, prefix?, maxAge?)`: a transaction, in
/// the handle of one that has ended, if that is given; times in milliseconds. Without `idempotent`, what follows is not
/// looked at: most runs have no options.
fn begin<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let database = call.handle::<Database>(0, "db")?;
    let mut options = RunOptions { snapshot: call.boolean(1, "snapshot")?, ..RunOptions::default() };
    if call.js().kind(call.value(3))? != Kind::Undefined {
        options.idempotent = call.boolean(3, "idempotent")?.then(|| idempotency(call)).transpose()?;
        options.timeout = milliseconds(call, 4, "timeout")?;
        options.retry_limit = optional(call, 5, "retryLimit")?.map(|limit| limit as u32);
        options.max_retry_delay = milliseconds(call, 6, "maxRetryDelay")?;
    }
    transaction::seat_run(call, 2, Run::begin(database, &options)?)
}

fn idempotency(call: &Call<'_>) -> Result<Idempotency> {
    let mut idempotency = Idempotency::default();
    if let Some(prefix) = call.bytes_optional(7, "prefix", &mut Room::new())? {
        idempotency.prefix = prefix.to_vec();
    }
    if let Some(max_age) = milliseconds(call, 8, "maxAge")? {
        idempotency.max_age = max_age;
    }
    Ok(idempotency)
}

fn optional(call: &Call<'_>, index: usize, name: &str) -> Result<Option<i64>> {
    match call.js().kind(call.value(index))? {
        Kind::Undefined => Ok(None),
        _ => call.integer(index, name, 0, i32::MAX.into()).map(Some),
    }
}

fn milliseconds(call: &Call<'_>, index: usize, name: &str) -> Result<Option<Duration>> {
    Ok(optional(call, index, name)?.map(|milliseconds| Duration::from_millis(milliseconds as u64)))
}

/// A run; taken out while a step of it is under way.
pub type SharedRun = Rc<RefCell<Option<Run>>>;

/// Lends the run to one step at a time. A second one meanwhile is refused, like anything else that comes while a
/// commit is under way.
async fn lend<R>(place: SharedRun, step: impl AsyncFnOnce(&mut Run) -> found::Result<R>) -> found::Result<R> {
    let mut run = place.take().ok_or(found::Error::fdb(USED_DURING_COMMIT))?;
    let outcome = step(&mut run).await;
    *place.borrow_mut() = Some(run);
    outcome
}

const USED_DURING_COMMIT: i32 = 2017;

/// `committedAttempt(tx)`: the number of an earlier attempt that has committed after all, if there is one.
fn committed_attempt<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let run = Slot::argument(call)?.run()?;
    let asked = Box::pin(lend(run, async |run| run.committed_attempt().await));
    call.environment().executor.run_mapped(call, asked, |attempt| attempt.map(|number| Plain(Attempt(number))))
}

/// `prepareRun(tx, measure)`
fn prepare<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let run = Slot::argument(call)?.run()?;
    let measure = call.boolean(1, "measure")?;
    call.environment().executor.run(call, Box::pin(lend(run, async move |run| run.prepare(measure).await)))
}

/// `retryRun(tx, code)`: ready for another attempt, or the error that stands.
fn retry<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let run = Slot::argument(call)?.run()?;
    let error = found::Error::fdb(call.integer(1, "code", i32::MIN.into(), i32::MAX.into())? as i32);
    call.environment().executor.run(call, Box::pin(lend(run, async move |run| run.retry(&error).await)))
}

/// `runStats(tx)`: retries, milliseconds, bytes (-1 if they were not counted).
fn stats<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let run = Slot::argument(call)?.run()?;
    let stats = run.borrow().as_ref().ok_or(found::Error::fdb(USED_DURING_COMMIT))?.stats();
    let js = call.js();
    let array = js.array(3)?;
    js.set_element(array, 0, js.number(stats.retries.into())?)?;
    js.set_element(array, 1, js.number(stats.elapsed.as_secs_f64() * 1000.0)?)?;
    js.set_element(array, 2, js.number(stats.commit_bytes.unwrap_or(-1) as f64)?)?;
    Ok(array)
}

/// The number of an attempt.
struct Attempt(u32);

impl ToValue for Attempt {
    fn to_value<'call>(self, js: Js) -> Result<Value<'call>> {
        js.number(self.0.into())
    }
}
