//! The functions of the stores.

mod arguments;
mod blocks;
pub mod bstore;
pub mod eavstore;
pub mod nstore;
pub mod pstore;
pub mod vnstore;

pub use blocks::Blocks;
