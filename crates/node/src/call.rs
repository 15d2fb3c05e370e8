//! The border: how a JavaScript call reaches a Rust function and how its arguments are read.
//!
//! Invariants:
//! - nothing unwinds into JavaScript: every call runs inside [`enter`], which turns a panic into an error;
//! - bytes that JavaScript can change are read during the call only. Memory shared with other threads is copied
//!   first, byte by byte, because a reference to it would be undefined behaviour;
//! - text becomes UTF-8 in one place, by its length, never NUL-terminated; a lone surrogate is refused, not replaced.

use crate::environment::Environment;
use crate::failure::{Failure, Result};
use crate::handle::{Handle, Held};
use crate::js::{Js, Kind, Value, check};
use napi::sys;
use std::ffi::{CStr, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::sync::atomic::{AtomicU8, Ordering};

/// `range` takes the most.
const ARGUMENTS_MAX: usize = 12;

/// A function that JavaScript can call.
pub struct Export {
    /// Its name in the `Native` interface of `lib/native.ts`.
    pub name: &'static CStr,
    /// What it does.
    pub run: for<'call> fn(&Call<'call>) -> Result<Value<'call>>,
}

/// One function in one environment; what Node-API hands back with each call.
pub struct Binding {
    /// The function.
    pub export: &'static Export,
    /// The environment, which outlives every call from it.
    pub environment: *const Environment,
}

/// A call that is running.
pub struct Call<'call> {
    js: Js,
    environment: &'call Environment,
    arguments: [sys::napi_value; ARGUMENTS_MAX],
}

/// Room for a short text's bytes, so that most keys need no allocation.
pub struct Room {
    inline: [u8; 256],
    heap: Vec<u8>,
}

impl Room {
    /// Empty room.
    pub fn new() -> Self {
        Room { inline: [0; 256], heap: Vec::new() }
    }
}

/// The entry of every exported function.
///
/// # Safety
///
/// Only for Node-API, as the callback of a function whose data is a live [`Binding`].
pub unsafe extern "C" fn enter(env: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
    let mut arguments = [ptr::null_mut(); ARGUMENTS_MAX];
    let mut count = ARGUMENTS_MAX;
    let mut data: *mut c_void = ptr::null_mut();
    // SAFETY: Node-API fills at most `count` arguments and sets the missing ones to undefined.
    let status =
        unsafe { sys::napi_get_cb_info(env, info, &mut count, arguments.as_mut_ptr(), ptr::null_mut(), &mut data) };
    if status != sys::Status::napi_ok || data.is_null() {
        return ptr::null_mut();
    }
    // SAFETY: `data` is the binding the function was made with; it lives as long as the environment.
    let binding = unsafe { &*data.cast::<Binding>() };
    // SAFETY: the environment made the binding and outlives it.
    let environment = unsafe { &*binding.environment };
    environment.executor.traffic.calls.add();
    // SAFETY: the call runs on this thread and ends after everything made from `js`.
    let js = unsafe { Js::from_raw(env) };
    let call = Call { js, environment, arguments };
    let outcome = catch_unwind(AssertUnwindSafe(|| (binding.export.run)(&call)))
        .unwrap_or_else(|payload| Err(Failure::panic(payload.as_ref())));
    match outcome {
        Ok(value) => value.raw(),
        Err(failure) => {
            failure.throw(js);
            ptr::null_mut()
        }
    }
}

impl<'call> Call<'call> {
    /// The environment to make values in.
    pub fn js(&self) -> Js {
        self.js
    }

    /// What belongs to the environment.
    pub fn environment(&self) -> &'call Environment {
        self.environment
    }

    /// The argument at `index`; undefined if it was not given.
    pub fn value(&self, index: usize) -> Value<'call> {
        // SAFETY: arguments live until the call returns.
        unsafe { Value::from_raw(self.arguments[index]) }
    }

    /// The argument as what a handle holds.
    pub fn handle<T: Held>(&self, index: usize, name: &str) -> Result<&'call T> {
        Handle::<T>::get(self.js, self.value(index), name)
    }

    /// The argument as bytes: a string (as UTF-8) or a Uint8Array.
    pub fn bytes<'a>(&'a self, index: usize, name: &str, room: &'a mut Room) -> Result<&'a [u8]> {
        read_bytes(self.js, self.value(index), name, room)
    }

    /// The argument as bytes, none if it is undefined.
    pub fn bytes_optional<'a>(&'a self, index: usize, name: &str, room: &'a mut Room) -> Result<Option<&'a [u8]>> {
        match self.js.kind(self.value(index))? {
            Kind::Undefined => Ok(None),
            _ => self.bytes(index, name, room).map(Some),
        }
    }

    /// The argument as text.
    pub fn text(&self, index: usize, name: &str) -> Result<String> {
        if self.js.kind(self.value(index))? != Kind::String {
            return Err(Failure::Type(format!("{name}: expected a string")));
        }
        let mut room = Room::new();
        let bytes = read_bytes(self.js, self.value(index), name, &mut room)?;
        Ok(String::from_utf8_lossy(bytes).into_owned())
    }

    /// The argument as text, none if it is undefined.
    pub fn text_optional(&self, index: usize, name: &str) -> Result<Option<String>> {
        match self.js.kind(self.value(index))? {
            Kind::Undefined => Ok(None),
            _ => self.text(index, name).map(Some),
        }
    }

    /// The argument as a boolean.
    pub fn boolean(&self, index: usize, name: &str) -> Result<bool> {
        self.js.to_boolean(self.value(index)).ok_or_else(|| Failure::Type(format!("{name}: expected a boolean")))
    }

    /// The argument as a whole number between `least` and `most`.
    pub fn integer(&self, index: usize, name: &str, least: i64, most: i64) -> Result<i64> {
        let Some(number) = self.js.to_number(self.value(index)) else {
            return Err(Failure::Type(format!("{name}: expected a number")));
        };
        // A comparison with NaN is false, so NaN is out of range too.
        if number.fract() == 0.0 && number >= least as f64 && number <= most as f64 {
            Ok(number as i64)
        } else {
            Err(Failure::Range(format!("{name}: expected a whole number from {least} to {most}, got {number}")))
        }
    }

    /// The argument as a bigint of 64 bits.
    pub fn bigint(&self, index: usize, name: &str) -> Result<i64> {
        match self.js.kind(self.value(index))? {
            Kind::BigInt => self
                .js
                .to_i64(self.value(index))
                .ok_or_else(|| Failure::Range(format!("{name}: expected a bigint of 64 bits"))),
            _ => Err(Failure::Type(format!("{name}: expected a bigint"))),
        }
    }
}

/// A value's bytes, read for the running call: a string's UTF-8 or what a Uint8Array shows.
pub fn read_bytes<'a>(js: Js, value: Value<'_>, name: &str, room: &'a mut Room) -> Result<&'a [u8]> {
    if let Some(length) = read_text(js, value, name, room)? {
        return Ok(if room.heap.is_empty() { &room.inline[..length] } else { &room.heap });
    }
    read_view(js, value, name, room)?.ok_or_else(|| Failure::Type(format!("{name}: expected a Uint8Array or a string")))
}

/// Reads a string into `room` as UTF-8 and gives the length of what is inline (all of it unless the heap is used).
/// None if the value is not a string.
pub fn read_text(js: Js, value: Value<'_>, name: &str, room: &mut Room) -> Result<Option<usize>> {
    room.heap.clear();
    let mut length = 0;
    // SAFETY: Node-API writes at most the size given, a closing NUL included.
    let status = unsafe {
        sys::napi_get_value_string_utf8(
            js.raw(),
            value.raw(),
            room.inline.as_mut_ptr().cast(),
            room.inline.len(),
            &mut length,
        )
    };
    if status == sys::Status::napi_string_expected {
        return Ok(None);
    }
    check(status)?;
    // The last character may not have fitted and be four bytes long: only then is the text possibly cut short.
    if length + 4 >= room.inline.len() {
        read_long_text(js, value, room)?;
        if room.heap.len() < room.inline.len() {
            room.inline[..room.heap.len()].copy_from_slice(&room.heap);
            length = room.heap.len();
            room.heap.clear();
        }
    }
    let bytes = if room.heap.is_empty() { &room.inline[..length] } else { &room.heap[..] };
    if may_hold_replacement(bytes) {
        refuse_lone_surrogate(js, value, name)?;
    }
    Ok(Some(length))
}

fn read_long_text(js: Js, value: Value<'_>, room: &mut Room) -> Result<()> {
    let mut length = 0;
    // SAFETY: without a buffer only the length is written.
    check(unsafe { sys::napi_get_value_string_utf8(js.raw(), value.raw(), ptr::null_mut(), 0, &mut length) })?;
    room.heap.resize(length + 1, 0);
    // SAFETY: Node-API writes at most the size given, a closing NUL included.
    check(unsafe {
        sys::napi_get_value_string_utf8(
            js.raw(),
            value.raw(),
            room.heap.as_mut_ptr().cast(),
            room.heap.len(),
            &mut length,
        )
    })?;
    room.heap.truncate(length);
    Ok(())
}

/// Whether U+FFFD occurs, which is what the conversion writes for a lone surrogate.
fn may_hold_replacement(bytes: &[u8]) -> bool {
    !bytes.is_ascii() && bytes.windows(3).any(|three| three == [0xef, 0xbf, 0xbd])
}

fn refuse_lone_surrogate(js: Js, value: Value<'_>, name: &str) -> Result<()> {
    let mut length = 0;
    // SAFETY: without a buffer only the length is written.
    check(unsafe { sys::napi_get_value_string_utf16(js.raw(), value.raw(), ptr::null_mut(), 0, &mut length) })?;
    let mut units = vec![0u16; length + 1];
    // SAFETY: Node-API writes at most the size given, a closing NUL included.
    check(unsafe {
        sys::napi_get_value_string_utf16(js.raw(), value.raw(), units.as_mut_ptr(), units.len(), &mut length)
    })?;
    units.truncate(length);
    let mut index = 0;
    for decoded in char::decode_utf16(units.iter().copied()) {
        match decoded {
            Ok(character) => index += character.len_utf16(),
            Err(_) => {
                return Err(Failure::Type(format!("{name}: the string has a lone surrogate at index {index}")));
            }
        }
    }
    Ok(())
}

/// The bytes of a Uint8Array; none if the value is something else.
fn read_view<'a>(js: Js, value: Value<'_>, name: &str, room: &'a mut Room) -> Result<Option<&'a [u8]>> {
    let (mut kind, mut length, mut offset) = (0, 0, 0);
    let mut data: *mut c_void = ptr::null_mut();
    let mut buffer = ptr::null_mut();
    // SAFETY: value and results are live.
    let status = unsafe {
        sys::napi_get_typedarray_info(
            js.raw(),
            value.raw(),
            &mut kind,
            &mut length,
            &mut data,
            &mut buffer,
            &mut offset,
        )
    };
    if status == sys::Status::napi_invalid_arg || status == sys::Status::napi_object_expected {
        return Ok(None);
    }
    check(status)?;
    if kind != sys::TypedarrayType::uint8_array {
        return Ok(None);
    }
    let mut owned = false;
    // SAFETY: `buffer` came from the call above. A SharedArrayBuffer is not an ArrayBuffer.
    check(unsafe { sys::napi_is_arraybuffer(js.raw(), buffer, &mut owned) })?;
    if length == 0 || data.is_null() {
        let mut detached = false;
        if owned {
            // SAFETY: `buffer` is an ArrayBuffer.
            check(unsafe { sys::napi_is_detached_arraybuffer(js.raw(), buffer, &mut detached) })?;
        }
        return if detached {
            Err(Failure::Type(format!("{name}: the memory of the Uint8Array was transferred away")))
        } else {
            Ok(Some(&[]))
        };
    }
    if owned {
        // SAFETY: the memory is this thread's alone and stays where it is while the call runs, since no JavaScript
        // runs meanwhile; the result cannot outlive the call because `room` does not.
        return Ok(Some(unsafe { std::slice::from_raw_parts(data.cast(), length) }));
    }
    // SAFETY: the memory is live, but other threads may write it: only atomic reads are defined.
    let shared = unsafe { std::slice::from_raw_parts(data.cast::<AtomicU8>(), length) };
    room.heap.clear();
    room.heap.extend(shared.iter().map(|byte| byte.load(Ordering::Relaxed)));
    Ok(Some(&room.heap))
}
