//! The client's side of a commit: what is sent, and what becomes of the transaction with the answer.
//!
//! - A commit waits for the reads that were begun before it, and fails with the error of one that failed.
//! - Without writes it sends nothing and succeeds.
//! - Keys get their tenant's prefix here and nowhere else on the way to the database.

use super::{Inner, State, Transaction};
use crate::buggify::{self, Place};
use crate::commit::{CommitRequest, KeyRange, Mutation, Outcome};
use crate::cost;
use crate::error::{Error, Result};
use crate::future::{Future, Promise};
use crate::key::{ALL_END, METADATA_VERSION, METADATA_VERSION_END};
use crate::limits::{CONFLICT_RANGE_OVERHEAD, MUTATION_OVERHEAD};
use crate::mutation::MutationType;
use crate::range_set::RangeSet;
use crate::tenant::{self, PREFIX_LENGTH};
use crate::{special_keys, versionstamp};
use std::sync::Arc;

impl Transaction {
    /// Commits. Ready at once for a transaction that wrote nothing, which always succeeds; otherwise when the commit is
    /// durable (file) or visible (memory). Errors: 1020 where something that was read has been written since, 1007 where
    /// the read version is over 5 s old, 2101 over the size limit, 2023 for a read-only transaction that wrote, 2017 for
    /// the second call, and the error of a read that failed.
    pub fn commit(&self) -> Future<()> {
        self.inner.with(|state| {
            let started = state.deferred.map_or(Ok(()), Err).and_then(|()| state.check_usable()).and_then(|()| {
                state.commit_started = true;
                special_keys::commit(&self.inner, state)
            });
            if let Err(error) = started {
                return Future::ready(Err(error));
            }
            if state.pending_reads == 0 {
                return match self.inner.prepare(state) {
                    Ok(None) => Future::ready(Ok(())),
                    Ok(Some(request)) => {
                        let (promise, future) = state.pending();
                        self.inner.submit(state, request, promise);
                        future
                    }
                    Err(error) => Future::ready(Err(error)),
                };
            }
            let (promise, future) = state.pending();
            let this = self.inner.this.clone();
            let generation = state.generation;
            state.after_reads = Some(Box::new(move || {
                let Some(inner) = this.upgrade() else { return };
                inner.finish_with(|inner, state| {
                    if state.generation != generation {
                        return;
                    }
                    match inner.prepare(state) {
                        Ok(Some(request)) => inner.submit(state, request, promise),
                        Ok(None) => state.complete(&promise, Ok(())),
                        Err(error) => state.complete(&promise, Err(error)),
                    }
                });
            }));
            future
        })
    }

    /// The version of the last commit that wrote; -1 before there is one, and after one that wrote nothing.
    pub fn committed_version(&self) -> i64 {
        self.inner.with(|state| state.committed_version)
    }

    /// The versionstamp of the commit, once it is done; to be asked for before [`commit`](Self::commit) (after it 2017).
    /// Errors: 2021 if nothing was written, 2020 if the commit failed, 1025 if the transaction is reset first.
    pub fn versionstamp(&self) -> Future<[u8; 10]> {
        self.inner.with(|state| {
            if let Err(error) = state.deferred.map_or(Ok(()), Err).and_then(|()| state.check_usable()) {
                return Future::ready(Err(error));
            }
            let (promise, future) = Promise::new();
            state.stamps.retain(|stamp| !stamp.is_complete());
            state.stamps.push(Arc::new(promise));
            future
        })
    }

    /// About how many bytes the commit would send: mutations and conflict ranges so far, those that were overwritten
    /// since included.
    pub fn approximate_size(&self) -> Future<i64> {
        self.inner.with(|state| {
            state.settle_watches();
            Future::ready(state.deferred.map_or(Ok(state.approximate_size), Err))
        })
    }

    /// How long the transaction was delayed because of its tags, in seconds: never.
    pub fn tag_throttled_duration(&self) -> Future<f64> {
        self.inner.with(|state| Future::ready(state.deferred.map_or(Ok(0.0), Err)))
    }

    /// The cost of the transaction's reads and of what it has sent, in bytes of whole pages: a read costs what it read, a
    /// write, with the commit, four times its size, a clear one page.
    pub fn total_cost(&self) -> Future<i64> {
        self.inner.with(|state| {
            // What was written through read-your-writes is sent, and counts, with the commit.
            let sent = state.ordered.mutations.iter().map(cost::of_mutation).sum::<i64>();
            Future::ready(state.deferred.map_or(Ok(state.cost + sent), Err))
        })
    }
}

impl Inner {
    /// What to commit; nothing if nothing was written, in which case the transaction is committed with that.
    fn prepare(&self, state: &mut State) -> Result<Option<CommitRequest>> {
        if let Some(error) = state.read_error {
            return Err(error);
        }
        let (mapped, conflicts) = state.collect_writes(b"", ALL_END);
        state.cost += mapped.iter().map(cost::of_mutation).sum::<i64>();
        let mutations = after(&state.ordered.mutations, mapped);
        let write_ranges = after(&state.ordered.write_ranges, conflicts);
        if mutations.is_empty() && write_ranges.is_empty() {
            // A database that could not be opened gives its error here too.
            self.database.core()?;
            state.committed_version = -1;
            state.fail_stamps(Error::NO_COMMIT_VERSION);
            self.arm_watches(state);
            return Ok(None);
        }
        let mut read_ranges = state.reads.conflict_ranges();
        read_ranges.extend(state.ordered.read_ranges.iter().cloned());
        let result = self.build(state, mutations, write_ranges, read_ranges);
        if let Err(error) = result {
            state.fail_stamps(Error::TRANSACTION_INVALID_VERSION);
            state.fail_watches(error);
        }
        result.map(Some)
    }

    fn build(
        &self,
        state: &mut State,
        mutations: Vec<Mutation>,
        write_ranges: Vec<KeyRange>,
        mut read_ranges: Vec<KeyRange>,
    ) -> Result<CommitRequest> {
        if state.options.read_only {
            return Err(Error::TRANSACTION_READ_ONLY);
        }
        if size(&mutations, &write_ranges, &read_ranges) > state.options.size_limit {
            return Err(Error::TRANSACTION_TOO_LARGE);
        }
        let read_version = self.ensure_read_version(state)?;
        let extra = std::mem::take(&mut state.ordered.extra_read_ranges);
        read_ranges.extend(extra.iter().filter(|(begin, end)| begin < end).cloned());
        state.ordered.extra_read_ranges = extra;
        let mut request = CommitRequest {
            read_version,
            read_ranges,
            write_ranges,
            mutations,
            checks_age: !state.options.causal_write_risky,
            lock_aware: state.options.lock_aware,
            requires: None,
        };
        if let Some(id) = self.tenant {
            confine(&mut request, id?);
        }
        Ok(request)
    }

    fn submit(&self, state: &mut State, request: CommitRequest, promise: Arc<Promise<()>>) {
        // Whoever calls holds it.
        let Some(inner) = self.this.upgrade() else { return };
        let generation = state.generation;
        // Nothing is read any more, so that the commit need not copy what it changes because of this transaction.
        if let Some(read) = &mut state.read_version {
            (read.snapshot, read.place) = (None, None);
        }
        // Handed in once the transaction's lock is free: a commit in memory runs on this thread.
        state.later.push(Box::new(move || {
            let core = match inner.database.core() {
                Ok(core) => core.clone(),
                Err(error) => {
                    promise.complete(Err(error));
                    return;
                }
            };
            let before = [Place::Commit, Place::Send, Place::Lost];
            if let Some(error) = before.into_iter().find_map(buggify::failure) {
                inner.committed(generation, Outcome::Failed(error), &promise);
                return;
            }
            let committing = inner.clone();
            core.committer.submit(
                &core,
                request,
                Box::new(move |outcome| {
                    let happened = matches!(outcome, Outcome::Committed { .. });
                    let unknown = if happened { buggify::failure(Place::Unknown) } else { None };
                    committing.committed(generation, unknown.map_or(outcome, Outcome::Failed), &promise);
                }),
            );
        }));
    }

    fn committed(self: Arc<Self>, generation: u64, outcome: Outcome, promise: &Arc<Promise<()>>) {
        self.finish_with(|inner, state| {
            let current = state.generation == generation;
            let result = match outcome {
                Outcome::Committed { version, index } => {
                    if current {
                        let stamp = versionstamp::stamp(version, index);
                        state.committed_version = version;
                        state.committed_stamp = Some(stamp);
                        for waiting in std::mem::take(&mut state.stamps) {
                            state.complete(&waiting, Ok(stamp));
                        }
                        inner.arm_watches(state);
                    }
                    Ok(())
                }
                Outcome::Conflict(ranges) => {
                    if state.options.report_conflicting_keys {
                        let mut report = RangeSet::default();
                        for (begin, end) in &ranges {
                            let tenant = if inner.tenant.is_some() { PREFIX_LENGTH } else { 0 };
                            let strip = |key: &[u8]| key.get(tenant..).unwrap_or_default().to_vec();
                            report.insert(&strip(begin), &strip(end));
                        }
                        state.conflicting = Some(report);
                    }
                    Err(Error::NOT_COMMITTED)
                }
                Outcome::Failed(error) => Err(error),
            };
            if let Err(error) = result
                && current
            {
                state.fail_stamps(Error::TRANSACTION_INVALID_VERSION);
                state.fail_watches(error);
            }
            state.complete(promise, result);
        });
    }

    /// Hands the transaction's watches over to the database.
    fn arm_watches(&self, state: &mut State) {
        let watches = std::mem::take(&mut state.watches);
        let Ok(core) = self.database.core() else { return };
        for watch in watches {
            let tenant = self.tenant.and_then(Result::ok).filter(|_| watch.key != METADATA_VERSION);
            let key = match tenant {
                Some(id) => [&id.to_be_bytes()[..], &watch.key].concat(),
                None => watch.key,
            };
            let core = core.clone();
            // Compared again once it is armed: what was committed in between must not be missed.
            state.later.push(Box::new(move || core.arm_watch(key, watch.seen, tenant, watch.promise)));
        }
    }
}

/// Both, one after the other.
fn after<T: Clone>(first: &[T], second: Vec<T>) -> Vec<T> {
    if first.is_empty() { second } else { [first, &second].concat() }
}

/// The bytes that a commit counts.
fn size(mutations: &[Mutation], write_ranges: &[KeyRange], read_ranges: &[KeyRange]) -> i64 {
    let of_mutation = |mutation: &Mutation| match mutation {
        Mutation::Set(key, value) | Mutation::Atomic(_, key, value) => key.len() + value.len(),
        Mutation::ClearRange(begin, end) => begin.len() + end.len(),
    };
    let of_range = |(begin, end): &KeyRange| (begin.len() + end.len()) as i64 + CONFLICT_RANGE_OVERHEAD;
    mutations.iter().map(|mutation| of_mutation(mutation) as i64 + MUTATION_OVERHEAD).sum::<i64>()
        + write_ranges.iter().map(of_range).sum::<i64>()
        + read_ranges.iter().map(of_range).sum::<i64>()
}

/// Puts a tenant's prefix before the keys of a commit. The metadata version key is everybody's.
fn confine(request: &mut CommitRequest, id: i64) {
    let prefix = id.to_be_bytes();
    let confined = |key: &[u8]| [&prefix, key].concat();
    for range in request.read_ranges.iter_mut().chain(&mut request.write_ranges) {
        if range.0 != METADATA_VERSION || range.1 != METADATA_VERSION_END {
            *range = (confined(&range.0), confined(&range.1));
        }
    }
    for mutation in &mut request.mutations {
        match mutation {
            Mutation::Set(key, _) => *key = confined(key),
            Mutation::ClearRange(begin, end) => (*begin, *end) = (confined(begin), confined(end)),
            Mutation::Atomic(MutationType::SetVersionstampedKey, key, _) => {
                let mut moved = confined(key);
                // The offset of the stamp counts from the start of the whole key.
                if let Some(suffix) = moved.last_chunk_mut::<4>() {
                    *suffix = (i32::from_le_bytes(*suffix) + PREFIX_LENGTH as i32).to_le_bytes();
                }
                *key = moved;
            }
            Mutation::Atomic(_, key, _) if key == METADATA_VERSION => {}
            Mutation::Atomic(_, key, _) => *key = confined(key),
        }
    }
    request.requires = Some((tenant::map_key(id), Error::TENANT_NOT_FOUND));
}
