//! SG-03: whoever comes into office does not approve for the days before.
//!
//! That a key which has ended approves nothing is no finding: a replay refuses such a line (spec: S-5).

use std::collections::BTreeMap;

use xinyi_core::{Data, Date, KeyGrant, Label, Severity};

use crate::finding::Finding;
use crate::rule::{Check, Kinds, Proof, Rule, Sink, Step, Watch};

pub(crate) const RULE: Rule = Rule {
    code: "SG-03",
    severity: Severity::Error,
    page: include_str!("successor.md"),
    check: Check::Watch(|| Box::new(Holders::default())),
    kinds: Kinds::All,
    older: false,
    proof: Proof::Ledger,
    parameters: &[],
};

/// Who holds or held keys, and since when; nothing for those of the genesis. A holder who changes keys stays in office.
#[derive(Clone, Debug, Default)]
struct Holders(BTreeMap<Label, Option<Date>>);

impl Watch for Holders {
    fn entry(&mut self, step: &Step<'_>, sink: &mut Sink<'_>) {
        let day = step.entry.content().date();
        let recorder = step.entry.recorder();
        for signer in step.entry.approvers().iter().filter(|signer| signer.key != recorder.key) {
            if step.is_history() {
                sink.skip();
                continue;
            }
            sink.examine();
            if let Some(since) = self.0.get(&signer.holder).copied().flatten().filter(|since| day < *since) {
                let finding = Finding::at(step.entry.index()).with("party", &signer.party);
                let finding = finding.with("holder", &signer.holder).with("key", signer.key);
                sink.report(finding.with("since", since).with("day", day));
            }
        }
        self.recall(step);
    }

    fn recall(&mut self, step: &Step<'_>) {
        let (grants, since): (&[KeyGrant], _) = match step.entry.content().data() {
            Data::Genesis(genesis) => (&genesis.keys, None),
            Data::Keys(change) => (&change.add, Some(step.entry.content().date())),
            Data::Recovery(recovery) => (&recovery.add, Some(step.entry.content().date())),
            _ => return,
        };
        for grant in grants {
            self.0.entry(grant.holder.clone()).or_insert(since);
        }
    }
}
