//! What operations cost, in bytes of whole pages, as FoundationDB's throttling counts them
//! (`fdbclient/NativeAPI.actor.h`). Writes cost four times what reads do; a clear, whatever its size, one page.

use crate::commit::Mutation;
use crate::rows::Rows;

/// `TAG_THROTTLING_PAGE_SIZE`.
const PAGE: usize = 4096;
/// `GLOBAL_TAG_THROTTLING_RW_FUNGIBILITY_RATIO`.
const WRITE_FACTOR: usize = 4;
/// What a row counts beside its key and value (`sizeof(KeyValueRef)`).
const ROW_OVERHEAD: usize = 24;

fn pages(bytes: usize) -> usize {
    bytes.div_ceil(PAGE).max(1)
}

/// The cost of one request to the database that read so many bytes.
pub(crate) fn of_read(bytes: usize) -> i64 {
    (pages(bytes) * PAGE) as i64
}

/// The cost of reading rows.
pub(crate) fn of_rows(rows: &Rows) -> i64 {
    of_read(ROW_OVERHEAD * rows.len() + rows.bytes())
}

/// The cost of a change, when it is sent.
pub(crate) fn of_mutation(mutation: &Mutation) -> i64 {
    let bytes = match mutation {
        Mutation::Set(key, value) => key.len() + value.len(),
        // Its operand does not count.
        Mutation::Atomic(_, key, _) => key.len(),
        Mutation::ClearRange(..) => return PAGE as i64,
    };
    (pages(bytes) * PAGE * WRITE_FACTOR) as i64
}
