//! One call, chosen by the input.

use super::World;
use super::arguments::{bytes, number, option_value, pick, take, version};
use super::futures::{GETTERS, Slot};
use arbitrary::{Result, Unstructured};
use foundationdb_sys::*;
use std::ffi::{CStr, c_int};
use std::ptr::null_mut;

/// Embedded databases, and targets that cannot be opened. None that would be looked for at the system's places.
const TARGETS: &[&CStr] =
    &[c"memory:", c"memory:shared", c"file:", c"file:/nonexistent/a", c"/nonexistent/fdb.cluster", c"memory", c"\xff"];

/// Network options that are left out: those that name a library to load, and failures by chance.
const NETWORK_OPTIONS_LEFT_OUT: [u32; 6] = [62, 66, 80, 81, 82, 83];

/// The greatest number of an option.
const OPTIONS_MOST: c_int = 1000;

impl World {
    pub fn call(&mut self, input: &mut Unstructured<'_>) -> Result<()> {
        match input.int_in_range(0..=15)? {
            0 => self.open(input),
            1 => self.database(input),
            2 => self.tenant(input),
            3..=5 => self.write(input),
            6..=8 => self.read(input),
            9 => self.transaction(input),
            10..=13 => self.future(input),
            14 => self.destroy(input),
            _ => self.plain(input),
        }
    }

    fn hold(&mut self, future: *mut FDBFuture) {
        self.futures.push(Slot::new(future, false));
    }

    fn open(&mut self, input: &mut Unstructured<'_>) -> Result<()> {
        let target = input.choose(TARGETS)?;
        let mut out = null_mut();
        // SAFETY: strings that end with a zero byte and places to write to.
        let code = unsafe {
            if input.arbitrary()? {
                fdb_create_database(target.as_ptr(), &mut out)
            } else {
                let embedded = if input.arbitrary()? { c"memory:" } else { c"file:/nonexistent/a" };
                fdb_create_database_from_connection_string(embedded.as_ptr(), &mut out)
            }
        };
        assert_eq!(code, 0, "what is wrong shows in what the database does");
        self.databases.push(out);
        Ok(())
    }

    /// A transaction of a database or tenant.
    fn begin(&mut self, input: &mut Unstructured<'_>) -> Result<()> {
        let mut out = null_mut();
        // SAFETY: live handles or null, and a place to write to.
        let code = unsafe {
            if self.tenants.is_empty() || input.ratio(3, 4)? {
                fdb_database_create_transaction(pick(&self.databases, input)?, &mut out)
            } else {
                fdb_tenant_create_transaction(pick(&self.tenants, input)?, &mut out)
            }
        };
        assert_eq!(code == 0, !out.is_null());
        if !out.is_null() {
            self.transactions.push(out);
        }
        Ok(())
    }

    fn database(&mut self, input: &mut Unstructured<'_>) -> Result<()> {
        let d = pick(&self.databases, input)?;
        let (a, b) = (bytes(input)?, bytes(input)?);
        let (ap, al, bp, bl) = (a.pointer(), a.length(), b.pointer(), b.length());
        // SAFETY: a live handle or null, bytes that live until the call returns, and places to write to.
        let future = unsafe {
            match input.int_in_range(0..=18)? {
                0..=4 => return self.begin(input),
                5 => {
                    let value = option_value(input)?;
                    let option = number(input, OPTIONS_MOST)? as u32;
                    fdb_database_set_option(d, option, value.pointer(), value.length());
                    return Ok(());
                }
                6 => {
                    let mut out = null_mut();
                    if fdb_database_open_tenant(d, ap, al, &mut out) == 0 {
                        self.tenants.push(out);
                    }
                    return Ok(());
                }
                7 => fdb_database_get_client_status(d),
                8 => fdb_database_get_server_protocol(d, input.arbitrary()?),
                9 => {
                    assert_eq!(fdb_database_get_main_thread_busyness(d), 0.0);
                    fdb_database_set_shared_state(d, null_mut());
                    return Ok(());
                }
                10 => fdb_database_reboot_worker(d, ap, al, input.arbitrary()?, input.arbitrary()?),
                11 => fdb_database_force_recovery_with_data_loss(d, ap, al),
                12 => fdb_database_create_snapshot(d, ap, al, bp, bl),
                13 => fdb_database_create_shared_state(d),
                14 => fdb_database_purge_blob_granules(d, ap, al, bp, bl, version(input)?, input.arbitrary()?),
                15 => fdb_database_wait_purge_granules_complete(d, ap, al),
                16 => fdb_database_blobbify_range(d, ap, al, bp, bl),
                17 => fdb_database_list_blobbified_ranges(d, ap, al, bp, bl, input.arbitrary()?),
                _ => fdb_database_verify_blob_range(d, ap, al, bp, bl, version(input)?),
            }
        };
        self.hold(future);
        Ok(())
    }

    fn tenant(&mut self, input: &mut Unstructured<'_>) -> Result<()> {
        let t = pick(&self.tenants, input)?;
        let (a, b) = (bytes(input)?, bytes(input)?);
        let (ap, al, bp, bl) = (a.pointer(), a.length(), b.pointer(), b.length());
        // SAFETY: as in `database`.
        let future = unsafe {
            match input.int_in_range(0..=7)? {
                0..=3 => return self.begin(input),
                4 => fdb_tenant_get_id(t),
                5 => fdb_tenant_blobbify_range_blocking(t, ap, al, bp, bl),
                6 => fdb_tenant_flush_blob_range(t, ap, al, bp, bl, input.arbitrary()?, version(input)?),
                _ => fdb_tenant_unblobbify_range(t, ap, al, bp, bl),
            }
        };
        self.hold(future);
        Ok(())
    }

    fn write(&mut self, input: &mut Unstructured<'_>) -> Result<()> {
        let tr = pick(&self.transactions, input)?;
        let (a, b) = (bytes(input)?, bytes(input)?);
        let (ap, al, bp, bl) = (a.pointer(), a.length(), b.pointer(), b.length());
        // SAFETY: as in `database`.
        unsafe {
            match input.int_in_range(0..=6)? {
                0..=1 => fdb_transaction_set(tr, ap, al, bp, bl),
                2 => fdb_transaction_clear(tr, ap, al),
                3 => fdb_transaction_clear_range(tr, ap, al, bp, bl),
                4..=5 => fdb_transaction_atomic_op(tr, ap, al, bp, bl, number(input, 21)? as u32),
                _ => {
                    fdb_transaction_add_conflict_range(tr, ap, al, bp, bl, number(input, 2)? as u32);
                }
            }
        }
        Ok(())
    }

    fn read(&mut self, input: &mut Unstructured<'_>) -> Result<()> {
        let tr = pick(&self.transactions, input)?;
        let (a, b, mapper) = (bytes(input)?, bytes(input)?, bytes(input)?);
        let (ap, al, bp, bl) = (a.pointer(), a.length(), b.pointer(), b.length());
        let (or_equal, snapshot, reverse) = (input.arbitrary()?, input.arbitrary()?, input.arbitrary()?);
        let (offset, end_offset) = (number(input, 3)?, number(input, 3)?);
        let (limit, target, mode, iteration) =
            (number(input, 5)?, number(input, 500)?, number(input, 4)?, number(input, 3)?);
        // SAFETY: as in `database`.
        let future = unsafe {
            match input.int_in_range(0..=9)? {
                0..=1 => fdb_transaction_get(tr, ap, al, snapshot),
                2 => fdb_transaction_get_key(tr, ap, al, or_equal, offset, snapshot),
                3..=4 => fdb_transaction_get_range(
                    tr, ap, al, or_equal, offset, bp, bl, reverse, end_offset, limit, target, mode, iteration,
                    snapshot, reverse,
                ),
                5 => {
                    let (mp, ml) = (mapper.pointer(), mapper.length());
                    fdb_transaction_get_mapped_range(
                        tr, ap, al, or_equal, offset, bp, bl, reverse, end_offset, mp, ml, limit, target, mode,
                        iteration, snapshot, reverse,
                    )
                }
                6 => fdb_transaction_get_addresses_for_key(tr, ap, al),
                7 => fdb_transaction_get_estimated_range_size_bytes(tr, ap, al, bp, bl),
                8 => fdb_transaction_get_range_split_points(tr, ap, al, bp, bl, version(input)?),
                _ => {
                    fdb_transaction_get_range_selector(tr, ap, al, or_equal, offset, bp, bl, reverse, end_offset, limit)
                }
            }
        };
        self.hold(future);
        Ok(())
    }

    fn transaction(&mut self, input: &mut Unstructured<'_>) -> Result<()> {
        let tr = pick(&self.transactions, input)?;
        let a = bytes(input)?;
        let (ap, al) = (a.pointer(), a.length());
        // SAFETY: as in `database`.
        let future = unsafe {
            match input.int_in_range(0..=17)? {
                0..=3 => {
                    let commit = fdb_transaction_commit(tr);
                    self.futures.push(Slot::new(commit, true));
                    return Ok(());
                }
                4 => fdb_transaction_on_error(tr, *input.choose(&[1007, 1020, 1021, 1031, 2000, 0, -1])?),
                5 => {
                    fdb_transaction_reset(tr);
                    return Ok(());
                }
                6 => {
                    fdb_transaction_cancel(tr);
                    return Ok(());
                }
                7..=8 => {
                    let value = option_value(input)?;
                    fdb_transaction_set_option(
                        tr,
                        number(input, OPTIONS_MOST)? as u32,
                        value.pointer(),
                        value.length(),
                    );
                    return Ok(());
                }
                9 => {
                    fdb_transaction_set_read_version(tr, version(input)?);
                    return Ok(());
                }
                10 => fdb_transaction_get_read_version(tr),
                11 => {
                    fdb_transaction_get_committed_version(tr, &mut 0);
                    return Ok(());
                }
                12 => fdb_transaction_get_versionstamp(tr),
                13 => fdb_transaction_watch(tr, ap, al),
                14 => fdb_transaction_get_approximate_size(tr),
                15 => fdb_transaction_get_tag_throttled_duration(tr),
                16 => fdb_transaction_get_total_cost(tr),
                _ => {
                    let result = fdb_transaction_read_blob_granules(
                        tr,
                        ap,
                        al,
                        ap,
                        al,
                        version(input)?,
                        version(input)?,
                        std::mem::zeroed(),
                    );
                    self.results.push(result);
                    return Ok(());
                }
            }
        };
        self.hold(future);
        Ok(())
    }

    fn future(&mut self, input: &mut Unstructured<'_>) -> Result<()> {
        self.futures.retain(|slot| !slot.is_gone() || !slot.callbacks_came());
        if self.futures.is_empty() {
            return self.null_future(input);
        }
        let index = input.choose_index(self.futures.len())?;
        // Used by a callback, it must live to the end.
        let transaction = if !self.transactions.is_empty() && input.ratio(1, 8)? {
            let transaction = take(&mut self.transactions, input)?;
            self.kept.push(transaction);
            transaction
        } else {
            self.kept.last().copied().unwrap_or(null_mut())
        };
        let slot = &mut self.futures[index];
        if slot.is_gone() {
            return Ok(());
        }
        slot.check_given();
        let f = slot.future;
        // SAFETY: the future lives.
        unsafe {
            match input.int_in_range(0..=11)? {
                0..=5 => slot.get(input.int_in_range(0..=GETTERS - 1)?),
                6 => fdb_future_cancel(f),
                7 => slot.release(),
                8 if slot.ends || fdb_future_is_ready(f) != 0 => assert_eq!(fdb_future_block_until_ready(f), 0),
                9 => {
                    let (error, ready) = (fdb_future_get_error(f), fdb_future_is_ready(f) != 0);
                    // It may end on another thread in between.
                    assert!(error != 2015 || !ready || fdb_future_get_error(f) != 2015);
                }
                10 => slot.destroy(),
                _ => return slot.set_callback(input, transaction),
            }
        }
        Ok(())
    }

    /// Calls on no future.
    fn null_future(&mut self, input: &mut Unstructured<'_>) -> Result<()> {
        let f = null_mut();
        // SAFETY: null is a handle that every call refuses.
        unsafe {
            match input.int_in_range(0..=4)? {
                0 => fdb_future_cancel(f),
                1 => fdb_future_release_memory(f),
                2 => assert_ne!(fdb_future_block_until_ready(f), 0),
                3 => assert_ne!(fdb_future_get_error(f), 0),
                _ => fdb_future_destroy(f),
            }
        }
        Ok(())
    }

    fn destroy(&mut self, input: &mut Unstructured<'_>) -> Result<()> {
        // SAFETY: what is destroyed is taken out of the world, so it is used no more. Null does nothing.
        unsafe {
            match input.int_in_range(0..=3)? {
                0 => fdb_database_destroy(take(&mut self.databases, input)?),
                1 => fdb_tenant_destroy(take(&mut self.tenants, input)?),
                2 => fdb_transaction_destroy(take(&mut self.transactions, input)?),
                _ => fdb_result_destroy(take(&mut self.results, input)?),
            }
        }
        Ok(())
    }

    /// Calls without a handle, and those on results.
    fn plain(&mut self, input: &mut Unstructured<'_>) -> Result<()> {
        let r = pick(&self.results, input)?;
        // SAFETY: live handles or null, bytes that live until the call returns, and places to write to.
        unsafe {
            match input.int_in_range(0..=5)? {
                0 => assert!(CStr::from_ptr(fdb_get_error(number(input, 2999)?)).to_str().is_ok()),
                1 => {
                    fdb_error_predicate(number(input, 50002)?, number(input, 2999)?);
                }
                2 => {
                    let value = option_value(input)?;
                    let option = number(input, 100)? as u32;
                    if !NETWORK_OPTIONS_LEFT_OUT.contains(&option) {
                        fdb_network_set_option(option, value.pointer(), value.length());
                    }
                }
                3 => assert_ne!(fdb_result_get_keyvalue_array(r, &mut std::ptr::null(), &mut 0, &mut 0), 0),
                4 => assert_ne!(fdb_result_get_bg_mutations_array(r, &mut std::ptr::null(), &mut 0), 0),
                _ => {
                    // What was done once is not done again.
                    assert_eq!(fdb_select_api_version_impl(number(input, 730)?, number(input, 730)?), 2201);
                    assert_eq!(fdb_setup_network(), 2009);
                }
            }
        }
        Ok(())
    }
}
