//! A line read in one go, because its fields stand in their canonical order (spec: E-4).
//!
//! Nearly every line is read so. For one that cannot be, [`Line::decode`] reads its pieces one by one and says what is
//! wrong; both ways come to the same line, and it is compared with its canonical form after either.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};

use crate::content::Content;
use crate::json::OrEmpty;
use crate::kind::{Data, Kind};
use crate::line::Line;

/// The line, if its fields stand in order and every value is good.
pub(crate) fn line(text: &str) -> Option<Line> {
    let Places { content, kind } = Places::of(text)?;
    let mut json = serde_json::Deserializer::from_str(text);
    let line = json.deserialize_map(InOrder { content, kind, line: text }).ok()?;
    json.end().ok()?;
    // A genesis names no line before it, so what follows its content has another length.
    line.prev.map(|_| line)
}

/// What must be known of a canonical line before it is read.
struct Places<'t> {
    /// The bytes of its content.
    content: &'t str,
    /// What kind of data stands in it, which the content says only after them.
    kind: Kind,
}

/// Length of what follows a line's index: fields whose values have one length each.
const AFTER_INDEX: usize = r#","prev":"","recorded":"","recorder":"","sig":""}"#.len() + 64 + 20 + 16 + 128;

/// Length of a ledger's identity.
const IDENTITY: usize = 64;

impl<'t> Places<'t> {
    /// Found from both ends: approvals hold no bracket but their last, and what follows a content is its index and
    /// fields of known length. If a content's reference holds quotation marks, no kind stands where one is looked for.
    fn of(text: &'t str) -> Option<Self> {
        let (_, rest) = text.split_once(']')?;
        let rest = without_last(rest.strip_prefix(r#","content":"#)?, AFTER_INDEX)?;
        let content = rest.trim_end_matches(|c: char| c.is_ascii_digit()).strip_suffix(r#","index":"#)?;
        let (rest, _reference) = content.strip_suffix(r#""}"#)?.rsplit_once('"')?;
        let rest = without_last(rest.strip_suffix(r#"","ref":"#)?, IDENTITY)?;
        let (_, kind) = rest.strip_suffix(r#"","ledger":""#)?.rsplit_once('"')?;
        Some(Self { content, kind: kind.parse().ok()? })
    }
}

fn without_last(text: &str, count: usize) -> Option<&str> {
    text.get(..text.len().checked_sub(count)?)
}

/// Requires that the next field is this one.
fn field<'de, A: MapAccess<'de>>(map: &mut A, name: &'static str) -> Result<(), A::Error> {
    if map.next_key::<&str>()? == Some(name) { Ok(()) } else { Err(A::Error::missing_field(name)) }
}

fn value<'de, A: MapAccess<'de>, T: serde::Deserialize<'de>>(
    map: &mut A,
    name: &'static str,
) -> Result<T, A::Error> {
    field(map, name)?;
    map.next_value()
}

struct InOrder<'t> {
    content: &'t str,
    kind: Kind,
    line: &'t str,
}

impl<'de> Visitor<'de> for InOrder<'_> {
    type Value = Line;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a line")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Line, A::Error> {
        let approvals = value(&mut map, "approvals")?;
        field(&mut map, "content")?;
        let content = map.next_value_seed(ContentInOrder { bytes: self.content, kind: self.kind })?;
        Ok(Line {
            approvals,
            bytes: self.line.into(),
            content,
            index: value(&mut map, "index")?,
            prev: value::<A, OrEmpty>(&mut map, "prev")?.0,
            recorded: value(&mut map, "recorded")?,
            recorder: value(&mut map, "recorder")?,
            sig: value(&mut map, "sig")?,
        })
    }
}

struct ContentInOrder<'t> {
    bytes: &'t str,
    kind: Kind,
}

impl<'de> DeserializeSeed<'de> for ContentInOrder<'_> {
    type Value = Content;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Content, D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for ContentInOrder<'_> {
    type Value = Content;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a content")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Content, A::Error> {
        field(&mut map, "data")?;
        let data = map.next_value_seed(OfKind(self.kind))?;
        let date = value(&mut map, "date")?;
        if value::<A, Kind>(&mut map, "kind")? != self.kind {
            return Err(A::Error::custom("another kind than was looked for"));
        }
        let ledger = value::<A, OrEmpty>(&mut map, "ledger")?.0;
        Ok(Content { bytes: self.bytes.into(), data, date, ledger, reference: value(&mut map, "ref")? })
    }
}

/// Reads the data of a kind.
struct OfKind(Kind);

impl<'de> DeserializeSeed<'de> for OfKind {
    type Value = Data;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Data, D::Error> {
        Data::decode(self.0, from)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

    use xinyi_testkit::Community;

    use super::*;
    use crate::json;

    /// A genesis, which has no line before it and is read piece by piece, and a close.
    fn lines() -> Vec<Vec<u8>> {
        let mut community = Community::property_trust("2026-03");
        community.close_month("2026-03", "2026-04-02");
        community.lines
    }

    #[test]
    fn a_canonical_line_is_read_so_and_comes_to_the_same() {
        let read: Vec<bool> = lines()
            .iter()
            .map(|bytes| {
                let text = std::str::from_utf8(bytes).unwrap();
                let read = line(text);
                assert_eq!(
                    read.clone().unwrap_or_else(|| Line::read(text).unwrap()),
                    Line::decode(bytes).unwrap()
                );
                assert!(read.as_ref().is_none_or(|read| *read == Line::read(text).unwrap()));
                read.is_some()
            })
            .collect();
        assert_eq!(read, [false, true]);
    }

    #[test]
    fn a_reference_may_look_like_what_is_looked_for() {
        let close = lines().remove(1);
        let close = std::str::from_utf8(&close).unwrap();
        let (before, reference) = close.split_once(r#""ref":""#).unwrap();
        let (_, after) = reference.split_once('"').unwrap();
        for other in [r#"\"income\""#, r#"\",\"kind\":\"close"#, r"\\", "]", r#"},\"index\":7"#, "7"] {
            let text = format!(r#"{before}"ref":"{other}"{after}"#);
            let decoded = Line::decode(text.as_bytes()).unwrap();
            assert_eq!(decoded, Line::read(&text).unwrap(), "{other}");
            assert!(text.contains(std::str::from_utf8(decoded.content.bytes()).unwrap()));
        }
    }

    /// Whatever is changed, the line or the error is the one that reading piece by piece gives.
    #[test]
    fn what_is_refused_is_refused_for_the_same_reason() {
        let piece_by_piece = |bytes: &[u8]| {
            let text = json::text(bytes)?;
            let line = Line::read(text)?;
            json::same(&line.out(Some(line.sig)), text)?;
            Ok(line)
        };
        for (bytes, step) in lines().into_iter().zip([9, 1]) {
            for place in (0..bytes.len()).step_by(step) {
                for other in [b'"', b' ', b'0', b'}', b',', b'\\', bytes[place] ^ 1] {
                    let mut changed = bytes.clone();
                    changed[place] = other;
                    assert_eq!(Line::decode(&changed), piece_by_piece(&changed), "byte {place}: {other}");
                    changed.remove(place);
                    assert_eq!(Line::decode(&changed), piece_by_piece(&changed), "without byte {place}");
                }
            }
        }
    }
}
