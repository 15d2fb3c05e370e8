//! Who reads from a snapshot, so that they can be made to let go of it when its versions are over.
//!
//! A snapshot keeps every page and every node that was replaced since. A transaction may stay open for as long as its
//! client likes; what it keeps from being used again must not grow for longer than its read version can be read.

use crate::storage::Snapshot;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

/// A transaction, as the database sees it.
pub(crate) trait Reader: Send + Sync {
    /// Lets go of a snapshot of a version before `oldest`, if it has one, and says how many rows it has copied for
    /// that; nothing where it is in use right now and has to be asked again.
    fn let_go(&self, oldest: i64) -> Option<usize>;

    /// Has it read a version of `versions` from `snapshot`, which is the same, from now on; unless it is in use right now.
    fn read_from(&self, versions: &Range<i64>, snapshot: &Arc<dyn Snapshot>);
}

/// The readers of one snapshot.
#[derive(Default)]
pub(crate) struct Readers(Mutex<Places>);

#[derive(Default)]
struct Places {
    taken: Vec<Option<Weak<dyn Reader>>>,
    free: Vec<usize>,
}

impl Readers {
    fn lock(&self) -> MutexGuard<'_, Places> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a reader until the place is dropped.
    pub(crate) fn enter(self: &Arc<Self>, reader: Weak<dyn Reader>) -> ReaderPlace {
        let mut places = self.lock();
        let index = places.free.pop().unwrap_or(places.taken.len());
        match places.taken.get_mut(index) {
            Some(place) => *place = Some(reader),
            None => places.taken.push(Some(reader)),
        }
        drop(places);
        ReaderPlace { readers: self.clone(), index }
    }

    /// Those who read now.
    pub(crate) fn list(&self) -> Vec<Weak<dyn Reader>> {
        self.lock().taken.iter().flatten().cloned().collect()
    }
}

/// A reader's place among the [`Readers`] of its snapshot.
pub(crate) struct ReaderPlace {
    readers: Arc<Readers>,
    index: usize,
}

impl Drop for ReaderPlace {
    fn drop(&mut self) {
        let mut places = self.readers.lock();
        let reader = places.taken.get_mut(self.index).and_then(Option::take);
        places.free.push(self.index);
        drop(places);
        // The memory of a transaction may go with it.
        drop(reader);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Nobody;

    impl Reader for Nobody {
        fn let_go(&self, _: i64) -> Option<usize> {
            Some(0)
        }

        fn read_from(&self, _: &Range<i64>, _: &Arc<dyn Snapshot>) {}
    }

    #[test]
    fn a_place_is_free_again_when_its_reader_has_left() {
        let readers = Arc::new(Readers::default());
        let somebody = Arc::new(Nobody);
        let enter = || readers.enter(Arc::downgrade(&somebody) as Weak<dyn Reader>);
        for _ in 0..100 {
            let (first, second) = (enter(), enter());
            assert_eq!(readers.list().len(), 2);
            drop(first);
            assert_eq!(readers.list().len(), 1);
            drop(second);
        }
        assert!(readers.list().is_empty());
        assert_eq!((readers.lock().taken.len(), Arc::weak_count(&somebody)), (2, 0));
    }
}
