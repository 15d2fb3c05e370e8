//! The tuple layer equals the official Python binding's, both ways, byte for byte.
//!
//! `data/tuples.jsonl` was packed by that binding, one tuple a line.
#![allow(clippy::expect_used, clippy::panic)]

use found::tuple::{Element, Packer, Reader, Versionstamp, unpack};
use serde_json::Value;

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("hex")).collect()
}

fn text(value: &Value) -> &str {
    value.as_str().expect("text")
}

fn element(item: &Value) -> Element {
    match text(&item[0]) {
        "null" => Element::Null,
        "int" => Element::from_bigint(text(&item[1]).parse().expect("integer")),
        "double" => Element::Double(f64::from_bits(u64::from_str_radix(text(&item[1]), 16).expect("bits"))),
        "float" => Element::Float(f32::from_bits(u32::from_str_radix(text(&item[1]), 16).expect("bits"))),
        "str" => Element::String(text(&item[1]).to_owned()),
        "bytes" => Element::Bytes(hex(text(&item[1]))),
        "bool" => Element::Bool(item[1].as_bool().expect("bool")),
        "uuid" => Element::Uuid(text(&item[1]).parse().expect("uuid")),
        "versionstamp" => {
            let stamp = hex(text(&item[1])).try_into().expect("10 bytes");
            Element::Versionstamp(Versionstamp::new(stamp, item[2].as_u64().expect("number") as u16))
        }
        "tuple" => Element::Tuple(elements(&item[1])),
        other => panic!("unknown item type {other}"),
    }
}

fn elements(items: &Value) -> Vec<Element> {
    items.as_array().expect("items").iter().map(element).collect()
}

fn vectors() -> Vec<(Vec<Element>, Vec<u8>)> {
    include_str!("data/tuples.jsonl")
        .lines()
        .map(|line| {
            let vector: Value = serde_json::from_str(line).expect("json");
            (elements(&vector["items"]), hex(text(&vector["packed"])))
        })
        .collect()
}

#[test]
fn packing_gives_the_bytes_of_the_official_binding() {
    for (items, packed) in vectors() {
        let mut packer = Packer::new();
        packer.elements(&items).expect("fits");
        // The binding packs incomplete versionstamps here as well, so the finished check is left out.
        assert_eq!(packer.as_slice(), packed, "{items:?}");
    }
}

#[test]
fn unpacking_gives_the_items_of_the_official_binding() {
    for (items, packed) in vectors() {
        let unpacked = unpack(&packed).expect("readable");
        assert_eq!(unpacked, items);
        // Equality of elements is by value; the variants must be the same as well.
        assert_eq!(format!("{unpacked:?}"), format!("{items:?}"));
    }
}

#[test]
fn raw_items_lie_one_after_the_other() {
    for (items, packed) in vectors() {
        let mut reader = Reader::new(&packed);
        let raw: Vec<&[u8]> = std::iter::from_fn(|| reader.raw()).map(|item| item.expect("readable")).collect();
        assert_eq!(raw.concat(), packed);
        assert_eq!(raw.len(), items.len());
        for (raw, item) in raw.iter().zip(&items) {
            assert_eq!(&unpack(raw).expect("readable"), std::slice::from_ref(item));
        }
    }
}

#[test]
fn the_order_of_bytes_is_the_order_of_items() {
    let vectors = vectors();
    for (left, right) in vectors.iter().zip(vectors.iter().skip(1)) {
        assert_eq!(left.0.cmp(&right.0), left.1.cmp(&right.1), "{left:?} {right:?}");
    }
}

#[test]
fn every_cut_gives_the_first_items_or_an_error() {
    for (items, packed) in vectors().into_iter().take(1000) {
        for end in 0..packed.len() {
            if let Ok(cut) = unpack(&packed[..end]) {
                // A cut behind an escaped zero byte leaves shorter bytes or text; all items before are whole.
                assert!(cut.len() <= items.len());
                let whole = cut.len().saturating_sub(1);
                assert_eq!(cut[..whole], items[..whole]);
                let mut packer = Packer::new();
                assert_eq!(packer.elements(&cut).expect("fits").as_slice(), &packed[..end]);
            }
        }
    }
}
