//! Approvals as a deed file says them, and the format's terms that follow, each with its place in the file (spec: D-2).

use serde::Deserialize;
use xinyi_core::{Amount, ApprovalTerm, Kind, Label, Need};

use super::place::{Place, place};

/// The table `[approvals]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ApprovalsFile {
    /// The party that acts for the owners.
    agent: Option<Label>,
    /// Kinds that the trustee may record alone, whatever the amount.
    #[serde(default)]
    alone: Vec<Kind>,
    /// Kinds that the trustee may record alone below the limit.
    #[serde(default)]
    pub(crate) below_limit: Vec<Kind>,
    /// How many holders of the agent must approve from the limit on.
    pub(crate) committee: Option<u8>,
    /// The amount from which both are needed.
    pub(crate) limit: Option<Amount>,
    /// Further terms, in full.
    #[serde(default)]
    terms: Vec<TermFile>,
    /// The party that keeps the fund.
    trustee: Option<Label>,
}

/// A table `[[approvals.terms]]`: what these kinds need from an amount up.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TermFile {
    from: Option<Amount>,
    kinds: Vec<Kind>,
    needs: Vec<NeedFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NeedFile {
    #[serde(default = "one")]
    holders: u8,
    party: Label,
}

const fn one() -> u8 {
    1
}

/// A term of the format and where it stands in the file.
pub(crate) struct PlacedTerm {
    pub(crate) kind: Kind,
    /// Where its needs stand.
    pub(crate) needs: Place,
    /// Where its kind stands.
    pub(crate) place: Place,
    pub(crate) term: ApprovalTerm,
}

impl ApprovalsFile {
    /// The agent's label and the trustee's.
    pub(crate) fn both(&self) -> [Option<Label>; 2] {
        let named = |label: &Option<Label>, usual: &str| label.clone().or_else(|| usual.parse().ok());
        [named(&self.agent, "committee"), named(&self.trustee, "trustee")]
    }

    /// The positions of further terms that name no kind.
    pub(crate) fn terms_of_nothing(&self) -> impl Iterator<Item = usize> {
        self.terms.iter().enumerate().filter(|(_, term)| term.kinds.is_empty()).map(|(nth, _)| nth)
    }

    /// The amounts of further terms, each with its position in the list.
    pub(crate) fn term_amounts(&self) -> impl Iterator<Item = (usize, Amount)> {
        self.terms.iter().enumerate().filter_map(|(nth, term)| Some((nth, term.from?)))
    }

    /// The format's terms, in order of kind and amount.
    pub(crate) fn terms(&self) -> Vec<PlacedTerm> {
        let [agent, trustee] = self.both();
        let need = |party: Option<Label>, holders| party.map(|party| Need { holders, party });
        let alone: Vec<Need> = need(trustee.clone(), 1).into_iter().collect();
        let committee = self.committee.unwrap_or_else(one);
        let both: Vec<Need> = [need(agent, committee), need(trustee, 1)].into_iter().flatten().collect();
        let mut terms = Vec::new();
        for (list, kinds) in [("alone", &self.alone), ("below_limit", &self.below_limit)] {
            for (nth, kind) in kinds.iter().enumerate() {
                let places = [place!["approvals", list, nth], place!["approvals", list]];
                terms.extend(placed(*kind, None, &alone, places));
            }
        }
        for (nth, kind) in self.below_limit.iter().enumerate() {
            let places = [place!["approvals", "below_limit", nth], place!["approvals", "limit"]];
            let from_limit = self.limit.and_then(|limit| placed(*kind, Some(limit), &both, places));
            terms.extend(from_limit);
        }
        for (nth, term) in self.terms.iter().enumerate() {
            let needs: Vec<Need> = term.needs.iter().map(NeedFile::filled_in).collect();
            for (kind_nth, kind) in term.kinds.iter().enumerate() {
                let of = |part: &str| place!["approvals", "terms", nth, part];
                let place = [of("kinds"), place![kind_nth]].concat();
                terms.extend(placed(*kind, term.from, &needs, [place, of("needs")]));
            }
        }
        terms.sort_by(|a, b| (&a.term.kind, a.term.from).cmp(&(&b.term.kind, b.term.from)));
        terms
    }
}

impl NeedFile {
    fn filled_in(&self) -> Need {
        Need { holders: self.holders, party: self.party.clone() }
    }
}

fn placed(kind: Kind, from: Option<Amount>, needs: &[Need], places: [Place; 2]) -> Option<PlacedTerm> {
    let term = ApprovalTerm { from, kind: kind.as_str().parse().ok()?, needs: needs.to_vec() };
    let [place, needs] = places;
    Some(PlacedTerm { kind, needs, place, term })
}
