//! Databases, and what holds for the whole process.

use crate::call::{Call, Export, Room};
use crate::environment::{CLOSING_PATIENCE, stop_network_at_exit};
use crate::failure::{Failure, Result};
use crate::handle::{Handle, Held};
use crate::js::{Js, Kind, Value};
use crate::promise::Reply;
use crate::transaction;
use found::client::{
    DATABASE_OPTIONS, Database, NETWORK_OPTIONS, OptionInfo, OptionKind, OptionValue, TransactionOptions, network,
};

impl Held for Database {}

/// What this module gives the facade.
pub const EXPORTS: &[Export] = &[
    Export { name: c"open", run: open },
    Export { name: c"close", run: close },
    Export { name: c"createTransaction", run: create_transaction },
    Export { name: c"databaseOption", run: database_option },
    Export { name: c"openHandles", run: open_handles },
    Export { name: c"timeoutText", run: timeout_text },
    Export { name: c"silence", run: silence },
    Export { name: c"clientStatus", run: client_status },
    Export { name: c"networkOption", run: network_option },
    Export { name: c"stopNetwork", run: stop_network },
    Export { name: c"settleClosings", run: settle_closings },
];

/// A database that was opened.
struct Opened(Database);

impl Reply for Opened {
    fn now<'call>(self, call: &Call<'call>) -> Result<Value<'call>> {
        self.later(call.js())
    }

    fn later<'call>(self, js: Js) -> Result<Value<'call>> {
        stop_network_at_exit();
        Handle::make(js, self.0)
    }
}

/// `open(target?)`
fn open<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let target = call.text_optional(0, "target")?;
    let opening = Box::pin(async move { Database::open(target.as_deref()).await.map(Opened) });
    call.environment().executor.run(call, opening)
}

/// `close(db)`
fn close<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let closing = call.handle::<Database>(0, "db")?.close_aside();
    let closed = Box::pin(async move {
        closing.await;
        Ok(())
    });
    call.environment().executor.run(call, closed)
}

/// `createTransaction(db, snapshot, used?)`: in the handle of one that has ended, if that is given.
fn create_transaction<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let database = call.handle::<Database>(0, "db")?;
    let snapshot = call.boolean(1, "snapshot")?;
    let transaction = database.transaction(TransactionOptions { snapshot })?;
    transaction::seat(call, 2, transaction)
}

/// `databaseOption(db, name, value?)`
fn database_option<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let database = call.handle::<Database>(0, "db")?;
    let (name, value) = option(call, 1, DATABASE_OPTIONS)?;
    database.set_option_by_name(name, &value)?;
    call.js().undefined()
}

/// `openHandles(db)`: how many transactions and watches the database has open.
fn open_handles<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    call.js().number(call.handle::<Database>(0, "db")?.open_handles() as f64)
}

/// `timeoutText(db)`: what to say of a transaction that has taken too long.
fn timeout_text<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    call.js().string(&call.handle::<Database>(0, "db")?.timeout_error().to_string())
}

/// `silence(db)`: for how many milliseconds a cluster that has never answered has been waited for; undefined once it has,
/// and of an embedded database.
fn silence<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    match call.handle::<Database>(0, "db")?.silence() {
        Some(silence) => call.js().number(silence.as_millis() as f64),
        None => call.js().undefined(),
    }
}

/// `clientStatus(db)`
fn client_status<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let status = call.handle::<Database>(0, "db")?.client_status()?;
    let status = Box::pin(async move { status.await.map(crate::reply::Bytes) });
    call.environment().executor.run(call, status)
}

/// `networkOption(name, value?)`
fn network_option<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let (name, value) = option(call, 0, NETWORK_OPTIONS)?;
    network::set_option(name, &value)?;
    call.js().undefined()
}

/// `stopNetwork()`: for the end of the process; true if the network's thread has ended.
fn stop_network<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    call.js().boolean(network::stop(network::STOP_TIMEOUT))
}

/// `settleClosings()`: for the end of the process; waits for the files that are being closed.
fn settle_closings<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    found::client::settle_closings(CLOSING_PATIENCE);
    call.js().undefined()
}

/// An option of a table by its name, and a value of the shape that it takes.
pub fn option(call: &Call<'_>, index: usize, table: &'static [OptionInfo]) -> Result<(&'static str, OptionValue)> {
    let info = OptionInfo::by_name(table, &call.text(index, "option")?)?;
    let value = option_value(call, index + 1)?;
    let missing = info.kind == OptionKind::Text && value == OptionValue::Empty && !DEFAULT_TEXT.contains(&info.name);
    match info.encode(&value) {
        Err(found::Error::Fdb { context: Some(what), .. }) => Err(Failure::Type(format!("value: {what}"))),
        Ok(_) if missing => Err(Failure::Type(format!("value: option {} takes text", info.name))),
        _ => Ok((info.name, value)),
    }
}

/// The options that take text, or nothing for a default.
const DEFAULT_TEXT: [&str; 2] = ["trace_enable", "authorization_token"];

/// The value of an option: undefined, a whole number, a bigint, text or bytes.
fn option_value(call: &Call<'_>, index: usize) -> Result<OptionValue> {
    Ok(match call.js().kind(call.value(index))? {
        Kind::Undefined => OptionValue::Empty,
        Kind::Number => OptionValue::Int(call.integer(index, "value", -SAFE_INTEGER, SAFE_INTEGER)?),
        Kind::BigInt => OptionValue::Int(call.bigint(index, "value")?),
        Kind::String => OptionValue::Text(call.text(index, "value")?),
        Kind::Object => OptionValue::Bytes(call.bytes(index, "value", &mut Room::new())?.to_vec()),
        _ => {
            let message = "value: expected nothing, a number, a bigint, a string or a Uint8Array";
            return Err(Failure::Type(message.to_owned()));
        }
    })
}

/// The greatest integer that every smaller one has a number of its own below: 2^53 - 1.
const SAFE_INTEGER: i64 = (1 << 53) - 1;
