//! Network options in the environment are checked when the network is configured first.

use foundationdb_sys::*;
use std::ptr::null;

#[test]
fn an_option_in_the_environment_that_is_not_valid_is_an_error() {
    let set = |name: &str, value: &str| {
        // SAFETY: this is the only test of its process, and no other thread runs.
        unsafe { std::env::set_var(name, value) };
    };
    // SAFETY: no pointers are passed.
    unsafe {
        assert_eq!(fdb_select_api_version_impl(730, 730), 0);
        set("FDB_NETWORK_OPTION_KNOB", "no value");
        assert_eq!(fdb_network_set_option(30, null(), 0), 2022);
        set("FDB_NETWORK_OPTION_KNOB", "one=1:two=2\\:3");
        set("FDB_NETWORK_OPTION_TRACE_ROLL_SIZE", "many");
        assert_eq!(fdb_setup_network(), 2022);
        set("FDB_NETWORK_OPTION_TRACE_ROLL_SIZE", "1000");
        assert_eq!(fdb_setup_network(), 0);
    }
}
