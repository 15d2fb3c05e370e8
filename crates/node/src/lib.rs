//! The native module: JavaScript values in, answers out; no logic of its own.
//!
//! [`load`] is the one function that the generated loader knows. It gives the facade (`lib/native.ts`) an object of
//! plain functions over handles; their types are written there. A function converts its arguments, calls `found`, and
//! converts the answer.
//!
//! - [`call`] reads arguments and catches panics, [`js`] wraps Node-API, [`handle`] holds Rust values for JavaScript;
//! - [`promise`] waits for what is not ready, [`environment`] owns what belongs to one thread of JavaScript;
//! - [`database`], [`transaction`], [`run`], [`range`], [`scan`], [`watch`], [`follow`] and [`support`] are the
//!   functions; [`steps`] is what scans and watch loops share; [`traffic`] counts what crosses.

mod call;
mod database;
mod environment;
mod failure;
mod follow;
mod handle;
mod js;
mod promise;
mod range;
mod reply;
mod run;
mod scan;
mod scratch;
mod steps;
mod stores;
mod support;
mod traffic;
mod transaction;
mod watch;

use environment::{Environment, pin_library};
use js::{Js, Value};
use napi::bindgen_prelude::{Env, Result, ToNapiValue, TypeName, ValueType};
use napi::sys;
use napi_derive::napi;

/// Memory of the engine is asked for and given back by several threads in small pieces, which the systems' own
/// allocators are slow at.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The functions for the facade, made for the environment that asks.
pub struct Native(sys::napi_value);

impl TypeName for Native {
    fn type_name() -> &'static str {
        "Native"
    }

    fn value_type() -> ValueType {
        ValueType::Object
    }
}

impl ToNapiValue for Native {
    unsafe fn to_napi_value(_env: sys::napi_env, native: Self) -> Result<sys::napi_value> {
        Ok(native.0)
    }
}

/// Makes the functions that the facade calls.
#[napi(ts_return_type = "import('./lib/native.js').Native")]
pub fn load(env: Env) -> Result<Native> {
    pin_library();
    // SAFETY: this call comes from the environment and lasts longer than `js`.
    let js = unsafe { Js::from_raw(env.raw()) };
    let exports = &[
        database::EXPORTS,
        transaction::EXPORTS,
        run::EXPORTS,
        range::EXPORTS,
        scan::EXPORTS,
        watch::EXPORTS,
        follow::EXPORTS,
        support::EXPORTS,
        traffic::EXPORTS,
        stores::bstore::EXPORTS,
        stores::eavstore::EXPORTS,
        stores::pstore::EXPORTS,
        stores::nstore::EXPORTS,
        stores::vnstore::EXPORTS,
    ];
    Environment::load(js, exports)
        .map(|object: Value<'_>| Native(object.raw()))
        .map_err(|failure| napi::Error::from_reason(format!("found-db could not be loaded: {failure:?}")))
}
