//! The tuple layer.

mod error;

pub use error::TupleError;
