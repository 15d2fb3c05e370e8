//! Setting transaction options: what each changes in the current attempt.
//!
//! Persistent ones, and the defaults of the database, are kept as they were given and applied again in each attempt.

use super::{State, Transaction};
use crate::error::{Error, Result};
use crate::limits::{TAGS, TRANSACTION_SIZE, TRANSACTION_SIZE_MIN};
use crate::option_codes::{TransactionOption, integer_option};
use std::time::Duration;

impl Transaction {
    /// Sets a transaction option by its number in `fdb.options`. `invalid_option` (2007) at once if there is no such
    /// option; a wrong value shows at the next operation (2006).
    pub fn set_option(&self, code: i32, value: Option<&[u8]>) -> Result<()> {
        let option = TransactionOption::from_code(code).ok_or(Error::INVALID_OPTION)?;
        let in_tenant = self.inner.tenant.is_some();
        if option == TransactionOption::UseGrvCache && self.inner.database.api_version() < 720 {
            return Ok(());
        }
        self.inner.deferring(|state| {
            state.apply_option(option, value, in_tenant)?;
            if option.is_persistent() {
                state.persistent.push((option, value.map(<[u8]>::to_vec)));
            }
            Ok(())
        });
        // A timeout may be over already.
        self.inner.with(|_| ());
        Ok(())
    }
}

impl State {
    pub(super) fn apply_option(
        &mut self,
        option: TransactionOption,
        value: Option<&[u8]>,
        in_tenant: bool,
    ) -> Result<()> {
        option.check(value)?;
        let max = i64::from(i32::MAX);
        match option {
            TransactionOption::ReadYourWritesDisable => {
                if self.has_read || !self.reads.is_empty() || !self.writes.is_empty() {
                    return Err(Error::CLIENT_INVALID_OPERATION);
                }
                self.options.ryw_disabled = true;
            }
            TransactionOption::AccessSystemKeys
            | TransactionOption::ReadSystemKeys
            | TransactionOption::RawAccess
            | TransactionOption::UseProvisionalProxies
                if in_tenant =>
            {
                return Err(Error::INVALID_OPTION);
            }
            TransactionOption::AccessSystemKeys => {
                self.options.read_system_keys = true;
                self.options.write_system_keys = true;
                self.options.raw_access = true;
            }
            TransactionOption::ReadSystemKeys => {
                self.options.read_system_keys = true;
                self.options.raw_access = true;
            }
            TransactionOption::RawAccess => self.options.raw_access = true,
            TransactionOption::NextWriteNoWriteConflictRange => self.options.next_write_no_conflict = true,
            TransactionOption::CausalWriteRisky => self.options.causal_write_risky = true,
            TransactionOption::Timeout => {
                let milliseconds = integer_option(value, 0, max)?;
                self.options.timeout = (milliseconds > 0).then(|| Duration::from_millis(milliseconds as u64));
            }
            TransactionOption::RetryLimit => self.options.retry_limit = integer_option(value, -1, max)?,
            TransactionOption::MaxRetryDelay => {
                self.options.max_backoff_s = integer_option(value, 0, max)? as f64 / 1000.0;
            }
            TransactionOption::SizeLimit => {
                self.options.size_limit = integer_option(value, TRANSACTION_SIZE_MIN, TRANSACTION_SIZE)?;
            }
            TransactionOption::SnapshotRywEnable => self.options.snapshot_ryw += 1,
            TransactionOption::SnapshotRywDisable => self.options.snapshot_ryw -= 1,
            TransactionOption::LockAware => {
                self.options.lock_aware = true;
                self.options.read_only = false;
            }
            TransactionOption::ReadLockAware => {
                if !self.options.lock_aware {
                    self.options.read_only = true;
                }
            }
            TransactionOption::UsedDuringCommitProtectionDisable => self.options.used_during_commit_allowed = true,
            TransactionOption::ReportConflictingKeys => self.options.report_conflicting_keys = true,
            TransactionOption::SpecialKeySpaceRelaxed => self.options.special_keys_relaxed = true,
            TransactionOption::SpecialKeySpaceEnableWrites => self.options.special_key_writes = true,
            TransactionOption::BypassUnreadable => self.options.bypass_unreadable = true,
            TransactionOption::DebugTransactionIdentifier | TransactionOption::TransactionLoggingEnable => {
                let identifier = value.unwrap_or_default();
                if self.options.identifier.as_deref().is_some_and(|given| given != identifier) {
                    return Err(Error::CLIENT_INVALID_OPERATION);
                }
                self.options.identifier = Some(identifier.to_vec());
            }
            TransactionOption::LogTransaction => {
                if self.options.identifier.is_none() {
                    return Err(Error::CLIENT_INVALID_OPERATION);
                }
            }
            TransactionOption::Tag => {
                if self.options.tags >= TAGS {
                    return Err(Error::TOO_MANY_TAGS);
                }
                self.options.tags += 1;
            }
            // Needs state that only the multi-version client keeps.
            TransactionOption::UseGrvCache => return Err(Error::INVALID_OPTION),
            TransactionOption::InitializeNewDatabase => return Err(Error::CLIENT_INVALID_OPERATION),
            TransactionOption::UseProvisionalProxies
            | TransactionOption::TransactionLoggingMaxFieldLength
            | TransactionOption::IdempotencyId
            | TransactionOption::SpanParent
            | TransactionOption::AuthorizationToken
            | TransactionOption::NoEffect(_)
            | TransactionOption::NoEffectText(_) => {}
        }
        Ok(())
    }
}
