//! A rule on its way through a file: what it has met so far and what it remembers.

use std::sync::Arc;

use xinyi_core::Deed;

use crate::finding::Finding;
use crate::registry::RULES;
use crate::rule::{Check, Counts, Rule, Sink, Watch};
use crate::weighing::severity_in;

/// A rule with its counts and its memory.
#[derive(Clone, Debug)]
pub(crate) struct Watched {
    pub(crate) counts: Counts,
    pub(crate) memory: Option<Box<dyn Watch>>,
    pub(crate) rule: Rule,
}

impl Watched {
    /// Every rule, before the first entry.
    pub(crate) fn all() -> Vec<Self> {
        let memory = |rule: &Rule| match rule.check {
            Check::Watch(begin) => Some(begin()),
            _ => None,
        };
        let watched = |rule: &Rule| Self { counts: Counts::default(), memory: memory(rule), rule: *rule };
        RULES.iter().map(watched).collect()
    }

    /// Asks the rule, unless the deed switches it off; its memory goes on either way. `of` gives the deed that a
    /// finding falls under where it is another: what is told at the end of a file may be about long ago.
    pub(crate) fn ask(
        &mut self,
        deed: &Deed,
        of: impl Fn(&Finding) -> Option<Arc<Deed>>,
        findings: &mut Vec<Finding>,
        question: impl FnOnce(&Rule, Option<&mut Box<dyn Watch>>, &mut Sink<'_>),
    ) {
        let (mut counts, mut found) = (self.counts, Vec::new());
        let mut sink = Sink { counts: &mut counts, findings: &mut found, rule: self.rule };
        question(&self.rule, self.memory.as_mut(), &mut sink);
        if off(deed, &self.rule).is_none() {
            self.counts = counts;
        }
        for mut finding in found {
            let other = of(&finding);
            let deed = other.as_deref().unwrap_or(deed);
            if off(deed, &self.rule).is_none() {
                finding.by_deed = severity_in(deed, &self.rule);
                findings.push(finding);
            }
        }
    }
}

/// Why the deed switches the rule off, if it does.
pub(crate) fn off(deed: &Deed, rule: &Rule) -> Option<String> {
    deed.off.iter().find(|off| off.rule.as_str() == rule.code).map(|off| off.reason.to_string())
}
