//! Items as a person reads them, in messages: `('user', 42, b'\x00')`.

use super::Element;
use std::fmt::{self, Display, Formatter, Write};

/// The syntax is the one of the `found` command.
impl Display for Element {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Element::Null => f.write_str("null"),
            Element::Bytes(bytes) => write!(f, "b'{}'", bytes.escape_ascii().to_string().replace("\\\"", "\"")),
            Element::String(text) => string(f, text),
            Element::Tuple(items) => tuple(f, items),
            Element::Int(number) => number.fmt(f),
            Element::BigInt(number) => number.fmt(f),
            Element::Float(number) => write!(f, "float({number:?})"),
            // With a point or an exponent, which tells it from an integer.
            Element::Double(number) => write!(f, "{number:?}"),
            Element::Bool(value) => value.fmt(f),
            Element::Uuid(uuid) => write!(f, "uuid('{uuid}')"),
            Element::Versionstamp(stamp) => {
                f.write_str("versionstamp('")?;
                stamp.transaction.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
                write!(f, "{:04x}')", stamp.user_version)
            }
        }
    }
}

fn string(f: &mut Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('\'')?;
    for character in text.chars() {
        match character {
            '"' => f.write_char('"')?,
            _ => write!(f, "{}", character.escape_debug())?,
        }
    }
    f.write_char('\'')
}

fn tuple(f: &mut Formatter<'_>, items: &[Element]) -> fmt::Result {
    f.write_char('(')?;
    for (index, item) in items.iter().enumerate() {
        write!(f, "{}{item}", if index == 0 { "" } else { ", " })?;
    }
    f.write_str(if items.len() == 1 { ",)" } else { ")" })
}

#[cfg(test)]
mod tests {
    use super::super::Versionstamp;
    use super::*;

    #[test]
    fn items_are_shown_as_the_command_reads_them() {
        let items = Element::Tuple(vec![
            Element::Null,
            Element::Bytes(b"a'\x00\"\xff".to_vec()),
            Element::String("it's \"Zürich\"\n".to_string()),
            Element::Tuple(vec![Element::Int(-1)]),
            Element::Double(2.0),
            Element::Float(0.1),
            Element::Bool(true),
            Element::Versionstamp(Versionstamp::new([1; 10], 2)),
        ]);
        let shown = "(null, b'a\\'\\x00\"\\xff', 'it\\'s \"Zürich\"\\n', (-1,), 2.0, float(0.1), true, \
                     versionstamp('010101010101010101010002'))";
        assert_eq!(items.to_string(), shown);
        assert_eq!(Element::Tuple(vec![]).to_string(), "()");
    }
}
