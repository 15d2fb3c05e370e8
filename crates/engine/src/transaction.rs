//! A transaction.
use crate::{ConflictRangeType, Future, KeySelector, MappedRows, RangeOptions, Result, Rows};

/// A transaction. All methods take `&self` and may be called from any thread; they take effect in call order.
/// Void mutations report no error: it shows at the next call that gives a future (deferred errors).
pub struct Transaction {}

#[allow(unused_variables)]
impl Transaction {
    pub fn get(&self, key: &[u8], snapshot: bool) -> Future<Option<Vec<u8>>> {
        todo!()
    }
    pub fn get_key(&self, selector: KeySelector<'_>, snapshot: bool) -> Future<Vec<u8>> {
        todo!()
    }
    pub fn get_range(&self, begin: KeySelector<'_>, end: KeySelector<'_>, options: RangeOptions) -> Future<Rows> {
        todo!()
    }
    pub fn get_mapped_range(
        &self,
        begin: KeySelector<'_>,
        end: KeySelector<'_>,
        mapper: &[u8],
        options: RangeOptions,
    ) -> Future<MappedRows> {
        todo!()
    }
    pub fn get_addresses_for_key(&self, key: &[u8]) -> Future<Vec<String>> {
        todo!()
    }
    pub fn get_estimated_range_size_bytes(&self, begin: &[u8], end: &[u8]) -> Future<i64> {
        todo!()
    }
    pub fn get_range_split_points(&self, begin: &[u8], end: &[u8], chunk_size: i64) -> Future<Vec<Vec<u8>>> {
        todo!()
    }
    pub fn set(&self, key: &[u8], value: &[u8]) {
        todo!()
    }
    pub fn clear(&self, key: &[u8]) {
        todo!()
    }
    pub fn clear_range(&self, begin: &[u8], end: &[u8]) {
        todo!()
    }
    /// `code` is the number of the mutation type.
    pub fn atomic_op(&self, key: &[u8], operand: &[u8], code: i32) {
        todo!()
    }
    /// 2005 at once where `begin > end`; other errors are deferred.
    pub fn add_conflict_range(&self, begin: &[u8], end: &[u8], kind: ConflictRangeType) -> Result<()> {
        todo!()
    }
    pub fn watch(&self, key: &[u8]) -> Future<()> {
        todo!()
    }
    pub fn commit(&self) -> Future<()> {
        todo!()
    }
    pub fn committed_version(&self) -> i64 {
        todo!()
    }
    pub fn versionstamp(&self) -> Future<[u8; 10]> {
        todo!()
    }
    pub fn approximate_size(&self) -> Future<i64> {
        todo!()
    }
    pub fn read_version(&self) -> Future<i64> {
        todo!()
    }
    pub fn set_read_version(&self, version: i64) {
        todo!()
    }
    /// 2007 at once for an unknown code; other errors are deferred.
    pub fn set_option(&self, code: i32, value: Option<&[u8]>) -> Result<()> {
        todo!()
    }
    pub fn on_error(&self, code: i32) -> Future<()> {
        todo!()
    }
    pub fn reset(&self) {
        todo!()
    }
    pub fn cancel(&self) {
        todo!()
    }
    pub fn tag_throttled_duration(&self) -> Future<f64> {
        todo!()
    }
    pub fn total_cost(&self) -> Future<i64> {
        todo!()
    }
}
