//! The options of `fdb.options` that a database or a transaction takes, by their numbers, and how their values are
//! checked.

use crate::error::{Error, Result};
use crate::limits::{TAG_SIZE, TRANSACTION_SIZE, TRANSACTION_SIZE_MIN};

/// A transaction option.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum TransactionOption {
    CausalWriteRisky,
    NextWriteNoWriteConflictRange,
    ReadYourWritesDisable,
    AccessSystemKeys,
    ReadSystemKeys,
    RawAccess,
    DebugTransactionIdentifier,
    LogTransaction,
    TransactionLoggingEnable,
    TransactionLoggingMaxFieldLength,
    Timeout,
    RetryLimit,
    MaxRetryDelay,
    SizeLimit,
    IdempotencyId,
    SnapshotRywEnable,
    SnapshotRywDisable,
    LockAware,
    UsedDuringCommitProtectionDisable,
    ReadLockAware,
    UseProvisionalProxies,
    ReportConflictingKeys,
    SpecialKeySpaceRelaxed,
    SpecialKeySpaceEnableWrites,
    Tag,
    SpanParent,
    BypassUnreadable,
    UseGrvCache,
    AuthorizationToken,
    InitializeNewDatabase,
    /// What concerns only a cluster, and takes no value: the number.
    NoEffect(i32),
    /// The same, with a text of any length.
    NoEffectText(i32),
}

impl TransactionOption {
    /// The option of a number; none if 7.3 does not know it.
    pub(crate) fn from_code(code: i32) -> Option<Self> {
        Some(match code {
            10 => Self::CausalWriteRisky,
            // Causal reads, ports in addresses, proxies, checks of writes, read-ahead, durability, priorities, storage
            // quotas, tracing, caches, costs.
            20 | 21 | 23 | 40 | 50 | 52 | 110 | 120 | 130 | 200 | 201 | 304 | 400 | 406 | 505 | 507 | 508 | 509
            | 510 | 511 | 710 | 1000 | 1102 => Self::NoEffect(code),
            30 => Self::NextWriteNoWriteConflictRange,
            51 => Self::ReadYourWritesDisable,
            300 => Self::InitializeNewDatabase,
            301 => Self::AccessSystemKeys,
            302 => Self::ReadSystemKeys,
            303 => Self::RawAccess,
            401 => Self::NoEffectText(code),
            402 => Self::TransactionLoggingEnable,
            403 => Self::DebugTransactionIdentifier,
            404 => Self::LogTransaction,
            405 => Self::TransactionLoggingMaxFieldLength,
            500 => Self::Timeout,
            501 => Self::RetryLimit,
            502 => Self::MaxRetryDelay,
            503 => Self::SizeLimit,
            504 => Self::IdempotencyId,
            600 => Self::SnapshotRywEnable,
            601 => Self::SnapshotRywDisable,
            700 => Self::LockAware,
            701 => Self::UsedDuringCommitProtectionDisable,
            702 => Self::ReadLockAware,
            711 => Self::UseProvisionalProxies,
            712 => Self::ReportConflictingKeys,
            713 => Self::SpecialKeySpaceRelaxed,
            714 => Self::SpecialKeySpaceEnableWrites,
            800 | 801 => Self::Tag,
            900 => Self::SpanParent,
            1100 => Self::BypassUnreadable,
            1101 => Self::UseGrvCache,
            2000 => Self::AuthorizationToken,
            _ => return None,
        })
    }

    /// Whether the option survives `on_error`.
    pub(crate) fn is_persistent(self) -> bool {
        matches!(self, Self::Timeout | Self::RetryLimit | Self::MaxRetryDelay | Self::AuthorizationToken)
    }

    /// Checks the value alone, as far as it can be without the transaction.
    pub(crate) fn check(self, value: Option<&[u8]>) -> Result<()> {
        let int_max = i64::from(i32::MAX);
        match self {
            Self::Timeout | Self::MaxRetryDelay => integer_option(value, 0, int_max).map(drop),
            Self::RetryLimit => integer_option(value, -1, int_max).map(drop),
            Self::SizeLimit => integer_option(value, TRANSACTION_SIZE_MIN, TRANSACTION_SIZE).map(drop),
            Self::TransactionLoggingMaxFieldLength => match integer_option(value, -1, int_max)? {
                0 => Err(Error::INVALID_OPTION_VALUE),
                _ => Ok(()),
            },
            Self::DebugTransactionIdentifier | Self::TransactionLoggingEnable => match value {
                Some(text) if (1..=100).contains(&text.len()) => Ok(()),
                _ => Err(Error::INVALID_OPTION_VALUE),
            },
            Self::IdempotencyId => match value {
                Some(id) if (16..=255).contains(&id.len()) => Ok(()),
                _ => Err(Error::INVALID_OPTION),
            },
            Self::Tag => match value {
                Some(tag) if tag.len() > TAG_SIZE => Err(Error::TAG_TOO_LONG),
                Some(_) => Ok(()),
                None => Err(Error::INVALID_OPTION_VALUE),
            },
            Self::SpanParent => match value {
                Some(span) if span.len() == 33 => Ok(()),
                _ => Err(Error::INVALID_OPTION_VALUE),
            },
            Self::AuthorizationToken | Self::NoEffectText(_) => Ok(()),
            _ => no_value(value),
        }
    }
}

/// A database option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DatabaseOption {
    MaxWatches,
    SnapshotRywEnable,
    SnapshotRywDisable,
    /// What new and reset transactions begin with.
    Default(TransactionOption),
    /// What concerns only a cluster: the number.
    NoEffect(i32),
}

impl DatabaseOption {
    /// The option of a number; none if 7.3 does not know it.
    pub(crate) fn from_code(code: i32) -> Option<Self> {
        Some(match code {
            20 => Self::MaxWatches,
            26 => Self::SnapshotRywEnable,
            27 => Self::SnapshotRywDisable,
            405 => Self::Default(TransactionOption::TransactionLoggingMaxFieldLength),
            500 => Self::Default(TransactionOption::Timeout),
            501 => Self::Default(TransactionOption::RetryLimit),
            502 => Self::Default(TransactionOption::MaxRetryDelay),
            503 => Self::Default(TransactionOption::SizeLimit),
            700 => Self::Default(TransactionOption::BypassUnreadable),
            701 => Self::Default(TransactionOption::UsedDuringCommitProtectionDisable),
            702 => Self::Default(TransactionOption::ReportConflictingKeys),
            // Location cache, machine and datacenter, causal reads, ports, idempotency, the configuration database, tests.
            10 | 21 | 22 | 504 | 505 | 506 | 800 | 900 => Self::NoEffect(code),
            _ => return None,
        })
    }
}

/// The value of an integer option: exactly 8 bytes, little-endian, within the bounds.
pub(crate) fn integer_option(value: Option<&[u8]>, min: i64, max: i64) -> Result<i64> {
    let bytes: [u8; 8] = value.and_then(|value| value.try_into().ok()).ok_or(Error::INVALID_OPTION_VALUE)?;
    let number = i64::from_le_bytes(bytes);
    if (min..=max).contains(&number) { Ok(number) } else { Err(Error::INVALID_OPTION_VALUE) }
}

/// Checks that an option without a value got none.
pub(crate) fn no_value(value: Option<&[u8]>) -> Result<()> {
    match value {
        Some(value) if !value.is_empty() => Err(Error::INVALID_OPTION_VALUE),
        _ => Ok(()),
    }
}
