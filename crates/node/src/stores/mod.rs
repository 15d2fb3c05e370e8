//! The functions of the stores.
