//! Values that tuple layers have got wrong, each with the bytes of the official Python binding.
#![allow(clippy::expect_used, clippy::panic)]

use found::tuple::{
    Element, Subspace, TupleError, Versionstamp, equal_range, has_incomplete_versionstamp, next_prefix, pack,
    pack_with_versionstamp, range, unpack, unpack_readable,
};
use num_bigint::BigInt;

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("hex")).collect()
}

/// An integer times a power of 256.
fn shifted(value: i64, bytes: u32) -> BigInt {
    BigInt::from(value) << (8 * bytes)
}

fn check(element: impl Into<Element>, bytes: &str) {
    let element = element.into();
    assert_eq!(pack(std::slice::from_ref(&element)).expect("packs"), hex(bytes), "{element:?}");
    assert_eq!(unpack(&hex(bytes)).expect("unpacks"), [element]);
}

fn tuple(items: impl Into<Vec<Element>>) -> Element {
    Element::Tuple(items.into())
}

#[test]
fn the_largest_integer_of_8_bytes_is_written_as_python_does_and_read_both_ways() {
    let largest = BigInt::from(u64::MAX);
    check(largest.clone(), "1d08ffffffffffffffff");
    check(-&largest, "0bf70000000000000000");
    assert_eq!(unpack(&hex("1cffffffffffffffff")).expect("Java's form"), [largest.clone().into()]);
    assert_eq!(unpack(&hex("0c0000000000000000")).expect("Java's form"), [(-&largest).into()]);
    let near = [&largest - 1, largest.clone(), &largest + 1];
    let packed = near.clone().map(|value| pack(&[value.into()]).expect("packs"));
    assert!(packed.is_sorted());
    let packed = near.map(|value| pack(&[(-value).into()]).expect("packs"));
    assert!(packed.iter().rev().is_sorted());
}

#[test]
fn negative_integers_keep_the_zeros_their_complement_begins_with() {
    check(-shifted(0xff, 8), "0bf600ffffffffffffffff");
    let ones: BigInt = shifted(1, 9) - 1;
    check(-ones, "0bf6000000000000000000");
    check(-255, "1300");
    check(-256, "12feff");
    check(-257, "12fefe");
    check(-1, "13fe");
    check(-5_551_212, "11ab4b93");
    check(i64::MIN, "0c7fffffffffffffff");
}

#[test]
fn integers_of_every_length_keep_value_and_order() {
    let mut values = Vec::new();
    for bytes in 1u32..=255 {
        let power = shifted(1, bytes);
        let lead = shifted(0xff, bytes - 1);
        let edges = [power.clone() - 1, lead, if bytes < 255 { power } else { BigInt::from(0) }];
        values.extend(edges.iter().cloned().chain(edges.iter().map(|value| -value)));
    }
    values.sort();
    let packed: Vec<_> = values.iter().map(|value| pack(&[value.clone().into()]).expect("packs")).collect();
    assert!(packed.is_sorted());
    for (value, packed) in values.into_iter().zip(packed) {
        assert_eq!(unpack(&packed).expect("unpacks"), [value.into()]);
    }
}

#[test]
fn integers_of_more_than_255_bytes_are_refused_and_named() {
    let largest: BigInt = shifted(1, 255) - 1;
    for value in [largest.clone(), -&largest] {
        let packed = pack(&[value.clone().into()]).expect("fits");
        assert_eq!(unpack(&packed).expect("unpacks"), [value.into()]);
    }
    let beyond: BigInt = &largest + 1;
    for value in [beyond.clone(), -beyond] {
        let error = pack(&[Element::Null, tuple([0.into(), value.into()])]).expect_err("too large");
        assert_eq!(error, TupleError::IntegerTooLarge { path: vec![1, 1], bytes: 256 });
    }
}

#[test]
fn floats_are_a_type_after_all_integers() {
    check(1, "1501");
    check(1.5, "21bff8000000000000");
    let half = pack(&[0.5.into()]).expect("packs");
    assert!(half > pack(&[1.into()]).expect("packs"));
    assert!(half > pack(&[i64::MAX.into()]).expect("packs"));
}

#[test]
fn zero_and_minus_zero_are_different_keys() {
    check(-0.0, "217fffffffffffffff");
    check(0.0, "218000000000000000");
    check(0, "14");
    let [Element::Double(zero)] = unpack(&hex("217fffffffffffffff")).expect("unpacks")[..] else {
        panic!("not a double");
    };
    assert!(zero.is_sign_negative());
}

#[test]
fn nans_keep_every_bit() {
    for bits in [0x7ff8_0000_0000_0000u64, 0xfff8_0000_0000_0000, 0x7ff0_0000_0000_0001, 0xfff0_dead_beef_0001] {
        let packed = pack(&[f64::from_bits(bits).into()]).expect("packs");
        let [Element::Double(back)] = unpack(&packed).expect("unpacks")[..] else { panic!("not a double") };
        assert_eq!(back.to_bits(), bits);
    }
    for bits in [0x7fc0_0000u32, 0xffc0_0000, 0x7f80_0001, 0xff80_1234] {
        let packed = pack(&[f32::from_bits(bits).into()]).expect("packs");
        let [Element::Float(back)] = unpack(&packed).expect("unpacks")[..] else { panic!("not a float") };
        assert_eq!(back.to_bits(), bits);
    }
    check(f64::from_bits(0x7ff8_0000_0000_0000), "21fff8000000000000");
    assert!(Element::from(f64::from_bits(0xfff8_0000_0000_0000)) < Element::from(f64::NEG_INFINITY));
}

#[test]
fn floats_of_32_bits_are_a_type_of_their_own() {
    check(-42f32, "203dd7ffff");
}

#[test]
fn codes_that_nobody_may_write_are_errors_that_say_where() {
    let reserved = [0x03, 0x04, 0x0a, 0x1e, 0x1f, 0x22, 0x23, 0x24, 0x25, 0x31, 0x32, 0x34, 0xf0, 0xfe, 0xff];
    for code in reserved.into_iter().chain(0x40..=0x4f) {
        let bytes = [0x15, 0x07, code, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        let error = TupleError::UnknownCode { code, offset: 2 };
        assert_eq!(unpack(&bytes), Err(error.clone()));
        assert_eq!(unpack_readable(&bytes), (vec![7.into()], 2, Some(error.clone())));
        let nested = [&[0x05][..], &bytes].concat();
        assert_eq!(unpack(&nested), Err(TupleError::UnknownCode { code, offset: 3 }));
        assert_eq!(unpack_readable(&nested).1, 0);
    }
}

#[test]
fn surrogates_without_a_partner_are_never_altered_but_refused() {
    for (units, index) in
        [(vec![0xd83d], 0), (vec![0xdd25, 0xd83d], 0), (vec![0x61, 0xd800, 0x62], 1), (vec![0xd83d, 0xdd25, 0xdd25], 2)]
    {
        assert_eq!(Element::text_from_utf16(&units), Err(TupleError::LoneSurrogate { index }));
    }
    assert_eq!(Element::text_from_utf16(&[0xd83d, 0xdd25]).as_deref(), Ok("\u{1F525}"));
    assert_eq!(unpack(&hex("02eda0beedb5af00")), Err(TupleError::InvalidUtf8 { offset: 0 }));
    assert_eq!(unpack(&hex("1402ff00")), Err(TupleError::InvalidUtf8 { offset: 1 }));
    assert_eq!(unpack(&hex("1402c300")), Err(TupleError::InvalidUtf8 { offset: 1 }));
}

#[test]
fn text_sorts_by_utf8_not_by_utf16() {
    check("\u{1F525}", "02f09f94a500");
    check("\u{FF04}", "02efbc8400");
    assert!(Element::from("\u{1F525}") > Element::from("\u{FF04}"));
}

#[test]
fn null_is_escaped_within_tuples_only() {
    check(Element::Null, "00");
    check(tuple([]), "0500");
    check(tuple([Element::Null]), "0500ff00");
    check(tuple([Element::Null, Element::Null]), "0500ff00ff00");
    check(tuple([tuple([Element::Null])]), "050500ff0000");
    check(tuple([tuple([]), tuple([])]), "050500050000");
    check(tuple([tuple([]), Element::Null]), "05050000ff00");
    check(tuple([Element::Null, Element::Bytes(vec![0xff, 0x01])]), "0500ff01ff010000");
    check(tuple([b"foo\0bar"[..].into(), Element::Null, tuple([])]), "0501666f6f00ff6261720000ff050000");
}

#[test]
fn an_equal_range_holds_no_longer_text_bytes_or_tuple() {
    let holds = |tuple: &[Element], other: &[Element]| {
        let (begin, end) = equal_range(&pack(tuple).expect("packs"));
        let key = pack(other).expect("packs");
        begin <= key && key < end
    };
    for (value, longer) in [
        (Element::from("alice"), Element::from("alice\0bob")),
        ("a".into(), "a\0".into()),
        ("a".into(), "a\0b".into()),
        (vec![0x61].into(), vec![0x61, 0].into()),
        (vec![0x61].into(), vec![0x61, 0, 0xff].into()),
        (tuple([1.into()]), tuple([1.into(), Element::Null])),
    ] {
        assert!(holds(std::slice::from_ref(&value), std::slice::from_ref(&value)));
        assert!(holds(std::slice::from_ref(&value), &[value.clone(), Element::Null]));
        assert!(holds(std::slice::from_ref(&value), &[value.clone(), longer.clone()]));
        assert!(!holds(std::slice::from_ref(&value), std::slice::from_ref(&longer)));
        assert!(!holds(std::slice::from_ref(&longer), std::slice::from_ref(&value)));
    }
}

#[test]
fn a_range_holds_what_goes_on_after_the_tuple() {
    assert_eq!(range(&[1.into()]), Ok((hex("150100"), hex("1501ff"))));
    assert_eq!(range(&[]), Ok((vec![0], vec![0xff])));
}

#[test]
fn the_next_prefix_is_the_first_key_that_does_not_begin_so() {
    assert_eq!(next_prefix(b"a"), Ok(b"b".to_vec()));
    assert_eq!(next_prefix(&[0x61, 0xff, 0xff]), Ok(b"b".to_vec()));
    assert_eq!(next_prefix(&[0xfe]), Ok(vec![0xff]));
    assert_eq!(next_prefix(&[0xff, 0xff]), Err(TupleError::NoNextPrefix));
    assert_eq!(next_prefix(&[]), Err(TupleError::NoNextPrefix));
}

#[test]
fn the_offset_of_an_incomplete_versionstamp_is_found_at_any_depth_and_behind_any_prefix() {
    let stamp = Element::Versionstamp(Versionstamp::incomplete(7));
    for nesting in 0..4 {
        let item = (0..nesting).fold(stamp.clone(), |inner, _| tuple(["a".into(), inner]));
        for length in 0..=300 {
            let prefix = vec![0x2a; length];
            let packed = pack_with_versionstamp(&prefix, &[item.clone(), 1.into()]).expect("one stamp");
            let (key, offset) = packed.split_at(packed.len() - 4);
            let offset = u32::from_le_bytes(offset.try_into().expect("4 bytes")) as usize;
            assert_eq!(key[offset - 1], 0x33);
            assert_eq!(key[offset..offset + 12], hex("ffffffffffffffffffff0007"));
            assert_eq!(unpack(&key[length..]).expect("unpacks"), [item.clone(), 1.into()]);
        }
    }
}

#[test]
fn exactly_one_incomplete_versionstamp_is_wanted() {
    let stamp = || Element::Versionstamp(Versionstamp::incomplete(0));
    let complete = Element::Versionstamp(Versionstamp::new(*b"0123456789", 0));
    assert_eq!(pack(&[stamp()]), Err(TupleError::IncompleteVersionstamp));
    assert_eq!(pack(&[tuple([stamp()])]), Err(TupleError::IncompleteVersionstamp));
    assert_eq!(pack_with_versionstamp(b"", std::slice::from_ref(&complete)), Err(TupleError::NoIncompleteVersionstamp));
    assert_eq!(pack_with_versionstamp(b"", &[]), Err(TupleError::NoIncompleteVersionstamp));
    let two = [stamp(), tuple([stamp()])];
    assert_eq!(pack_with_versionstamp(b"", &two), Err(TupleError::MultipleIncompleteVersionstamps));
    assert!(has_incomplete_versionstamp(&two));
    assert!(has_incomplete_versionstamp(&[tuple([tuple([stamp()])])]));
    assert!(!has_incomplete_versionstamp(std::slice::from_ref(&complete)));
    // Ten ff bytes are an incomplete stamp wherever they come from.
    let packed = pack_with_versionstamp(b"", &[stamp()]).expect("one stamp");
    assert!(has_incomplete_versionstamp(&unpack(&packed[..packed.len() - 4]).expect("unpacks")));
    assert!(complete < stamp());
}

#[test]
fn bytes_that_end_within_an_item_are_errors() {
    for (bytes, offset) in [
        ("1c", 0),
        ("02616263", 0),
        ("05", 0),
        ("1405", 1),
        ("140514050000ff", 1),
        ("0100ff", 0),
        ("1d", 0),
        ("1d09ffffffffffffffff", 0),
        ("0b", 0),
        ("0bf6000000", 0),
        ("20000000", 0),
        ("2100000000000000", 0),
        ("30000102030405060708090a0b0c0d0e", 0),
        ("330000000000000000000000", 0),
    ] {
        assert_eq!(unpack(&hex(bytes)), Err(TupleError::Truncated { offset }), "{bytes}");
    }
}

#[test]
fn uuids_and_truth_values_keep_all_their_bytes() {
    for uuid in [[0u8; 16], [0xff; 16], [0x30; 16], *b"\0\xff\x30\0\xff\x30\0\xff\x30\0\xff\x30\0\xff\x30\0"] {
        let element = Element::Uuid(uuid::Uuid::from_bytes(uuid));
        let items = [tuple([element.clone(), true.into(), false.into()]), element];
        assert_eq!(unpack(&pack(&items).expect("packs")).expect("unpacks"), items);
    }
    check(tuple([true.into(), false.into()]), "05272600");
}

#[test]
fn a_subspace_adds_and_takes_off_its_prefix() {
    let outer = Subspace::new(*b"raw");
    let inner = outer.subspace(&["users".into()]).expect("packs");
    let key = inner.pack(&[42.into()]).expect("packs");
    assert_eq!(key, [b"raw\x02users\0".as_slice(), &hex("152a")].concat());
    assert_eq!(inner.unpack(&key), Ok(vec![42.into()]));
    assert!(inner.contains(&key) && outer.contains(&key));
    assert_eq!(inner.unpack(b"other"), Err(TupleError::NotInSubspace));
    let (begin, end) = inner.range();
    assert!(begin <= key && key < end);
    let stamped = inner.pack_with_versionstamp(&[Element::Versionstamp(Versionstamp::incomplete(0))]).expect("packs");
    assert_eq!(stamped[stamped.len() - 4..], [11, 0, 0, 0]);
}
