//! The error of this crate.
//!
//! - A FoundationDB error keeps its number; name, text and predicates follow from the number and are FoundationDB's.
//! - Errors of our own have upper-case names that begin with `FOUND_`, and no number unless FoundationDB has one for
//!   the same thing.
//! - Nothing is turned into text early: what caused an error is its [`source`](std::error::Error::source).

use crate::error_names::NAMES;
use crate::stores::StoreError;
use crate::tuple::TupleError;
use foundationdb::FdbError;
use std::fmt;

/// What a call of this crate gives: a value or an [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a call failed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// FoundationDB answered with an error code.
    Fdb {
        /// The number, such as 1020.
        code: i32,
        /// What was being done, where the number alone would not tell: an option's name, a missing step.
        context: Option<String>,
    },
    /// The database could not be opened.
    Open {
        /// The FoundationDB error closest to it.
        code: i32,
        /// What is wrong and what to do about it.
        message: String,
    },
    /// An argument that no call can make sense of. Nothing was done.
    InvalidArgument {
        /// The argument's name.
        argument: &'static str,
        /// What is wrong with it.
        message: String,
    },
    /// A write in a snapshot transaction. Nothing was done.
    ReadOnly {
        /// The call that was refused.
        operation: &'static str,
    },
    /// A tuple could not be packed or unpacked.
    Tuple(TupleError),
    /// A store refused.
    Store(Box<StoreError>),
    /// The database was closed before.
    Closed,
}

impl Error {
    /// The error of a FoundationDB code.
    pub const fn fdb(code: i32) -> Error {
        Error::Fdb { code, context: None }
    }

    pub(crate) fn argument(argument: &'static str, message: impl Into<String>) -> Error {
        Error::InvalidArgument { argument, message: message.into() }
    }

    /// The same error, saying what was being done; unchanged if it is not FoundationDB's or says so already.
    pub(crate) fn with_context(self, what: impl Into<String>) -> Error {
        match self {
            Error::Fdb { code, context: None } => Error::Fdb { code, context: Some(what.into()) },
            other => other,
        }
    }

    /// FoundationDB's number, where there is one.
    pub fn errno(&self) -> Option<i32> {
        match self {
            Error::Fdb { code, .. } | Error::Open { code, .. } => Some(*code),
            Error::ReadOnly { .. } => Some(2023),
            Error::InvalidArgument { .. } | Error::Tuple(_) | Error::Store(_) | Error::Closed => None,
        }
    }

    /// The symbolic name: FoundationDB's (`not_committed`) or one of our own (`FOUND_CLOSED`). Names do not change.
    pub fn name(&self) -> &'static str {
        match self {
            Error::Fdb { code, .. } | Error::Open { code, .. } => name_of_code(*code),
            Error::ReadOnly { .. } => "transaction_read_only",
            Error::InvalidArgument { .. } => "FOUND_INVALID_ARGUMENT",
            Error::Tuple(_) => "FOUND_TUPLE",
            Error::Store(error) => error.code,
            Error::Closed => "FOUND_CLOSED",
        }
    }

    /// Whether running the whole transaction again may help (predicate 50000).
    pub fn is_retryable(&self) -> bool {
        self.retry_code().is_some_and(|code| FdbError::from_code(code).is_retryable())
    }

    /// Whether the transaction may have committed although this error came (predicate 50001).
    pub fn is_maybe_committed(&self) -> bool {
        self.retry_code().is_some_and(|code| FdbError::from_code(code).is_maybe_committed())
    }

    /// Whether the transaction has not committed, and running it again may help (predicate 50002).
    pub fn is_retryable_not_committed(&self) -> bool {
        self.retry_code().is_some_and(|code| FdbError::from_code(code).is_retryable_not_committed())
    }

    /// The code that `on_error` decides on: only what FoundationDB itself raised in a transaction can be retried.
    pub(crate) fn retry_code(&self) -> Option<i32> {
        match self {
            Error::Fdb { code, .. } => Some(*code),
            _ => None,
        }
    }

    /// The FoundationDB error in `error` or in anything that caused it, however deeply wrapped.
    pub fn find_in<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a Error> {
        let mut next = Some(error);
        while let Some(error) = next {
            if let Some(found @ Error::Fdb { .. }) = error.downcast_ref::<Error>() {
                return Some(found);
            }
            next = error.source();
        }
        None
    }
}

/// The symbolic name of a code; `unknown_error` for one that FoundationDB 7.3 does not define.
pub fn name_of_code(code: i32) -> &'static str {
    match NAMES.binary_search_by_key(&code, |entry| entry.0) {
        Ok(index) => NAMES[index].1,
        Err(_) => "unknown_error",
    }
}

/// The number of a symbolic name.
pub fn code_of_name(name: &str) -> Option<i32> {
    NAMES.iter().find(|entry| entry.1 == name).map(|entry| entry.0)
}

/// What FoundationDB says of a code.
pub fn text_of_code(code: i32) -> &'static str {
    FdbError::from_code(code).message()
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Fdb { code, context: None } => write!(f, "{} ({code})", text_of_code(*code)),
            Error::Fdb { code, context: Some(what) } => write!(f, "{} ({code}): {what}", text_of_code(*code)),
            Error::Open { message, .. } => f.write_str(message),
            Error::InvalidArgument { argument, message } => write!(f, "{argument}: {message}"),
            Error::ReadOnly { operation } => {
                write!(f, "a snapshot transaction only reads: {operation} is refused")
            }
            Error::Tuple(_) => f.write_str("tuple layer"),
            Error::Store(error) => error.fmt(f),
            Error::Closed => f.write_str("the database is closed"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Tuple(error) => Some(error),
            _ => None,
        }
    }
}

impl From<FdbError> for Error {
    fn from(error: FdbError) -> Error {
        Error::fdb(error.code())
    }
}

impl From<TupleError> for Error {
    fn from(error: TupleError) -> Error {
        Error::Tuple(error)
    }
}
