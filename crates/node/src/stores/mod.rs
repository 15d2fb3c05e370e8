//! The functions of the stores.

pub mod bstore;
