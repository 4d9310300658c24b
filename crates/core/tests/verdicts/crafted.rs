//! Signatures as an honest signer makes them, as a dishonest holder of the key can, and as a broken disk does.

use std::fmt;

use curve25519_dalek::constants::EIGHT_TORSION;
use curve25519_dalek::{EdwardsPoint, Scalar};

use super::{Claim, PublicKey, Signature};
use crate::hash::sha512;

/// The same numbers for the same seed, on every machine.
pub(super) struct Dice {
    rolls: u64,
    seed: u64,
}

impl Dice {
    pub(super) const fn new(seed: u64) -> Self {
        Self { rolls: 0, seed }
    }

    fn bytes(&mut self) -> [u8; 64] {
        self.rolls += 1;
        sha512([b"dice", &self.seed.to_be_bytes(), &self.rolls.to_be_bytes()])
    }

    pub(super) fn below(&mut self, limit: u64) -> u64 {
        let bytes = self.bytes();
        u64::from_be_bytes(bytes[..8].try_into().unwrap()) % limit
    }

    fn scalar(&mut self) -> Scalar {
        Scalar::from_bytes_mod_order_wide(&self.bytes())
    }

    fn torsion(&mut self) -> EdwardsPoint {
        EIGHT_TORSION[self.below(8) as usize]
    }

    fn message(&mut self) -> Vec<u8> {
        let length = self.below(130) as usize;
        self.bytes().into_iter().cycle().take(length).collect()
    }
}

/// A signature and what it is said to be over.
pub(super) struct Case {
    pub(super) key: PublicKey,
    pub(super) kind: &'static str,
    message: Vec<u8>,
    signature: Signature,
}

impl Case {
    /// A case, unless the key is no point at all.
    pub(super) fn of(
        kind: &'static str,
        key: &[u8; 32],
        message: Vec<u8>,
        signature: [u8; 64],
    ) -> Option<Self> {
        let key = PublicKey::unchecked(key)?;
        Some(Self { key, kind, message, signature: Signature::from_bytes(signature) })
    }

    /// A case of any kind.
    pub(super) fn crafted(dice: &mut Dice) -> Self {
        loop {
            let made = match dice.below(11) {
                0 | 1 => signed("honest", dice, |_| {}),
                2 => signed("mixed order", dice, |making| making.mix()),
                3 => Some(adapted(dice)),
                4 => signed("small R", dice, |making| making.shrink()),
                5 => signed("small A", dice, |making| making.vanish()),
                6 => not_canonical(dice),
                7 => signed("s beyond l", dice, |making| making.wraps = 1 + making.dice.below(15)),
                8 => flipped(dice),
                9 => signed("R negated", dice, |making| making.negates = true),
                _ => random(dice),
            };
            if let Some(case) = made {
                return case;
            }
        }
    }

    pub(super) fn claim(&self) -> Claim<'_> {
        Claim { key: &self.key, message: &self.message, signature: &self.signature }
    }

    pub(super) fn is_admitted(&self) -> bool {
        PublicKey::from_bytes(self.key.as_bytes()).is_ok()
    }
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key, kind, message, signature } = self;
        write!(f, "{kind}: key {key}, message {}, signature {signature}", hex::encode(message))
    }
}

/// A signature in the making: A = aB + T, R = rB + U with T and U of small order.
struct Making<'d> {
    a: Scalar,
    dice: &'d mut Dice,
    /// Whether −R is written for R.
    negates: bool,
    r: Scalar,
    t: EdwardsPoint,
    u: EdwardsPoint,
    /// How often l is added to s.
    wraps: u64,
}

impl Making<'_> {
    fn mix(&mut self) {
        (self.t, self.u) = (self.dice.torsion(), self.dice.torsion());
    }

    /// R of small order; A of prime or mixed order.
    fn shrink(&mut self) {
        self.r = Scalar::ZERO;
        self.u = self.dice.torsion();
        if self.dice.below(2) == 0 {
            self.t = self.dice.torsion();
        }
    }

    /// A of small order.
    fn vanish(&mut self) {
        self.a = Scalar::ZERO;
        self.t = self.dice.torsion();
    }

    fn a_bytes(&self) -> [u8; 32] {
        (EdwardsPoint::mul_base(&self.a) + self.t).compress().to_bytes()
    }

    fn r_bytes(&self) -> [u8; 32] {
        (EdwardsPoint::mul_base(&self.r) + self.u).compress().to_bytes()
    }

    /// Signs with these encodings of A and R, which may not be the canonical ones.
    fn sign(&mut self, kind: &'static str, a: [u8; 32], mut r: [u8; 32]) -> Option<Case> {
        let message = self.dice.message();
        if self.negates {
            r[31] ^= 0x80;
        }
        let s = self.r + challenge(&r, &a, &message) * self.a;
        Case::of(kind, &a, message, [r, wrapped(s, self.wraps)?].concat().try_into().unwrap())
    }
}

fn challenge(r: &[u8; 32], a: &[u8; 32], message: &[u8]) -> Scalar {
    Scalar::from_bytes_mod_order_wide(&sha512([r, a, message]))
}

fn signed(kind: &'static str, dice: &mut Dice, change: fn(&mut Making<'_>)) -> Option<Case> {
    let none = EIGHT_TORSION[0];
    let (a, r) = (dice.scalar(), dice.scalar());
    let mut making = Making { a, dice, negates: false, r, t: none, u: none, wraps: 0 };
    change(&mut making);
    let (a, r) = (making.a_bytes(), making.r_bytes());
    making.sign(kind, a, r)
}

/// A of mixed order and R made so, by trying messages, that the equation without a cofactor holds: kT + U = 0.
fn adapted(dice: &mut Dice) -> Case {
    let (a, r) = (dice.scalar(), dice.scalar());
    let (t, u) = (EIGHT_TORSION[1 + dice.below(7) as usize], dice.torsion());
    let mut making = Making { a, dice, negates: false, r, t, u, wraps: 0 };
    let (a, r) = (making.a_bytes(), making.r_bytes());
    let mut case = making.sign("mixed order, adapted", a, r);
    let multiple = |k: Scalar| (0..k.to_bytes()[0] % 8).fold(EIGHT_TORSION[0], |sum, _| sum + t);
    let fits = |case: &Case| multiple(challenge(&r, &a, &case.message)) == -u;
    for _ in 0..16 {
        if case.as_ref().is_some_and(fits) {
            break;
        }
        case = making.sign("mixed order, adapted", a, r);
    }
    case.unwrap()
}

/// s + `wraps` · l, if it still fits 32 bytes.
fn wrapped(s: Scalar, wraps: u64) -> Option<[u8; 32]> {
    // l − 1, from which l follows without being written down.
    let less = (-Scalar::ONE).to_bytes();
    let mut sum = s.to_bytes();
    for _ in 0..wraps {
        let mut carry = 1_u16;
        for (to, from) in sum.iter_mut().zip(less) {
            carry += u16::from(*to) + u16::from(from);
            *to = carry.to_le_bytes()[0];
            carry >>= 8;
        }
        if carry != 0 {
            return None;
        }
    }
    Some(sum)
}

/// A or R in an encoding that is not canonical: y + p for a small y, or the sign of an x that is zero.
fn not_canonical(dice: &mut Dice) -> Option<Case> {
    let kind = "not canonical";
    let mut odd = [0xFF; 32];
    // p = 2^255 − 19, so its lowest byte is 0xED.
    odd[0] = 0xED + dice.below(19) as u8;
    odd[31] = if dice.below(2) == 0 { 0x7F } else { 0xFF };
    if dice.below(4) == 0 {
        odd = if dice.below(2) == 0 { EIGHT_TORSION[0] } else { EIGHT_TORSION[4] }.compress().to_bytes();
        odd[31] |= 0x80;
    }
    let none = EIGHT_TORSION[0];
    let (a, r) = (dice.scalar(), dice.scalar());
    let mut making = Making { a, dice, negates: false, r, t: none, u: none, wraps: 0 };
    let (a, r) = (making.a_bytes(), making.r_bytes());
    match making.dice.below(3) {
        0 => making.sign(kind, odd, r),
        1 => making.sign(kind, a, odd),
        // The holder of such a key knows a = 0 of the two that are of small order, and r = 0.
        _ => {
            (making.a, making.r) = (Scalar::ZERO, Scalar::ZERO);
            making.sign(kind, odd, odd)
        }
    }
}

/// A good signature with one bit of A, R, s or the message changed.
fn flipped(dice: &mut Dice) -> Option<Case> {
    let good = signed("one bit changed", dice, |_| {})?;
    let (mut key, mut raw) = (*good.key.as_bytes(), *good.signature.as_bytes());
    let mut message = good.message;
    let places = (key.len() + raw.len() + message.len()) as u64;
    let (place, bit) = (dice.below(places) as usize, 1 << dice.below(8));
    let changed = key.iter_mut().chain(&mut raw).chain(&mut message).nth(place)?;
    *changed ^= bit;
    Case::of(good.kind, &key, message, raw)
}

/// An honest key and bytes that nobody signed.
fn random(dice: &mut Dice) -> Option<Case> {
    let key = signed("random", dice, |_| {})?.key;
    let mut raw = dice.bytes();
    if dice.below(2) == 0 {
        raw[32..].copy_from_slice(dice.scalar().as_bytes());
    }
    Case::of("random", key.as_bytes(), dice.message(), raw)
}
