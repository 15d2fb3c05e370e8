//! What the functions of the stores have in common: their arguments, and answers of yes or no.

use crate::call::{Call, Room};
use crate::failure::{Failure, Result};
use crate::handle::Held;
use crate::js::{Js, Value};
use crate::reply::ToValue;
use crate::transaction::Slot;
use found::client::Transaction;
use found::tuple::{Element, unpack};
use std::rc::Rc;

/// The transaction and the store of the first two arguments. An operation under way may outlast the handles, so both
/// are shared with it.
pub fn place<Store>(call: &Call<'_>) -> Result<(Transaction, Rc<Store>)>
where
    Rc<Store>: Held,
{
    let store = call.handle::<Rc<Store>>(1, "store")?.clone();
    Ok((Slot::argument(call)?.with(|tx| Ok(tx.clone()))?, store))
}

/// The argument as the items of a packed tuple.
pub fn items(call: &Call<'_>, index: usize, name: &str) -> Result<Vec<Element>> {
    let mut room = Room::new();
    Ok(unpack(call.bytes(index, name, &mut room)?).map_err(found::Error::from)?)
}

/// The argument as the item of a packed tuple of one.
pub fn item(call: &Call<'_>, index: usize, name: &str) -> Result<Element> {
    items(call, index, name)?.pop().ok_or_else(|| wrong(name))
}

/// The error of an argument that the facade has packed otherwise than it is read here.
pub fn wrong(name: &str) -> Failure {
    Failure::Type(format!("{name}: not packed as it should be"))
}

/// Whether something was so.
pub struct Flag(pub bool);

impl ToValue for Flag {
    fn to_value<'call>(self, js: Js) -> Result<Value<'call>> {
        js.boolean(self.0)
    }
}
