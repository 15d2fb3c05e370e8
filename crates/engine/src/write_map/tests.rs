//! The write map against a model that keeps for every key, one by one, what was done to it.

use super::*;
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Step {
    Mutate(Vec<u8>, Operation, bool),
    Clear(Vec<u8>, Vec<u8>, bool),
    Conflict(Vec<u8>, Vec<u8>),
    Hide(Vec<u8>, Vec<u8>),
}

/// What was done to one key.
#[derive(Clone, Default)]
struct KeyModel {
    /// Since the key was last made unmodified; a clear is a `Set` without a value.
    done: Vec<Operation>,
    conflict: bool,
    unreadable: bool,
}

/// Every key of up to two bytes over a small alphabet, in order, below the end of all keys.
fn universe() -> Vec<Vec<u8>> {
    let bytes = [0u8, 1, 0x61, 0xff];
    let mut keys = vec![vec![]];
    keys.extend(bytes.map(|byte| vec![byte]));
    keys.extend(bytes.iter().flat_map(|a| bytes.map(|b| vec![*a, b])));
    keys.sort();
    keys.retain(|key| key.as_slice() < ALL_END);
    keys
}

fn key() -> impl Strategy<Value = Vec<u8>> {
    prop::sample::select(universe())
}

fn operation() -> impl Strategy<Value = Operation> {
    use MutationType::*;
    let value = || prop::collection::vec(prop::sample::select(vec![0u8, 1, 0xff]), 0..3);
    let kinds = vec![Add, And, Or, Xor, AppendIfFits, Max, Min, ByteMin, ByteMax, CompareAndClear];
    prop_oneof![
        3 => value().prop_map(|value| Operation::Set(Some(value))),
        6 => (prop::sample::select(kinds), value()).prop_map(|(kind, operand)| Operation::Atomic(kind, operand)),
        1 => Just(Operation::Atomic(SetVersionstampedValue, vec![0; 14])),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (key(), operation(), any::<bool>()).prop_map(|(key, operation, add)| Step::Mutate(key, operation, add)),
        3 => (key(), key(), any::<bool>()).prop_map(|(a, b, add)| Step::Clear(a, b, add)),
        1 => (key(), key()).prop_map(|(a, b)| Step::Conflict(a, b)),
        1 => (key(), key()).prop_map(|(a, b)| Step::Hide(a, b)),
    ]
}

fn is_stamp(operation: &Operation) -> bool {
    matches!(operation, Operation::Atomic(MutationType::SetVersionstampedValue, _))
}

impl KeyModel {
    fn mutate(&mut self, operation: &Operation, add_conflict: bool) {
        self.conflict |= add_conflict;
        self.unreadable |= is_stamp(operation);
        self.done.push(operation.clone());
    }

    fn clear(&mut self, add_conflict: bool) {
        self.conflict |= add_conflict;
        self.unreadable = false;
        self.done.push(Operation::Set(None));
    }

    /// The value over one of the database.
    fn value(&self, existing: Option<&[u8]>) -> Option<Vec<u8>> {
        let mut value = existing.map(<[u8]>::to_vec);
        for operation in &self.done {
            value = match operation {
                Operation::Set(new) => new.clone(),
                Operation::Atomic(kind, operand) => mutation::apply(*kind, value.as_deref(), operand),
            };
        }
        value
    }
}

/// The value of a key as the map has it.
fn value(segment: &Segment<'_>, existing: Option<&[u8]>) -> Option<Vec<u8>> {
    match segment.kind() {
        SegmentKind::Unmodified => existing.map(<[u8]>::to_vec),
        SegmentKind::Cleared => None,
        SegmentKind::Independent => fold_under(segment.operations(), None).unwrap(),
        SegmentKind::Dependent => fold_under(segment.operations(), existing).unwrap(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]
    #[test]
    fn every_key_is_as_what_was_done_to_it(steps in prop::collection::vec(step(), 1..40)) {
        let universe = universe();
        let mut map = WriteMap::default();
        let mut model = vec![KeyModel::default(); universe.len()];
        for step in &steps {
            match step {
                Step::Mutate(key, operation, add) => map.mutate(key, operation.clone(), *add).unwrap(),
                Step::Clear(a, b, add) if a != b => map.clear(a.min(b), a.max(b), *add),
                Step::Conflict(a, b) if a != b => map.add_conflict_range(a.min(b), a.max(b)),
                Step::Hide(a, b) if a != b => map.make_unreadable(a.min(b), a.max(b)),
                _ => {}
            }
            for (key, model) in universe.iter().zip(&mut model) {
                match step {
                    Step::Mutate(mutated, operation, add) if mutated == key => model.mutate(operation, *add),
                    Step::Clear(a, b, add) if a.min(b) <= key && key < a.max(b) => model.clear(*add),
                    Step::Conflict(a, b) if a.min(b) <= key && key < a.max(b) => model.conflict = true,
                    Step::Hide(a, b) if a.min(b) <= key && key < a.max(b) => {
                        *model = KeyModel { unreadable: true, ..KeyModel::default() };
                    }
                    _ => {}
                }
            }
        }
        for (key, model) in universe.iter().zip(&model) {
            let segment = map.segment(key);
            prop_assert!(*segment.begin() <= **key && **key < *segment.end());
            prop_assert_eq!(segment.is_conflict(), model.conflict, "conflict of {:?}", key);
            prop_assert_eq!(segment.is_unreadable(), model.unreadable, "readability of {:?}", key);
            if !model.unreadable {
                for existing in [None, Some(&b""[..]), Some(b"\x01"), Some(b"\xff\x01\x02")] {
                    prop_assert_eq!(value(&segment, existing), model.value(existing), "{:?} over {:?}", key, existing);
                }
            }
        }

        // The segments cover all keys, one after the other, in both directions.
        let segments: Vec<Segment<'_>> = map.segments(b"", ALL_END).collect();
        prop_assert!(segments[0].begin().is_empty());
        for pair in segments.windows(2) {
            prop_assert_eq!(pair[0].end(), pair[1].begin());
            prop_assert!(pair[1].previous().same(&pair[0]));
        }
        prop_assert!(*segments.last().unwrap().end() >= *ALL_END);
    }
}

#[test]
fn operations_are_folded_only_where_that_loses_nothing() {
    use MutationType::*;
    let atomic = |kind, operand: &[u8]| Operation::Atomic(kind, operand.to_vec());
    let cases: &[(&str, [Operation; 2], usize)] = &[
        ("the same length", [atomic(Add, b"\x01\x00"), atomic(Add, b"\x02\x00")], 1),
        ("another length", [atomic(Add, b"\x01\x00"), atomic(Add, b"\x02")], 2),
        ("appends", [atomic(AppendIfFits, b"a"), atomic(AppendIfFits, b"bc")], 1),
        ("other kinds", [atomic(Add, b"\x01"), atomic(Or, b"\x02")], 2),
        ("comparisons", [atomic(CompareAndClear, b"a"), atomic(CompareAndClear, b"a")], 2),
        ("over a set", [Operation::Set(Some(b"\x01".to_vec())), atomic(Add, b"\x02")], 1),
        ("a set over it", [atomic(Add, b"\x02"), Operation::Set(Some(b"x".to_vec()))], 1),
    ];
    for (name, operations, wanted) in cases {
        let mut map = WriteMap::default();
        for operation in operations {
            map.mutate(b"k", operation.clone(), true).unwrap();
        }
        assert_eq!(map.segment(b"k").operations().len(), *wanted, "{name}");
    }
}

/// Where the segments of a map begin.
fn begins(map: &WriteMap) -> Vec<Vec<u8>> {
    map.segments(b"", ALL_END).map(|segment| segment.begin().into_owned()).collect()
}

#[test]
fn ranges_are_cut_only_where_something_changes() {
    type Change = fn(&mut WriteMap, &[u8], &[u8]);
    let cases: &[(&str, Change)] = &[
        ("conflict", |map, begin, end| map.add_conflict_range(begin, end)),
        ("clear", |map, begin, end| map.clear(begin, end, true)),
        ("clear without conflict", |map, begin, end| map.clear(begin, end, false)),
        ("unreadable", |map, begin, end| map.make_unreadable(begin, end)),
    ];
    for (name, change) in cases {
        let mut map = WriteMap::default();
        change(&mut map, b"b", b"y");
        change(&mut map, b"c", b"d");
        change(&mut map, b"b", b"c");
        change(&mut map, b"d", b"y");
        assert_eq!(begins(&map), [&b""[..], b"b", b"y"], "{name}");
    }
    // Another kind in the middle does cut. What takes its place joins what follows, but not what comes before.
    let mut map = WriteMap::default();
    map.clear(b"b", b"y", true);
    map.make_unreadable(b"c", b"d");
    assert_eq!(begins(&map), [&b""[..], b"b", b"c", b"d", b"y"]);
    map.clear(b"c", b"d", true);
    assert_eq!(begins(&map), [&b""[..], b"b", b"c", b"y"]);
    // A clear without a conflict leaves conflicts, and cuts where they begin and end.
    let mut map = WriteMap::default();
    map.add_conflict_range(b"c", b"d");
    map.clear(b"b", b"y", false);
    let conflicts: Vec<bool> = map.segments(b"", ALL_END).map(|segment| segment.is_conflict()).collect();
    assert_eq!((begins(&map).len(), conflicts), (5, vec![false, false, true, false, false]));
}
