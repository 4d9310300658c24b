//! Sharing a sum out so that the shares add up to it: the largest-remainder method (Civil Code art. 283).

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive as _, ToPrimitive as _};
use xinyi_core::Unit;

/// Shares `total` out by weight, to whole smallest units.
///
/// Each share is first cut down to the unit; what is left goes, one smallest unit each, to the largest remainders,
/// of equal ones to the first by name. So shares add up to the total, and the order of the list changes nothing:
/// 1,000.00 over three equal flats gives 333.34, 333.33 and 333.33.
///
/// `None` if nothing has weight, or the total is below zero or finer than the unit.
#[must_use]
pub fn share_out<K: Clone + Ord>(
    total: Decimal,
    weights: &BTreeMap<K, u64>,
    unit: &Unit,
) -> Option<BTreeMap<K, Decimal>> {
    let smallest = Decimal::new(1, u32::from(unit.scale));
    let total = total.checked_div(smallest).filter(Decimal::is_integer)?.to_u64().map(u128::from)?;
    let all: u128 = weights.values().copied().map(u128::from).sum();
    let part = |weight: u64| {
        let exact = total * u128::from(weight);
        Some((exact.checked_div(all)?, exact.checked_rem(all)?))
    };
    let parts: Option<BTreeMap<K, (u128, u128)>> =
        weights.iter().map(|(name, weight)| Some((name.clone(), part(*weight)?))).collect();
    let mut parts = parts.filter(|parts| !parts.is_empty())?;
    let left = total - parts.values().map(|(whole, _)| whole).sum::<u128>();
    let mut by_remainder: Vec<&mut (u128, u128)> = parts.values_mut().collect();
    // A stable sort keeps names in order where remainders are equal.
    by_remainder.sort_by_key(|(_, remainder)| Reverse(*remainder));
    by_remainder.into_iter().take(left.to_usize()?).for_each(|(whole, _)| *whole += 1);
    parts
        .into_iter()
        .map(|(name, (whole, _))| Some((name, unit.round(Decimal::from_u128(whole)? * smallest))))
        .collect()
}
