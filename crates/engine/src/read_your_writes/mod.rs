//! Reads of a transaction: the database as it was at the read version, with the transaction's own writes over it.
//!
//! A range read walks two positions towards each other, one for each selector, over segments that are known, and reads
//! the database where they are not. Which pieces are read shows in `more`, in the conflict ranges and in the
//! approximate size, so the walk is FoundationDB's (`fdbclient/ReadYourWrites.actor.cpp`), including when it stops early:
//! with a byte limit, a read ends where it has rows and would have to read the database once more.
//!
//! - [`reader`] has the reads; [`forward`] and [`backward`] are the two directions of a [`walk`].
//! - [`resolve`] moves a selector over what is known; [`gaps`] looks how far what is not known reaches.
//! - [`request`] says how much a walk asks the database for, and what it knows after the answer.
//!
//! Nothing here adds conflicts: that is done by the transaction, from what a read went over.

mod backward;
mod forward;
mod gaps;
mod reader;
mod request;
mod resolve;
#[cfg(test)]
mod tests;
mod walk;

pub(crate) use reader::{RangeRead, Reader};
