//! Errors are FoundationDB's: a number with a fixed text and three predicates that say what a retry may do.
//!
//! Only what opening a database can say beyond the number has words of its own ([`OpenError`](crate::OpenError)).

use crate::error_texts::TEXTS;
use std::fmt;

/// What a call of the engine gives: a value or a FoundationDB error.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A FoundationDB error code, such as 1020 `not_committed`.
///
/// The code is the identity; [`text`](Error::text) and the predicates come from FoundationDB 7.3.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Error(i32);

macro_rules! codes {
    ($($name:ident = $code:literal),* $(,)?) => {
        impl Error {
            $(#[doc = concat!("Error ", stringify!($code), ".")] pub const $name: Error = Error($code);)*
        }
    };
}

codes! {
    TRANSACTION_TOO_OLD = 1007,
    FUTURE_VERSION = 1009,
    NOT_COMMITTED = 1020,
    COMMIT_UNKNOWN_RESULT = 1021,
    TRANSACTION_CANCELLED = 1025,
    TRANSACTION_TIMED_OUT = 1031,
    TOO_MANY_WATCHES = 1032,
    WATCHES_DISABLED = 1034,
    ACCESSED_UNREADABLE = 1036,
    DATABASE_LOCKED = 1038,
    COMMIT_PROXY_MEMORY_LIMIT_EXCEEDED = 1042,
    SHUTDOWN_IN_PROGRESS = 1043,
    GRV_PROXY_MEMORY_LIMIT_EXCEEDED = 1078,
    BROKEN_PROMISE = 1100,
    OPERATION_CANCELLED = 1101,
    FUTURE_RELEASED = 1102,
    PLATFORM_ERROR = 1500,
    IO_ERROR = 1510,
    FILE_NOT_FOUND = 1511,
    FILE_NOT_READABLE = 1513,
    FILE_NOT_WRITABLE = 1514,
    NO_CLUSTER_FILE_FOUND = 1515,
    FILE_CORRUPT = 1522,
    LOCK_FILE_FAILURE = 1529,
    CLIENT_INVALID_OPERATION = 2000,
    KEY_OUTSIDE_LEGAL_RANGE = 2004,
    INVERTED_RANGE = 2005,
    INVALID_OPTION_VALUE = 2006,
    INVALID_OPTION = 2007,
    READ_VERSION_ALREADY_SET = 2010,
    VERSION_INVALID = 2011,
    RANGE_LIMITS_INVALID = 2012,
    USED_DURING_COMMIT = 2017,
    INVALID_MUTATION_TYPE = 2018,
    TRANSACTION_INVALID_VERSION = 2020,
    NO_COMMIT_VERSION = 2021,
    TRANSACTION_READ_ONLY = 2023,
    MAPPER_BAD_INDEX = 2030,
    MAPPER_BAD_RANGE_DESCRIPTOR = 2032,
    GET_MAPPED_RANGE_READS_YOUR_WRITES = 2039,
    KEY_NOT_TUPLE = 2041,
    VALUE_NOT_TUPLE = 2042,
    MAPPER_NOT_TUPLE = 2043,
    TRANSACTION_TOO_LARGE = 2101,
    KEY_TOO_LARGE = 2102,
    VALUE_TOO_LARGE = 2103,
    CONNECTION_STRING_INVALID = 2104,
    UNSUPPORTED_OPERATION = 2108,
    TOO_MANY_TAGS = 2109,
    TAG_TOO_LONG = 2110,
    SPECIAL_KEYS_CROSS_MODULE_READ = 2112,
    SPECIAL_KEYS_NO_MODULE_FOUND = 2113,
    SPECIAL_KEYS_WRITE_DISABLED = 2114,
    SPECIAL_KEYS_NO_WRITE_MODULE_FOUND = 2115,
    SPECIAL_KEYS_CROSS_MODULE_CLEAR = 2116,
    SPECIAL_KEYS_API_FAILURE = 2117,
    TENANT_NAME_REQUIRED = 2130,
    TENANT_NOT_FOUND = 2131,
    TENANT_ALREADY_EXISTS = 2132,
    TENANT_NOT_EMPTY = 2133,
    INVALID_TENANT_NAME = 2134,
    ILLEGAL_TENANT_ACCESS = 2138,
    TENANT_REMOVED = 2142,
    EXACT_MODE_WITHOUT_LIMITS = 2210,
    UNKNOWN_ERROR = 4000,
    INTERNAL_ERROR = 4100,
}

impl Error {
    /// The error of a code, whether FoundationDB knows the code or not. Zero, which is success, and negative numbers
    /// become [`UNKNOWN_ERROR`](Self::UNKNOWN_ERROR): an error always has a positive code.
    pub fn from_code(code: i32) -> Error {
        if code > 0 { Error(code) } else { Error::UNKNOWN_ERROR }
    }

    /// The number, as the C API gives it.
    pub fn code(self) -> i32 {
        self.0
    }

    /// What `fdb_get_error` says: the text of FoundationDB 7.3.
    pub fn text(self) -> &'static str {
        error_text(self.0)
    }

    /// Whether a retry of the whole transaction may help (predicate 50000).
    pub fn is_retryable(self) -> bool {
        self.is_maybe_committed() || self.is_retryable_not_committed()
    }

    /// Whether the transaction may have committed although this error came (predicate 50001).
    pub fn is_maybe_committed(self) -> bool {
        matches!(self.0, 1021 | 1039)
    }

    /// Whether the transaction has not committed and a retry may help (predicate 50002).
    pub fn is_retryable_not_committed(self) -> bool {
        matches!(self.0, 1007 | 1009 | 1020 | 1037 | 1038 | 1042 | 1051 | 1078 | 1213 | 1223)
    }
}

/// The text of any code, zero (success) included. A code outside 0..=30000 has the text of 4000, one inside that
/// FoundationDB does not define is `UNKNOWN_ERROR` (`flow/Error.cpp`).
pub fn error_text(code: i32) -> &'static str {
    let code = if (0..=30000).contains(&code) { code } else { Error::UNKNOWN_ERROR.0 };
    match TEXTS.binary_search_by_key(&code, |entry| entry.0) {
        Ok(found) => TEXTS[found].1,
        Err(_) => "UNKNOWN_ERROR",
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({})", self.0)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.text(), self.0)
    }
}

impl std::error::Error for Error {}
