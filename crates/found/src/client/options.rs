//! Options by name or by number, and the shape of their values.
//!
//! FoundationDB knows an option by a number and takes its value as bytes: 8 of them, little-endian, for an integer.
//! Here the value's shape is checked where the option is given; FoundationDB itself would report a wrong one at some
//! later operation (`invalid_option_value`).

use crate::{Error, Result};

/// The shape of an option's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OptionKind {
    /// No value.
    Empty,
    /// A signed 64-bit integer.
    Int,
    /// UTF-8 text.
    Text,
    /// Any bytes.
    Bytes,
}

/// One option of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OptionInfo {
    /// The name in `fdb.options`, in lower case: `timeout`, `tls_cert_path`.
    pub name: &'static str,
    /// The number.
    pub code: i32,
    /// The shape of its value.
    pub kind: OptionKind,
}

/// An option's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OptionValue {
    /// No value.
    Empty,
    /// An integer.
    Int(i64),
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

impl OptionInfo {
    pub(super) const fn new(name: &'static str, code: i32, kind: OptionKind) -> OptionInfo {
        OptionInfo { name, code, kind }
    }

    /// The option of `table` with that name.
    pub fn by_name(table: &'static [OptionInfo], name: &str) -> Result<&'static OptionInfo> {
        table
            .iter()
            .find(|option| option.name.eq_ignore_ascii_case(name))
            .ok_or_else(|| Error::argument("option", format!("there is no option of that name; option={name}")))
    }

    /// The option of `table` with that number; `invalid_option` (2007) if there is none.
    pub fn by_code(table: &'static [OptionInfo], code: i32) -> Result<&'static OptionInfo> {
        table
            .iter()
            .find(|option| option.code == code)
            .ok_or_else(|| Error::fdb(2007).with_context(format!("option={code}")))
    }

    /// The value as the C API takes it, if its shape is this option's. Text may be given as bytes and the other way
    /// round.
    pub fn encode(&self, value: &OptionValue) -> Result<Option<Vec<u8>>> {
        Ok(match (self.kind, value) {
            (OptionKind::Empty, OptionValue::Empty) => None,
            (OptionKind::Int, OptionValue::Int(value)) => Some(value.to_le_bytes().to_vec()),
            (OptionKind::Text | OptionKind::Bytes, OptionValue::Text(text)) => Some(text.clone().into_bytes()),
            (OptionKind::Text | OptionKind::Bytes, OptionValue::Bytes(bytes)) => Some(bytes.clone()),
            // Some text options, such as trace_enable, mean "the default" when they have no value.
            (OptionKind::Text, OptionValue::Empty) => None,
            _ => return Err(self.wrong_shape()),
        })
    }

    /// A value in the C API's form, read back as what this option takes.
    pub fn decode(&self, bytes: Option<&[u8]>) -> Result<OptionValue> {
        Ok(match (self.kind, bytes) {
            (OptionKind::Empty, None | Some([])) => OptionValue::Empty,
            (OptionKind::Text, None) => OptionValue::Empty,
            (OptionKind::Int, Some(bytes)) => {
                let array = bytes.try_into().map_err(|_| self.wrong_shape())?;
                OptionValue::Int(i64::from_le_bytes(array))
            }
            (OptionKind::Text | OptionKind::Bytes, Some(bytes)) => OptionValue::Bytes(bytes.to_vec()),
            _ => return Err(self.wrong_shape()),
        })
    }

    fn wrong_shape(&self) -> Error {
        let wants = match self.kind {
            OptionKind::Empty => "takes no value",
            OptionKind::Int => "takes an integer (8 bytes, little-endian)",
            OptionKind::Text => "takes text",
            OptionKind::Bytes => "takes bytes",
        };
        Error::fdb(2006).with_context(format!("option {} {wants}", self.name))
    }
}

impl OptionValue {
    /// The crate underneath takes 32-bit integers for database and network options; no option has use for more.
    pub(super) fn small_int(&self) -> Result<i32> {
        match self {
            OptionValue::Int(value) => {
                i32::try_from(*value).map_err(|_| Error::fdb(2006).with_context(format!("value={value}")))
            }
            _ => Err(Error::fdb(2006)),
        }
    }

    pub(super) fn text(&self) -> Result<String> {
        match self {
            OptionValue::Text(text) => Ok(text.clone()),
            OptionValue::Bytes(bytes) => String::from_utf8(bytes.clone()).map_err(|_| Error::fdb(2006)),
            OptionValue::Empty => Ok(String::new()),
            OptionValue::Int(_) => Err(Error::fdb(2006)),
        }
    }

    pub(super) fn bytes(&self) -> Result<Vec<u8>> {
        match self {
            OptionValue::Text(text) => Ok(text.clone().into_bytes()),
            OptionValue::Bytes(bytes) => Ok(bytes.clone()),
            OptionValue::Empty | OptionValue::Int(_) => Err(Error::fdb(2006)),
        }
    }
}
