//! Multiples of a key that are worked out once, so that each of its signatures costs less (spec: K-5).
//!
//! The equation is that of `verify_strict`, signature by signature: s below l, R not of small order, [s]B − [k]A
//! encoding to R byte for byte. Only the way to [s]B − [k]A differs, and one inversion serves a block of them.

use std::fmt;
use std::sync::LazyLock;

use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT, EIGHT_TORSION};
use curve25519_dalek::edwards::VartimeEdwardsPrecomputation;
use curve25519_dalek::traits::VartimePrecomputedMultiscalarMul as _;
use curve25519_dalek::{EdwardsPoint, Scalar};

use crate::hash::sha512;
use crate::key::{Claim, PublicKey};

/// The canonical encodings of the eight points of small order. The others need no list: what is compared with R
/// is canonical.
static SMALL_ORDER: LazyLock<[[u8; 32]; 8]> =
    LazyLock::new(|| EIGHT_TORSION.map(|point| point.compress().to_bytes()));

/// Multiples of the base point B and of one admitted key's −A: some 20 KB.
pub(crate) struct KeyTable(VartimeEdwardsPrecomputation);

impl KeyTable {
    pub(crate) fn of(key: &PublicKey) -> Self {
        Self(VartimeEdwardsPrecomputation::new([ED25519_BASEPOINT_POINT, -key.point()]))
    }

    /// [s]B − [k]A, which must encode to R; `None` where s or R decides without it.
    fn expected(&self, claim: &Claim<'_>) -> Option<EdwardsPoint> {
        let (r, s) = claim.signature.halves();
        let s = Option::from(Scalar::from_canonical_bytes(s))?;
        if SMALL_ORDER.contains(&r) {
            return None;
        }
        let challenge = sha512([&r, claim.key.as_bytes(), claim.message]);
        let k = Scalar::from_bytes_mod_order_wide(&challenge);
        Some(self.0.vartime_multiscalar_mul([s, k]))
    }
}

/// Which of these claims the tables of their keys accept; of a key without a table none.
pub(crate) fn accepted(claims: &[(Option<&KeyTable>, Claim<'_>)]) -> Vec<bool> {
    let expected: Vec<_> =
        claims.iter().map(|(table, claim)| table.and_then(|table| table.expected(claim))).collect();
    let points: Vec<EdwardsPoint> = expected.iter().flatten().copied().collect();
    let mut encodings = EdwardsPoint::compress_batch_alloc(&points).into_iter();
    let mut encodes = |expected: Option<EdwardsPoint>, claim: &Claim<'_>| {
        let encoding = expected.and_then(|_| encodings.next());
        encoding.is_some_and(|encoding| encoding.to_bytes() == claim.signature.halves().0)
    };
    expected.into_iter().zip(claims).map(|(expected, (_, claim))| encodes(expected, claim)).collect()
}

impl fmt::Debug for KeyTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyTable")
    }
}

/// They stand with the other tests because they read vectors from files.
#[cfg(test)]
#[path = "../tests/verdicts/mod.rs"]
mod verdicts;
