//! The index of the rule pages.

use xinyi_rules::{Check, Language, RULES, page};

/// docs/rules.md.
pub(crate) fn index() -> String {
    let mut text =
        "# Rules\n\nWritten by `cargo xtask write` from the pages; `xinyi explain CODE` prints a page.\n\n\
        | code | name | 名称 | severity | looks at |\n|---|---|---|---|---|\n"
            .to_owned();
    for rule in RULES {
        let page = page(rule.code).expect("a page");
        let looks = match rule.check {
            Check::Both(..) => "each entry, each month",
            Check::Each(_) => "each entry",
            Check::Integrity => "refused by `verify`",
            Check::Outside => "a file from outside",
            Check::Month(_) => "each month",
            Check::Watch(_) => "the whole file",
        };
        let (en, zh) = (page.title(Language::En), page.title(Language::Zh));
        text += &format!("| {} | {en} | {zh} | {} | {looks} |\n", rule.code, rule.severity);
    }
    text
}
