//! How the answers of reads become JavaScript values.
//!
//! Inside the call, bytes go through the scratch memory and only their length is returned; later, they are a Buffer.

use crate::call::Call;
use crate::failure::Result;
use crate::js::{Js, Value};
use crate::promise::Reply;

/// No answer but that it is done.
impl Reply for () {
    fn now<'call>(self, call: &Call<'call>) -> Result<Value<'call>> {
        call.js().undefined()
    }

    fn later<'call>(self, js: Js) -> Result<Value<'call>> {
        js.undefined()
    }
}

/// Bytes: their length, if they are in the scratch memory, or a Buffer.
pub struct Bytes<T>(pub T);

impl<T: AsRef<[u8]>> Reply for Bytes<T> {
    fn now<'call>(self, call: &Call<'call>) -> Result<Value<'call>> {
        let bytes = self.0.as_ref();
        if call.environment().scratch.write(bytes.len(), |room| room.copy_from_slice(bytes)) {
            call.js().integer(bytes.len() as i32)
        } else {
            call.js().buffer(bytes)
        }
    }

    fn later<'call>(self, js: Js) -> Result<Value<'call>> {
        js.buffer(self.0.as_ref())
    }
}

/// Something, or undefined.
impl<T: Reply> Reply for Option<T> {
    fn now<'call>(self, call: &Call<'call>) -> Result<Value<'call>> {
        match self {
            Some(reply) => reply.now(call),
            None => call.js().undefined(),
        }
    }

    fn later<'call>(self, js: Js) -> Result<Value<'call>> {
        match self {
            Some(reply) => reply.later(js),
            None => js.undefined(),
        }
    }
}

/// An answer that is made the same way now and later.
pub struct Plain<T>(pub T);

/// What [`Plain`] can hold.
pub trait ToValue {
    /// The JavaScript value.
    fn to_value<'call>(self, js: Js) -> Result<Value<'call>>;
}

impl<T: ToValue> Reply for Plain<T> {
    fn now<'call>(self, call: &Call<'call>) -> Result<Value<'call>> {
        self.0.to_value(call.js())
    }

    fn later<'call>(self, js: Js) -> Result<Value<'call>> {
        self.0.to_value(js)
    }
}

/// A version: a bigint.
pub struct Version(pub i64);

impl ToValue for Version {
    fn to_value<'call>(self, js: Js) -> Result<Value<'call>> {
        js.bigint(self.0)
    }
}

/// A count of bytes: a number, exact up to 2^53.
pub struct Size(pub i64);

impl ToValue for Size {
    fn to_value<'call>(self, js: Js) -> Result<Value<'call>> {
        js.number(self.0 as f64)
    }
}

/// A list of byte strings.
impl ToValue for Vec<Vec<u8>> {
    fn to_value<'call>(self, js: Js) -> Result<Value<'call>> {
        let array = js.array(self.len())?;
        for (index, bytes) in self.iter().enumerate() {
            js.set_element(array, index as u32, js.buffer(bytes)?)?;
        }
        Ok(array)
    }
}

/// A list of texts.
impl ToValue for Vec<String> {
    fn to_value<'call>(self, js: Js) -> Result<Value<'call>> {
        let array = js.array(self.len())?;
        for (index, text) in self.iter().enumerate() {
            js.set_element(array, index as u32, js.string(text)?)?;
        }
        Ok(array)
    }
}
