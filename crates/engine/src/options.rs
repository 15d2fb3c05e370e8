//! The parameters of a range read and the kinds of conflict range.

/// How many bytes one range read may return before it stops with [`Rows::more`](crate::Rows::more).
/// The numbers are those of `FDBStreamingMode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamingMode {
    /// -2: 80,000 bytes.
    WantAll,
    /// -1: grows with the iteration, from 4,096 to 120,000 bytes.
    Iterator,
    /// 0: only the limits given; one of them must be.
    Exact,
    /// 1: 256 bytes.
    Small,
    /// 2: 1,000 bytes.
    Medium,
    /// 3: 4,096 bytes.
    Large,
    /// 4: 80,000 bytes.
    Serial,
}

impl StreamingMode {
    /// The mode of a number of the C API.
    pub fn from_code(code: i32) -> Option<Self> {
        Some(match code {
            -2 => Self::WantAll,
            -1 => Self::Iterator,
            0 => Self::Exact,
            1 => Self::Small,
            2 => Self::Medium,
            3 => Self::Large,
            4 => Self::Serial,
            _ => return None,
        })
    }
}

/// The parameters of [`Transaction::get_range`](crate::Transaction::get_range).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RangeOptions {
    /// At most so many rows; 0 is no limit.
    pub limit: i32,
    /// Stop after so many bytes; 0 is no limit beside that of `mode`.
    pub target_bytes: i32,
    /// The byte limit in FoundationDB's steps.
    pub mode: StreamingMode,
    /// For [`StreamingMode::Iterator`]: the how-manieth read of the iteration this is, from 1.
    pub iteration: i32,
    /// A snapshot read: adds no read conflict range.
    pub snapshot: bool,
    /// From the end of the range backwards.
    pub reverse: bool,
}

impl Default for RangeOptions {
    fn default() -> Self {
        RangeOptions {
            limit: 0,
            target_bytes: 0,
            mode: StreamingMode::WantAll,
            iteration: 1,
            snapshot: false,
            reverse: false,
        }
    }
}

/// What a range given to [`Transaction::add_conflict_range`](crate::Transaction::add_conflict_range) counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConflictRangeType {
    /// As if the transaction had read the range.
    Read,
    /// As if the transaction had written the range.
    Write,
}
