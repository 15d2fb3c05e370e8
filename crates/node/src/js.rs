//! JavaScript values, through Node-API as it is.
//!
//! napi-rs does the module's registration and loading; calls and values go through its `sys` functions directly,
//! because a read of an embedded database takes about as long as one conversion layer does. Measured on one machine:
//! a method of a generated class costs 220 ns before it does anything, a plain function over an external 13 ns.
//!
//! Invariants:
//! - [`Js`] and [`Value`] exist only on the thread of their environment, inside a call from it: they are neither
//!   `Send` nor stored. A reference that lives longer is a [`Reference`].
//! - every status is checked; one that says an exception is pending ends the call and leaves the exception.

use crate::failure::{Failure, Result};
use napi::sys;
use std::ffi::CStr;
use std::marker::PhantomData;
use std::ptr;

/// The environment of the running call.
#[derive(Clone, Copy)]
pub struct Js {
    raw: sys::napi_env,
}

/// A value of the running call's handle scope.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct Value<'call> {
    raw: sys::napi_value,
    scope: PhantomData<&'call ()>,
}

/// The two ends of a JavaScript promise that is not settled yet: whoever holds this settles it, once.
pub struct Deferred {
    raw: sys::napi_deferred,
}

/// What `typeof` says, with null apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `undefined`.
    Undefined,
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean,
    /// A number.
    Number,
    /// A string.
    String,
    /// A bigint.
    BigInt,
    /// An object that is not a function.
    Object,
    /// A symbol, a function, an external.
    Other,
}

/// Turns a status of Node-API into a result.
pub fn check(status: sys::napi_status) -> Result<()> {
    if status == sys::Status::napi_ok { Ok(()) } else { Err(Failure::Status(status)) }
}

impl<'call> Value<'call> {
    /// # Safety
    ///
    /// `raw` must be a live value of the handle scope that `'call` stands for.
    pub unsafe fn from_raw(raw: sys::napi_value) -> Self {
        Value { raw, scope: PhantomData }
    }

    /// The handle itself.
    pub fn raw(self) -> sys::napi_value {
        self.raw
    }
}

impl Js {
    /// # Safety
    ///
    /// `raw` must be the environment of a call that is running on this thread and outlives the result.
    pub unsafe fn from_raw(raw: sys::napi_env) -> Self {
        Js { raw }
    }

    /// The handle itself.
    pub fn raw(self) -> sys::napi_env {
        self.raw
    }

    /// Calls a function of Node-API that gives a value back.
    fn make<'call>(
        self,
        create: impl FnOnce(sys::napi_env, *mut sys::napi_value) -> sys::napi_status,
    ) -> Result<Value<'call>> {
        let mut raw = ptr::null_mut();
        check(create(self.raw, &mut raw))?;
        // SAFETY: the call succeeded, so `raw` was made in the scope that is open now.
        Ok(unsafe { Value::from_raw(raw) })
    }

    /// `undefined`.
    pub fn undefined<'call>(self) -> Result<Value<'call>> {
        // SAFETY: environment and result are live.
        self.make(|env, out| unsafe { sys::napi_get_undefined(env, out) })
    }

    /// A boolean.
    pub fn boolean<'call>(self, value: bool) -> Result<Value<'call>> {
        // SAFETY: environment and result are live.
        self.make(|env, out| unsafe { sys::napi_get_boolean(env, value, out) })
    }

    /// A number.
    pub fn number<'call>(self, value: f64) -> Result<Value<'call>> {
        // SAFETY: environment and result are live.
        self.make(|env, out| unsafe { sys::napi_create_double(env, value, out) })
    }

    /// A number, from an integer.
    pub fn integer<'call>(self, value: i32) -> Result<Value<'call>> {
        // SAFETY: environment and result are live.
        self.make(|env, out| unsafe { sys::napi_create_int32(env, value, out) })
    }

    /// A bigint.
    pub fn bigint<'call>(self, value: i64) -> Result<Value<'call>> {
        // SAFETY: environment and result are live.
        self.make(|env, out| unsafe { sys::napi_create_bigint_int64(env, value, out) })
    }

    /// A string.
    pub fn string<'call>(self, text: &str) -> Result<Value<'call>> {
        // SAFETY: the text is live for the call, which copies it.
        self.make(|env, out| unsafe {
            if text.is_ascii() {
                sys::napi_create_string_latin1(env, text.as_ptr().cast(), text.len() as isize, out)
            } else {
                sys::napi_create_string_utf8(env, text.as_ptr().cast(), text.len() as isize, out)
            }
        })
    }

    /// A Buffer that owns a copy of `bytes`.
    pub fn buffer<'call>(self, bytes: &[u8]) -> Result<Value<'call>> {
        // SAFETY: the bytes are live for the call, which copies them.
        self.make(|env, out| unsafe {
            sys::napi_create_buffer_copy(env, bytes.len(), bytes.as_ptr().cast(), ptr::null_mut(), out)
        })
    }

    /// A Buffer of `length` bytes that `write` fills.
    pub fn buffer_with<'call>(self, length: usize, write: impl FnOnce(&mut [u8])) -> Result<Value<'call>> {
        let mut data = ptr::null_mut();
        // SAFETY: environment and results are live.
        let buffer = self.make(|env, out| unsafe { sys::napi_create_buffer(env, length, &mut data, out) })?;
        if length > 0 {
            // SAFETY: the memory is the new Buffer's, and no JavaScript has seen it yet.
            write(unsafe { std::slice::from_raw_parts_mut(data.cast(), length) });
        }
        Ok(buffer)
    }

    /// An array with room for `length` elements.
    pub fn array<'call>(self, length: usize) -> Result<Value<'call>> {
        // SAFETY: environment and result are live.
        self.make(|env, out| unsafe { sys::napi_create_array_with_length(env, length, out) })
    }

    /// An empty object.
    pub fn object<'call>(self) -> Result<Value<'call>> {
        // SAFETY: environment and result are live.
        self.make(|env, out| unsafe { sys::napi_create_object(env, out) })
    }

    /// Sets an element of an array.
    pub fn set_element(self, array: Value<'_>, index: u32, value: Value<'_>) -> Result<()> {
        // SAFETY: all three are live in the open scope.
        check(unsafe { sys::napi_set_element(self.raw, array.raw, index, value.raw) })
    }

    /// Sets a property.
    pub fn set(self, object: Value<'_>, name: &CStr, value: Value<'_>) -> Result<()> {
        // SAFETY: both values and the name are live.
        check(unsafe { sys::napi_set_named_property(self.raw, object.raw, name.as_ptr(), value.raw) })
    }

    /// A property.
    pub fn get<'call>(self, object: Value<'_>, name: &CStr) -> Result<Value<'call>> {
        // SAFETY: object and name are live.
        self.make(|env, out| unsafe { sys::napi_get_named_property(env, object.raw, name.as_ptr(), out) })
    }

    /// The global object.
    pub fn global<'call>(self) -> Result<Value<'call>> {
        // SAFETY: environment and result are live.
        self.make(|env, out| unsafe { sys::napi_get_global(env, out) })
    }

    /// Calls a function.
    pub fn call<'call>(self, function: Value<'_>, arguments: &[Value<'_>]) -> Result<Value<'call>> {
        let receiver: Value<'_> = self.undefined()?;
        // SAFETY: all values are live in the open scope, and a value is no more than its handle.
        self.make(|env, out| unsafe {
            sys::napi_call_function(
                env,
                receiver.raw,
                function.raw,
                arguments.len(),
                arguments.as_ptr().cast::<sys::napi_value>(),
                out,
            )
        })
    }

    /// What kind of value it is.
    pub fn kind(self, value: Value<'_>) -> Result<Kind> {
        let mut kind = 0;
        // SAFETY: value and result are live.
        check(unsafe { sys::napi_typeof(self.raw, value.raw, &mut kind) })?;
        Ok(match kind {
            sys::ValueType::napi_undefined => Kind::Undefined,
            sys::ValueType::napi_null => Kind::Null,
            sys::ValueType::napi_boolean => Kind::Boolean,
            sys::ValueType::napi_number => Kind::Number,
            sys::ValueType::napi_string => Kind::String,
            sys::ValueType::napi_bigint => Kind::BigInt,
            sys::ValueType::napi_object => Kind::Object,
            _ => Kind::Other,
        })
    }

    /// A number's value; none if it is not a number.
    pub fn to_number(self, value: Value<'_>) -> Option<f64> {
        let mut number = 0.0;
        // SAFETY: value and result are live.
        let status = unsafe { sys::napi_get_value_double(self.raw, value.raw, &mut number) };
        (status == sys::Status::napi_ok).then_some(number)
    }

    /// A boolean's value; none if it is not a boolean.
    pub fn to_boolean(self, value: Value<'_>) -> Option<bool> {
        let mut boolean = false;
        // SAFETY: value and result are live.
        let status = unsafe { sys::napi_get_value_bool(self.raw, value.raw, &mut boolean) };
        (status == sys::Status::napi_ok).then_some(boolean)
    }

    /// A bigint's value; none if it is not a bigint of 64 bits with sign.
    pub fn to_i64(self, value: Value<'_>) -> Option<i64> {
        let (mut number, mut lossless) = (0, false);
        // SAFETY: value and results are live.
        let status = unsafe { sys::napi_get_value_bigint_int64(self.raw, value.raw, &mut number, &mut lossless) };
        (status == sys::Status::napi_ok && lossless).then_some(number)
    }

    /// A promise and what settles it.
    pub fn promise<'call>(self) -> Result<(Deferred, Value<'call>)> {
        let mut deferred = ptr::null_mut();
        // SAFETY: environment and results are live.
        let promise = self.make(|env, out| unsafe { sys::napi_create_promise(env, &mut deferred, out) })?;
        Ok((Deferred { raw: deferred }, promise))
    }

    /// Fulfils a promise. Code that waits for it runs later, never inside this call.
    pub fn resolve(self, deferred: Deferred, value: Value<'_>) -> Result<()> {
        // SAFETY: a deferred is used once, because it is consumed here.
        check(unsafe { sys::napi_resolve_deferred(self.raw, deferred.raw, value.raw) })
    }

    /// Rejects a promise.
    pub fn reject(self, deferred: Deferred, reason: Value<'_>) -> Result<()> {
        // SAFETY: a deferred is used once, because it is consumed here.
        check(unsafe { sys::napi_reject_deferred(self.raw, deferred.raw, reason.raw) })
    }

    /// Makes `error` the exception that the running call ends with.
    pub fn throw(self, error: Value<'_>) -> Result<()> {
        // SAFETY: the value is live.
        check(unsafe { sys::napi_throw(self.raw, error.raw) })
    }

    /// Whether an exception is waiting to be thrown when the running call returns.
    pub fn is_exception_pending(self) -> bool {
        let mut pending = false;
        // SAFETY: environment and result are live.
        unsafe { sys::napi_is_exception_pending(self.raw, &mut pending) };
        pending
    }
}

/// Keeps a value beyond the call that it came in, as long as its environment lives.
pub struct Reference {
    raw: sys::napi_ref,
}

impl Reference {
    /// Keeps `value`, which must be an object, a function or a symbol.
    pub fn new(js: Js, value: Value<'_>) -> Result<Reference> {
        let mut raw = ptr::null_mut();
        // SAFETY: the value is live; the count of one keeps it so.
        check(unsafe { sys::napi_create_reference(js.raw, value.raw, 1, &mut raw) })?;
        Ok(Reference { raw })
    }

    /// The value.
    pub fn value<'call>(&self, js: Js) -> Result<Value<'call>> {
        // SAFETY: the reference is never deleted, so it lives as long as the environment, and its count keeps the value.
        js.make(|env, out| unsafe { sys::napi_get_reference_value(env, self.raw, out) })
    }
}
