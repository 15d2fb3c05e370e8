//! The entity-attribute-value store: records of named values, found by their values.
//!
//! ```text
//!   D = (*prefix, 01)   T(D, uid, attribute)        = T(value)
//!   X = (*prefix, 02)   T(X, attribute, value, uid) = nothing
//! ```
//!
//! - For every row of D there is the one of X that follows from it, and no other: each operation writes both, and
//!   takes back what it replaces.
//! - asyncio-foundationdb leaves rows of X behind when it updates or removes. [`verify`](EavStore::verify) finds them.
//! - A record is its rows: one without attributes is not there.
//! - A value is one item of a tuple and equal only to the same item: 1 is not 1.0, and a nested tuple is found as a
//!   whole, not by what is in it.

mod condition;
mod numbers;
mod query;
mod store;
mod verify;

pub use condition::Condition;
pub use query::{Query, Uids};
pub use store::{EavStore, Record};
pub use verify::Verified;

const LIMIT: &str = "FOUND_EAVSTORE_LIMIT";
const EXISTS: &str = "FOUND_EAVSTORE_EXISTS";
const DAMAGED: &str = "FOUND_EAVSTORE_DAMAGED";
