//! The mapper of a mapped range read: makes the key of the second read from a row of the first.
//!
//! A mapper is a packed tuple. Its elements are taken as they are, but for strings: `{K[i]}` and `{V[i]}` stand for the
//! element `i` of the row's key or value, which must then be a tuple; `{...}`, as the last one, makes the key a prefix;
//! `{{` and `}}` stand for single braces.

use crate::error::{Error, Result};
use crate::tuple_elements::{bytes_element, split, string};

/// A mapper that was read.
#[derive(Debug)]
pub(crate) struct Mapper {
    parts: Vec<Part>,
    /// Whether what it makes is a prefix: whether it ends with `{...}`.
    pub(crate) is_prefix: bool,
}

#[derive(Debug)]
enum Part {
    Element(Vec<u8>),
    /// An element of the row's key; nothing where the index is no number.
    OfKey(Option<usize>),
    OfValue(Option<usize>),
}

impl Mapper {
    /// Reads a mapper. Errors: 2043 if it is no tuple, 2032 if `{...}` is not its last element.
    pub(crate) fn new(mapper: &[u8]) -> Result<Mapper> {
        let elements = split(mapper).ok_or(Error::MAPPER_NOT_TUPLE)?;
        let mut parts = Vec::with_capacity(elements.len());
        let mut is_prefix = false;
        for (index, element) in elements.iter().enumerate() {
            let Some(text) = string(element) else {
                parts.push(Part::Element(element.to_vec()));
                continue;
            };
            let unescaped = replaced(&replaced(&text, b"{{", b'{'), b"}}", b'}');
            if unescaped.len() != text.len() {
                parts.push(Part::Element(bytes_element(&unescaped)));
            } else if let Some(part) = placeholder(&text) {
                parts.push(part);
            } else if text == b"{...}" {
                if index + 1 != elements.len() {
                    return Err(Error::MAPPER_BAD_RANGE_DESCRIPTOR);
                }
                is_prefix = true;
            } else {
                parts.push(Part::Element(element.to_vec()));
            }
        }
        Ok(Mapper { parts, is_prefix })
    }

    /// The key that a row leads to. Errors: 2041 or 2042 if its key or its value is needed and is no tuple, 2030 if it
    /// has no such element.
    pub(crate) fn key(&self, key: &[u8], value: &[u8]) -> Result<Vec<u8>> {
        // Only what is used has to be a tuple.
        let (mut of_key, mut of_value) = (None, None);
        let mut mapped = Vec::new();
        for part in &self.parts {
            let (elements, index) = match part {
                Part::Element(element) => {
                    mapped.extend_from_slice(element);
                    continue;
                }
                Part::OfKey(index) => {
                    let index = index.ok_or(Error::MAPPER_BAD_INDEX)?;
                    (cached(&mut of_key, key, Error::KEY_NOT_TUPLE)?, index)
                }
                Part::OfValue(index) => {
                    let index = index.ok_or(Error::MAPPER_BAD_INDEX)?;
                    (cached(&mut of_value, value, Error::VALUE_NOT_TUPLE)?, index)
                }
            };
            mapped.extend_from_slice(elements.get(index).ok_or(Error::MAPPER_BAD_INDEX)?);
        }
        Ok(mapped)
    }
}

fn cached<'c, 'a>(cache: &'c mut Option<Vec<&'a [u8]>>, packed: &'a [u8], error: Error) -> Result<&'c [&'a [u8]]> {
    if cache.is_none() {
        *cache = Some(split(packed).ok_or(error)?);
    }
    Ok(cache.as_deref().unwrap_or_default())
}

/// `text` with each pair of bytes replaced by one.
fn replaced(text: &[u8], pair: &[u8; 2], by: u8) -> Vec<u8> {
    let mut result = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, after @ ..] = rest {
        if rest.starts_with(pair) {
            result.push(by);
            rest = &rest[2..];
        } else {
            result.push(*first);
            rest = after;
        }
    }
    result
}

/// What `{K[..]}` or `{V[..]}` stands for; nothing if `text` is neither.
fn placeholder(text: &[u8]) -> Option<Part> {
    let index = |rest: &[u8]| rest.strip_suffix(b"]}").filter(|index| !index.is_empty()).map(number);
    match text.split_at_checked(3)? {
        (b"{K[", rest) => index(rest).map(Part::OfKey),
        (b"{V[", rest) => index(rest).map(Part::OfValue),
        _ => None,
    }
}

/// An index as C++'s `stoi` reads it: what follows the digits is ignored, negative numbers are out of range anyway.
fn number(text: &[u8]) -> Option<usize> {
    let (is_negative, text) = match text.trim_ascii_start() {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        text => (false, text),
    };
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let number: i32 = std::str::from_utf8(&text[..digits]).ok()?.parse().ok()?;
    let number = if is_negative { -number } else { number };
    usize::try_from(number).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tuple(strings: &[&str]) -> Vec<u8> {
        strings.iter().flat_map(|text| bytes_element(text.as_bytes())).collect()
    }

    fn mapped(mapper: &[&str]) -> Result<(Vec<u8>, bool)> {
        let mapper = Mapper::new(&tuple(mapper))?;
        let key = mapper.key(&tuple(&["key-0", "key-1", "key-2"]), &tuple(&["value-0", "value-1"]))?;
        Ok((key, mapper.is_prefix))
    }

    #[test]
    fn mappers_are_read_as_by_a_storage_server() {
        let cases: &[(&[&str], &[&str], bool)] = &[
            (
                &["normal", "{{escaped}}", "{K[2]}", "{V[0]}", "{...}"],
                &["normal", "{escaped}", "key-2", "value-0"],
                true,
            ),
            (&["{{{{}}", "}}"], &["{{}", "}"], false),
            (&["{K[ 1]}", "{K[+1]}", "{K[01]}", "{K[1x]}"], &["key-1", "key-1", "key-1", "key-1"], false),
            (&["{K[]}", "{K[1]", "{X[1]}", "K[1]}", "{..}"], &["{K[]}", "{K[1]", "{X[1]}", "K[1]}", "{..}"], false),
            (&["{{K[1]}}"], &["{K[1]}"], false),
            (&["{...}"], &[], true),
            (&[], &[], false),
        ];
        for (mapper, wanted, is_prefix) in cases {
            assert_eq!(mapped(mapper), Ok((tuple(wanted), *is_prefix)), "{mapper:?}");
        }
    }

    #[test]
    fn mappers_that_do_not_fit_are_refused() {
        let cases: &[(&[&str], Error)] = &[
            (&["{K[3]}"], Error::MAPPER_BAD_INDEX),
            (&["{V[2]}"], Error::MAPPER_BAD_INDEX),
            (&["{K[-1]}"], Error::MAPPER_BAD_INDEX),
            (&["{K[not-a-number]}"], Error::MAPPER_BAD_INDEX),
            (&["{K[99999999999]}"], Error::MAPPER_BAD_INDEX),
            (&["{...}", "last"], Error::MAPPER_BAD_RANGE_DESCRIPTOR),
        ];
        for (mapper, wanted) in cases {
            assert_eq!(mapped(mapper), Err(*wanted), "{mapper:?}");
        }
        assert_eq!(Mapper::new(b"\xff").unwrap_err(), Error::MAPPER_NOT_TUPLE);
    }

    #[test]
    fn only_what_is_used_must_be_a_tuple() {
        let mapper = |text| Mapper::new(&tuple(&[text])).unwrap();
        assert_eq!(mapper("{K[0]}").key(b"\x15\x07", b"\xff"), Ok(b"\x15\x07".to_vec()));
        assert_eq!(mapper("{K[0]}").key(b"\xff", b""), Err(Error::KEY_NOT_TUPLE));
        assert_eq!(mapper("{V[0]}").key(b"\xff", b"\x14"), Ok(b"\x14".to_vec()));
        assert_eq!(mapper("{V[0]}").key(b"", b"\xff"), Err(Error::VALUE_NOT_TUPLE));
        assert_eq!(mapper("x").key(b"\xff", b"\xff"), Ok(tuple(&["x"])));
    }

    #[test]
    fn escaped_text_becomes_bytes_and_other_text_stays_text() {
        let mapper = Mapper::new(b"\x02{{a\x00\x02b\x00\x15\x05").unwrap();
        assert_eq!(mapper.key(b"", b""), Ok(b"\x01{a\x00\x02b\x00\x15\x05".to_vec()));
    }
}
