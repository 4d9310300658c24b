//! VT-01: a resolution has the heads and the area behind it that its matter needs (Civil Code art. 278).

use rust_decimal::Decimal;
use xinyi_core::{Count, Data, Date, Deed, Index, Kind, Resolution, Severity, Votes};

use crate::books::Books;
use crate::finding::Finding;
use crate::parameter::{Form, Parameter, Ratio};
use crate::rule::{Check, Kinds, Proof, Rule, Sink, Step};
use crate::rules::fees::change::FEE_MATTER;

/// Matters for which the deed asks a larger share of those who take part than the law does.
const THRESHOLD: Parameter = Parameter { name: "matter-threshold", form: Form::LabelRatio, default: &[] };

/// Matters for which the deed asks more than the law: the share of all who may vote.
const SHARE_OF_ALL: Parameter =
    Parameter { name: "matter-share-of-all", form: Form::LabelRatio, default: &[] };

/// Further matters that owners decide by counted votes.
const COUNTED: Parameter = Parameter { name: "vote-matter", form: Form::Label, default: &[] };

/// What owners decide together, whatever a deed says (Civil Code art. 278); the last is our word for a trustee's pay.
const BY_LAW: [&str; 10] = [
    "assembly-rules",
    "charge",
    "committee",
    "common-use",
    "covenant",
    "raise-repair-fund",
    "rebuild",
    "repair-fund",
    "trustee",
    "fee",
];

/// Of them, those that need three quarters of those who take part.
const GRAVE: [&str; 3] = ["common-use", "raise-repair-fund", "rebuild"];

/// So large a share is that.
const THREE_QUARTERS: Ratio = Ratio { num: 3, den: 4 };

pub(crate) const RULE: Rule = Rule {
    code: "VT-01",
    severity: Severity::Error,
    page: include_str!("vote.md"),
    check: Check::Each(check),
    kinds: Kinds::Of(&[Kind::Resolution]),
    older: false,
    proof: Proof::Ledger,
    parameters: &[SHARE_OF_ALL, THRESHOLD, COUNTED],
};

/// Since 2021 the Civil Code counts those who take part; before, the Property Law counted all.
const CIVIL_CODE_YEAR: i16 = 2021;

/// So many of all who may vote must take part.
const TAKE_PART: Ratio = Ratio { num: 2, den: 3 };

fn check(step: &Step<'_>, sink: &mut Sink<'_>) {
    let Data::Resolution(resolution) = step.entry.content().data() else { return };
    if !is_counted(resolution, &step.deed) {
        return;
    }
    sink.examine();
    for fault in faults(resolution, step.entry.content().date(), &step.deed) {
        sink.report(fault.about(step.entry.index(), resolution));
    }
}

/// Whether the line at this index holds a resolution that passed and stands: it was not reversed since.
pub(crate) fn passed(books: &Books, index: Index) -> bool {
    let Some((date, resolution)) = books.resolved(index) else { return false };
    let deed = books.deed_for(index, *date);
    books.stands(index) && deed.is_some_and(|deed| passes(resolution, *date, &deed))
}

/// Whether a resolution of that day has what its matter needs; one that needs no counted vote passes without.
pub(crate) fn passes(resolution: &Resolution, day: Date, deed: &Deed) -> bool {
    faults(resolution, day, deed).is_empty()
}

fn is_counted(resolution: &Resolution, deed: &Deed) -> bool {
    let counts = [&resolution.agreed, &resolution.all, &resolution.participated];
    let matter = &resolution.matter;
    counts.iter().any(|votes| votes.is_some())
        || resolution.new_price.is_some()
        || BY_LAW.contains(&matter.as_str())
        || COUNTED.lists(deed, matter)
        || FEE_MATTER.lists(deed, matter)
}

/// What a vote lacks: a word of the page, and the figures where there are any.
struct Fault {
    reached: Option<Reached>,
    word: &'static str,
}

/// So many of so many, and how many were needed.
struct Reached {
    needed: Decimal,
    number: Decimal,
    of: Decimal,
}

impl Fault {
    fn about(self, index: Index, resolution: &Resolution) -> Finding {
        let finding = Finding::at(index).with("case", self.word).with("matter", &resolution.matter);
        let finding = finding.with("title", &resolution.title);
        let Some(Reached { needed, number, of }) = self.reached else { return finding };
        let percent = number.checked_mul(Decimal::ONE_HUNDRED).and_then(|share| share.checked_div(of));
        let percent = percent
            .unwrap_or_default()
            .round_dp_with_strategy(1, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
        finding.differing(needed, number).with("number", number).with("of", of).with("percent", percent)
    }
}

/// How many of a whole are enough: every one of these must be reached.
#[derive(Clone, Debug, Default)]
struct Enough {
    /// At least these shares: “以上” includes the number (Civil Code art. 1259).
    at_least: Vec<Ratio>,
    /// More than half: “过半数” does not.
    majority: bool,
}

impl Enough {
    fn at_least(share: Ratio) -> Self {
        Self { at_least: vec![share], majority: false }
    }

    /// The least number that is enough.
    fn of(&self, whole: u64) -> Decimal {
        let whole = Decimal::from(whole);
        let half = (whole / Decimal::TWO).floor() + Decimal::ONE;
        let majority = self.majority.then_some(half);
        self.at_least.iter().map(|share| share.of(whole).ceil()).chain(majority).max().unwrap_or_default()
    }
}

/// One question to the counts: are these enough of those?
struct Question<'a> {
    enough: Enough,
    of: &'a Votes,
    votes: &'a Votes,
    words: [&'static str; 2],
}

impl Question<'_> {
    fn faults(&self) -> impl Iterator<Item = Fault> + use<> {
        let [heads, area] = self.words;
        let heads = self.fault(heads, self.votes.heads, self.of.heads, 0);
        // Area is counted in hundredths of a square metre and told in square metres.
        heads.into_iter().chain(self.fault(area, self.votes.area, self.of.area, 2))
    }

    fn fault(&self, word: &'static str, votes: Count, of: Count, scale: u32) -> Option<Fault> {
        let needed = self.enough.of(of.get());
        let told = |number: Decimal| {
            let mut number = number * Decimal::new(1, scale);
            number.rescale(scale);
            number
        };
        let [number, of] = [votes, of].map(|count| Decimal::from(count.get()));
        let reached = Reached { needed: told(needed), number: told(number), of: told(of) };
        (number < needed).then_some(Fault { reached: Some(reached), word })
    }
}

fn faults(resolution: &Resolution, day: Date, deed: &Deed) -> Vec<Fault> {
    if !is_counted(resolution, deed) {
        return Vec::new();
    }
    let by_all = day.year() < CIVIL_CODE_YEAR;
    let (agreed, all) = (resolution.agreed.as_ref(), resolution.all.as_ref());
    let took_part = resolution.participated.as_ref().or(agreed.filter(|_| by_all));
    let Some(((agreed, all), took_part)) = agreed.zip(all).zip(took_part) else {
        return vec![Fault { reached: None, word: "uncounted" }];
    };
    if !(is_part(agreed, took_part) && is_part(took_part, all) && all.heads.get() > 0 && all.area.get() > 0) {
        return vec![Fault { reached: None, word: "sums" }];
    }
    let of_all = |enough| Question { enough, of: all, votes: agreed, words: ["all-heads", "all-area"] };
    let by_deed =
        SHARE_OF_ALL.ratio_of(deed, &resolution.matter).map(|share| of_all(Enough::at_least(share)));
    let by_law = if by_all {
        vec![of_all(Enough { majority: true, ..Enough::default() })]
    } else {
        let by_law = GRAVE.contains(&resolution.matter.as_str()).then_some(THREE_QUARTERS);
        let asked = THRESHOLD.ratio_of(deed, &resolution.matter);
        let enough = Enough { at_least: by_law.into_iter().chain(asked).collect(), majority: true };
        let words = ["part-heads", "part-area"];
        let quorum = Question { enough: Enough::at_least(TAKE_PART), of: all, votes: took_part, words };
        vec![quorum, Question { enough, of: took_part, votes: agreed, words: ["agree-heads", "agree-area"] }]
    };
    by_law.iter().chain(&by_deed).flat_map(Question::faults).collect()
}

const fn is_part(part: &Votes, whole: &Votes) -> bool {
    part.heads.get() <= whole.heads.get() && part.area.get() <= whole.area.get()
}
