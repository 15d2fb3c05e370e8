//! How a call fails, and how that crosses to JavaScript.
//!
//! Invariants:
//! - a FoundationDB error that needs no words crosses as its number, thrown or as a rejection: the facade makes the
//!   error object, with the stack of its caller and without a second one made here;
//! - every other failure crosses as an `Error` with `code`, and `errno` where FoundationDB has a number for it;
//! - wrong arguments are a `TypeError` or a `RangeError` that begins with the argument's name.

use crate::js::{Js, Value, check};
use napi::sys;
use std::any::Any;
use std::ptr;

/// What a native function gives.
pub type Result<T> = std::result::Result<T, Failure>;

/// Why a native function failed.
#[derive(Debug)]
pub enum Failure {
    /// The client, the engine or the tuple layer refused.
    Found(found::Error),
    /// An argument of the wrong type.
    Type(String),
    /// An argument outside its range.
    Range(String),
    /// Node-API refused; most likely a JavaScript exception is pending.
    Status(sys::napi_status),
    /// Rust code panicked: a defect, reported instead of ending the process.
    Panic(String),
}

impl Failure {
    /// A panic caught at the border.
    pub fn panic(payload: &(dyn Any + Send)) -> Failure {
        let text = payload
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| payload.downcast_ref::<String>().cloned())
            .unwrap_or_default();
        Failure::Panic(text)
    }

    /// The JavaScript value to throw or to reject with.
    pub fn to_value<'call>(&self, js: Js) -> Result<Value<'call>> {
        match self {
            Failure::Found(found::Error::Fdb { code, context: None }) => js.integer(*code),
            Failure::Found(error @ found::Error::InvalidArgument { .. }) => {
                make(js, Class::Type, None, &error.to_string())
            }
            Failure::Found(error) => {
                let value = make(js, Class::Error, Some(error.name()), &describe(error))?;
                if let Some(errno) = error.errno() {
                    js.set(value, c"errno", js.integer(errno)?)?;
                }
                if let found::Error::Store(error) = error
                    && !error.detail.is_empty()
                {
                    js.set(value, c"detail", js.buffer(&error.detail)?)?;
                }
                Ok(value)
            }
            Failure::Type(message) => make(js, Class::Type, None, message),
            Failure::Range(message) => make(js, Class::Range, None, message),
            Failure::Status(status) => {
                let message = format!("a Node-API call failed: status={status}");
                make(js, Class::Error, Some("FOUND_INTERNAL"), &message)
            }
            Failure::Panic(message) => {
                let message = format!("a defect in found-db, please report it: {message}");
                make(js, Class::Error, Some("FOUND_INTERNAL"), &message)
            }
        }
    }

    /// Makes this the exception that the running call ends with.
    pub fn throw(&self, js: Js) {
        if js.is_exception_pending() {
            return;
        }
        // If even this fails the environment is being torn down, and nobody is left to tell.
        let _ = self.to_value(js).and_then(|value| js.throw(value));
    }
}

impl From<found::Error> for Failure {
    fn from(error: found::Error) -> Self {
        Failure::Found(error)
    }
}

/// The error's text with those of its causes: JavaScript does not see Rust's chain.
fn describe(error: &found::Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

/// The classes of errors that Node-API makes.
enum Class {
    Error,
    Type,
    Range,
}

fn make<'call>(js: Js, class: Class, code: Option<&str>, message: &str) -> Result<Value<'call>> {
    let code = code.map(|code| js.string(code)).transpose()?.map_or(ptr::null_mut(), Value::raw);
    let message = js.string(message)?.raw();
    let mut raw = ptr::null_mut();
    // SAFETY: code and message are strings of the open scope; a missing code is allowed.
    check(unsafe {
        match class {
            Class::Error => sys::napi_create_error(js.raw(), code, message, &mut raw),
            Class::Type => sys::napi_create_type_error(js.raw(), code, message, &mut raw),
            Class::Range => sys::napi_create_range_error(js.raw(), code, message, &mut raw),
        }
    })?;
    // SAFETY: the call succeeded, so `raw` was made in the scope that is open now.
    Ok(unsafe { Value::from_raw(raw) })
}
