//! Databases, and what holds for the whole process.

use crate::call::{Call, Export, Room};
use crate::failure::{Failure, Result};
use crate::handle::{Handle, Held};
use crate::js::{Js, Kind, Value};
use crate::promise::Reply;
use crate::transaction;
use found::client::{Database, OptionValue, TransactionOptions, network};

impl Held for Database {}

/// What this module gives the facade.
pub const EXPORTS: &[Export] = &[
    Export { name: c"open", run: open },
    Export { name: c"close", run: close },
    Export { name: c"createTransaction", run: create_transaction },
    Export { name: c"databaseOption", run: database_option },
    Export { name: c"openHandles", run: open_handles },
    Export { name: c"clientStatus", run: client_status },
    Export { name: c"networkOption", run: network_option },
    Export { name: c"stopNetwork", run: stop_network },
];

/// A database that was opened.
struct Opened(Database);

impl Reply for Opened {
    fn now<'call>(self, call: &Call<'call>) -> Result<Value<'call>> {
        self.later(call.js())
    }

    fn later<'call>(self, js: Js) -> Result<Value<'call>> {
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
    call.handle::<Database>(0, "db")?.close();
    call.js().undefined()
}

/// `createTransaction(db, snapshot)`
fn create_transaction<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let database = call.handle::<Database>(0, "db")?;
    let snapshot = call.boolean(1, "snapshot")?;
    let transaction = database.transaction(TransactionOptions { snapshot })?;
    transaction::make_handle(call.js(), transaction)
}

/// `databaseOption(db, name, value?)`
fn database_option<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let database = call.handle::<Database>(0, "db")?;
    let (name, value) = (call.text(1, "option")?, option_value(call, 2)?);
    database.set_option_by_name(&name, &value).map_err(option_failure)?;
    call.js().undefined()
}

/// `openHandles(db)`: how many transactions and watches the database has open.
fn open_handles<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    call.js().number(call.handle::<Database>(0, "db")?.open_handles() as f64)
}

/// `clientStatus(db)`
fn client_status<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let status = call.handle::<Database>(0, "db")?.client_status()?;
    let status = Box::pin(async move { status.await.map(crate::reply::Bytes) });
    call.environment().executor.run(call, status)
}

/// `networkOption(name, value?)`
fn network_option<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let (name, value) = (call.text(0, "option")?, option_value(call, 1)?);
    network::set_option(&name, &value).map_err(option_failure)?;
    call.js().undefined()
}

/// `stopNetwork()`: for the end of the process; true if the network's thread has ended.
fn stop_network<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    call.js().boolean(network::stop(network::STOP_TIMEOUT))
}

/// The value of an option: undefined, a whole number, a bigint, text or bytes.
pub fn option_value(call: &Call<'_>, index: usize) -> Result<OptionValue> {
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

/// The client says at once if a value has not the shape that its option takes (2006, with words): a wrong argument.
pub fn option_failure(error: found::Error) -> Failure {
    match error {
        found::Error::Fdb { code: INVALID_OPTION_VALUE, context: Some(what) } => {
            Failure::Type(format!("value: {what}"))
        }
        other => other.into(),
    }
}

const INVALID_OPTION_VALUE: i32 = 2006;

/// The greatest integer that every smaller one has a number of its own below: 2^53 - 1.
const SAFE_INTEGER: i64 = (1 << 53) - 1;
