//! Properties of the tuple layer that hold for every tuple and for any bytes.
#![allow(clippy::expect_used, clippy::panic)]

use found::tuple::{Element, MAX_DEPTH, Packer, Versionstamp, equal_range, pack, unpack, unpack_readable};
use num_bigint::{BigInt, Sign};
use proptest::collection::vec;
use proptest::prelude::*;
use uuid::Uuid;

fn integer() -> impl Strategy<Value = Element> {
    prop_oneof![
        any::<i64>().prop_map(Element::Int),
        (-300i64..300).prop_map(Element::Int),
        (any::<bool>(), vec(any::<u8>(), 0..=255)).prop_map(|(negative, magnitude)| {
            let sign = if negative { Sign::Minus } else { Sign::Plus };
            Element::from_bigint(BigInt::from_bytes_be(sign, &magnitude))
        }),
        // Lengths change at these, and leading ff bytes complement to zeros.
        (any::<bool>(), 1u32..=255, -1i32..=1).prop_map(|(negative, bytes, off)| {
            let edge: BigInt = (BigInt::from(1) << (8 * bytes)) - 1 + if bytes < 255 { off } else { off.min(0) };
            Element::from_bigint(if negative { -edge } else { edge })
        }),
    ]
}

fn element() -> impl Strategy<Value = Element> {
    let zeros_and_ends = prop_oneof![Just(0u8), Just(0xff), Just(1), any::<u8>()];
    let leaf = prop_oneof![
        Just(Element::Null),
        vec(zeros_and_ends, 0..6).prop_map(Element::Bytes),
        any::<String>().prop_map(Element::String),
        "[\0a\u{ff04}\u{1f525}]{0,4}".prop_map(Element::String),
        integer(),
        any::<u32>().prop_map(|bits| Element::Float(f32::from_bits(bits))),
        any::<u64>().prop_map(|bits| Element::Double(f64::from_bits(bits))),
        any::<bool>().prop_map(Element::Bool),
        any::<[u8; 16]>().prop_map(|bytes| Element::Uuid(Uuid::from_bytes(bytes))),
        (any::<[u8; 10]>(), any::<u16>())
            .prop_map(|(transaction, user)| { Element::Versionstamp(Versionstamp::new(transaction, user)) }),
    ];
    leaf.prop_recursive(5, 24, 5, |inner| vec(inner, 0..5).prop_map(Element::Tuple))
}

fn tuple() -> impl Strategy<Value = Vec<Element>> {
    vec(element(), 0..5)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn unpacking_gives_back_what_was_packed(items in tuple()) {
        let packed = pack(&items).expect("no incomplete stamp is generated");
        let unpacked = unpack(&packed).expect("readable");
        prop_assert_eq!(format!("{:?}", &unpacked), format!("{:?}", &items));
        prop_assert_eq!(pack(&unpacked).expect("the same"), packed);
    }

    #[test]
    fn bytes_sort_as_items_do(left in tuple(), right in tuple()) {
        let (a, b) = (pack(&left).expect("packed"), pack(&right).expect("packed"));
        prop_assert_eq!(left.cmp(&right), a.cmp(&b));
    }

    #[test]
    fn near_tuples_sort_as_items_do(common in tuple(), left in element(), right in element(), rest in tuple()) {
        let nest = |last: Element| {
            let mut items = common.clone();
            items.push(last);
            [vec![Element::Tuple(items)], rest.clone()].concat()
        };
        let (left, right) = (nest(left), nest(right));
        let (a, b) = (pack(&left).expect("packed"), pack(&right).expect("packed"));
        prop_assert_eq!(left.cmp(&right), a.cmp(&b));
    }

    #[test]
    fn the_equal_range_holds_exactly_the_tuples_that_begin_so(first in tuple(), other in tuple(), tail in tuple()) {
        let (begin, end) = equal_range(&pack(&first).expect("packed"));
        let inside = |items: &[Element]| {
            let key = pack(items).expect("packed");
            begin <= key && key < end
        };
        prop_assert!(inside(&first));
        prop_assert!(inside(&[first.clone(), tail.clone()].concat()));
        prop_assert_eq!(inside(&other), other.starts_with(&first));
    }

    #[test]
    fn any_bytes_give_items_or_an_error(bytes in vec(any::<u8>(), 0..64)) {
        let (items, read, error) = unpack_readable(&bytes);
        prop_assert!(read <= bytes.len());
        prop_assert_eq!(error.is_none(), read == bytes.len());
        prop_assert_eq!(unpack(&bytes[..read]).expect("was read"), items);
    }

    #[test]
    fn bytes_that_look_packed_give_items_or_an_error(
        bytes in vec(prop_oneof![0u8..=0x35, Just(0xff), Just(5u8), Just(0u8)], 0..64),
    ) {
        let (items, read, error) = unpack_readable(&bytes);
        prop_assert_eq!(error.is_none(), read == bytes.len());
        prop_assert_eq!(unpack(&bytes[..read]).expect("was read"), items);
    }

    #[test]
    fn what_is_packed_after_a_rewind_is_as_if_nothing_had_been(before in tuple(), gone in tuple(), after in tuple()) {
        let mut packer = Packer::new();
        packer.elements(&before).expect("packed");
        let mark = packer.mark();
        packer.elements(&gone).expect("packed").begin_tuple().expect("shallow");
        packer.rewind(mark);
        packer.elements(&after).expect("packed");
        prop_assert_eq!(packer.finish().expect("complete"), pack(&[before, after].concat()).expect("packed"));
    }
}

#[test]
fn nesting_stops_at_the_limit_both_ways() {
    let nested = |depth| (0..depth).fold(Element::Null, |inner, _| Element::Tuple(vec![inner]));
    let deepest = pack(&[nested(MAX_DEPTH)]).expect("at the limit");
    assert_eq!(unpack(&deepest).expect("at the limit"), [nested(MAX_DEPTH)]);
    assert!(pack(&[nested(MAX_DEPTH + 1)]).is_err());
    assert!(unpack(&[5; 100_000]).is_err());
}
