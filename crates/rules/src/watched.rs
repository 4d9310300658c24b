//! The rules on their way through a file: what each has met so far and what it remembers.

use std::sync::Arc;

use xinyi_core::{Deed, Kind};

use crate::finding::Finding;
use crate::kinds::looking_at;
use crate::registry::RULES;
use crate::rule::{Check, Counts, MonthEnd, Rule, Sink, Step, Watch};
use crate::weighing::severity_in;

/// Every rule, in the order of the registry.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    /// Whether rules are asked for kinds that they do not look at, too.
    asks_all: bool,
    watched: Vec<Watched>,
}

/// A rule with its counts and its memory.
#[derive(Clone, Debug)]
pub(crate) struct Watched {
    pub(crate) counts: Counts,
    pub(crate) memory: Option<Box<dyn Watch>>,
    pub(crate) rule: &'static Rule,
}

impl Default for Rules {
    /// Every rule, before the first entry.
    fn default() -> Self {
        Self { asks_all: false, watched: RULES.iter().map(Watched::new).collect() }
    }
}

impl Rules {
    /// The same rules, asked about every entry.
    pub(crate) fn asking_all(self) -> Self {
        Self { asks_all: true, ..self }
    }

    /// Every rule.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Watched> {
        self.watched.iter()
    }

    /// Every rule, to ask it.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Watched> {
        self.watched.iter_mut()
    }

    /// The rule with this code.
    pub(crate) fn with_code(&mut self, code: &str) -> Option<&mut Watched> {
        self.watched.iter_mut().find(|watched| watched.rule.code == code)
    }

    /// Asks the rules that look at the entry's kind.
    pub(crate) fn ask_about(&mut self, step: &Step<'_>, findings: &mut Vec<Finding>) {
        self.for_kind(step.entry.content().kind(), |watched| watched.ask_about(step, findings));
    }

    /// Lets them remember an entry that is not judged here.
    pub(crate) fn recall(&mut self, step: &Step<'_>) {
        self.for_kind(step.entry.content().kind(), |watched| {
            watched.memory.iter_mut().for_each(|memory| memory.recall(step));
        });
    }

    fn for_kind(&mut self, kind: Kind, mut act: impl FnMut(&mut Watched)) {
        if self.asks_all {
            self.watched.iter_mut().for_each(act);
            return;
        }
        for place in looking_at(kind) {
            self.watched.get_mut(*place).into_iter().for_each(&mut act);
        }
    }

    /// What the rules would find in an entry, which none of them remembers.
    pub(crate) fn suppose(&self, step: &Step<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        let places = looking_at(step.entry.content().kind()).iter();
        let looking = places.filter_map(|place| self.watched.get(*place));
        looking.for_each(|watched| watched.clone().ask_about(step, &mut findings));
        findings
    }
}

impl Watched {
    fn new(rule: &'static Rule) -> Self {
        let memory = match rule.check {
            Check::Watch(begin) => Some(begin()),
            _ => None,
        };
        Self { counts: Counts::default(), memory, rule }
    }

    fn ask_about(&mut self, step: &Step<'_>, findings: &mut Vec<Finding>) {
        self.ask(
            &step.deed,
            |_| None,
            findings,
            |rule, memory, sink| match (rule.check, memory) {
                (Check::Each(check) | Check::Both(check, _), _) => check(step, sink),
                (Check::Watch(_), Some(memory)) => memory.entry(step, sink),
                _ => {}
            },
        );
    }

    /// Asks the rule about a month that ended.
    pub(crate) fn ask_at_month_end(&mut self, month: &MonthEnd<'_>, findings: &mut Vec<Finding>) {
        self.ask(
            &month.deed,
            |_| None,
            findings,
            |rule, memory, sink| match (rule.check, memory) {
                (Check::Month(check) | Check::Both(_, check), _) => check(month, sink),
                (Check::Watch(_), Some(memory)) => memory.month(month, sink),
                _ => {}
            },
        );
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
        question(self.rule, self.memory.as_mut(), &mut sink);
        if off(deed, self.rule).is_none() {
            self.counts = counts;
        }
        for mut finding in found {
            let other = of(&finding);
            let deed = other.as_deref().unwrap_or(deed);
            if off(deed, self.rule).is_none() {
                finding.by_deed = severity_in(deed, self.rule);
                findings.push(finding);
            }
        }
    }
}

/// Why the deed switches the rule off, if it does.
pub(crate) fn off<'d>(deed: &'d Deed, rule: &Rule) -> Option<&'d str> {
    deed.off.iter().find(|off| off.rule.as_str() == rule.code).map(|off| off.reason.as_str())
}
