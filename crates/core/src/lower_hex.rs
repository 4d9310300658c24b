//! Bytes as lower-case hexadecimal digits, their one spelling (spec: V-4).

/// The digits of some bytes.
pub(crate) struct LowerHex<const N: usize>([[u8; 2]; N]);

impl<const N: usize> LowerHex<N> {
    pub(crate) fn of(bytes: &[u8; N]) -> Self {
        Self(bytes.map(|byte| [digit(byte >> 4), digit(byte & 0x0F)]))
    }

    pub(crate) fn as_str(&self) -> &str {
        // Digits are text.
        std::str::from_utf8(self.0.as_flattened()).unwrap_or_default()
    }
}

const fn digit(value: u8) -> u8 {
    if value < 10 { b'0' + value } else { b'a' - 10 + value }
}

/// What [`value`] gives for what is no digit.
const NONE: u8 = 0xFF;

const fn value(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'f' => digit - b'a' + 10,
        _ => NONE,
    }
}

/// Reads exactly `N` bytes of lower-case hexadecimal; anything else is `None`.
pub(crate) fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    let (digits, rest) = text.as_bytes().as_chunks::<2>();
    if digits.len() != N || !rest.is_empty() {
        return None;
    }
    let mut bytes = [0; N];
    let mut seen = 0;
    for (byte, [high, low]) in bytes.iter_mut().zip(digits) {
        let (high, low) = (value(*high), value(*low));
        seen |= high | low;
        *byte = high << 4 | low & 0x0F;
    }
    (seen < 0x10).then_some(bytes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

    use super::*;

    #[test]
    fn every_byte_has_one_spelling() {
        for byte in 0..=u8::MAX {
            let spelled = format!("{byte:02x}");
            assert_eq!(LowerHex::of(&[byte]).as_str(), spelled);
            assert_eq!(decode(&spelled), Some([byte]));
        }
        for first in 0..=u8::MAX {
            for second in 0..=u8::MAX {
                let Ok(text) = std::str::from_utf8(&[first, second]).map(str::to_owned) else { continue };
                let plain = text.bytes().all(|byte| b"0123456789abcdef".contains(&byte));
                assert_eq!(decode::<1>(&text).is_some(), plain, "{text:?}");
            }
        }
        assert_eq!((decode::<1>("0"), decode::<1>("000"), decode::<1>("")), (None, None, None));
    }
}
