//! Every kind of entry in format 1, with its fields (spec: kinds.md). Later work adds rules, not kinds.

pub(crate) mod acts;
pub(crate) mod authority;
pub(crate) mod deed;
pub(crate) mod figures;
pub(crate) mod money;
pub(crate) mod parts;
pub(crate) mod shape;

use serde::{Deserialize, Serialize, Serializer};
use unicode_normalization::UnicodeNormalization;

use crate::json::{self, LineError};

use self::shape::{Field, Visit, Walk};

/// Which group of kinds a kind belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Decisions, promises, findings, statements of parties.
    Act,
    /// Who may act and by which terms: too few approvals are an error (spec: A-4).
    Authority,
    /// Figures.
    Figure,
    /// Money that moved, and reversals.
    Money,
}

/// A kind's entry in the table of kinds.
#[derive(Clone, Copy, Debug)]
pub struct KindInfo {
    /// What it is, in one or two sentences.
    pub about: &'static str,
    /// Its group.
    pub family: Family,
    /// Its fields in sorted order.
    pub fields: &'static [Field],
    /// The kind itself.
    pub kind: Kind,
}

macro_rules! kinds {
    ($($variant:ident($type:ty) = $word:literal in $family:ident,)+) => {
        shape::words! {
            /// The kind of an entry.
            Kind { $(#[doc = concat!("See [`", stringify!($type), "`].")] $variant = $word,)+ }
        }

        impl Kind {
            /// What the kind is and which fields it has.
            #[must_use]
            pub const fn info(self) -> KindInfo {
                match self {
                    $(Self::$variant => KindInfo {
                        about: <$type>::ABOUT,
                        family: Family::$family,
                        fields: <$type>::FIELDS,
                        kind: self,
                    },)+
                }
            }
        }

        /// What happened: the data of an entry, by kind.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Data { $(#[doc = concat!("See [`", stringify!($type), "`].")] $variant($type),)+ }

        impl Data {
            /// Its kind.
            #[must_use]
            pub const fn kind(&self) -> Kind {
                match self { $(Self::$variant(_) => Kind::$variant),+ }
            }

            /// Reads the JSON of one kind's data; unknown, duplicate and missing fields are errors.
            pub(crate) fn decode<'de, D: serde::Deserializer<'de>>(kind: Kind, from: D) -> Result<Self, D::Error> {
                match kind { $(Kind::$variant => <$type>::deserialize(from).map(Self::$variant)),+ }
            }

            /// Data as a writer puts it: JSON in any field order, brought to normal form C (spec: V-12).
            ///
            /// # Errors
            /// [`LineError`] for unknown, duplicate or missing fields and misspelled values.
            pub fn from_json(kind: Kind, text: &str) -> Result<Self, LineError> {
                let normal: String = text.nfc().collect();
                let mut json = serde_json::Deserializer::from_str(&normal);
                let data = Self::decode(kind, &mut json).map_err(|error| json::error(&error))?;
                json.end().map_err(|error| json::error(&error))?;
                Ok(data)
            }

            /// Shows every value inside to `visitor`.
            pub fn walk(&self, visitor: &mut dyn Visit) {
                match self { $(Self::$variant(data) => data.walk(visitor)),+ }
            }
        }

        impl Serialize for Data {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                match self { $(Self::$variant(data) => data.serialize(to)),+ }
            }
        }
    };
}

kinds! {
    Account(authority::AccountChange) = "account" in Act,
    Advance(money::Advance) = "advance" in Money,
    Answer(acts::Answer) = "answer" in Act,
    Assessment(acts::Assessment) = "assessment" in Act,
    AuditOpinion(acts::AuditOpinion) = "audit-opinion" in Act,
    BankConfirmation(figures::BankConfirmation) = "bank-confirmation" in Figure,
    Billing(figures::Billing) = "billing" in Figure,
    Budget(figures::Budget) = "budget" in Figure,
    Close(figures::Close) = "close" in Authority,
    Contract(acts::Contract) = "contract" in Act,
    Deed(authority::DeedChange) = "deed" in Authority,
    Distribution(money::Distribution) = "distribution" in Money,
    Evidence(acts::Evidence) = "evidence" in Act,
    Expense(money::Expense) = "expense" in Money,
    Fee(money::Fee) = "fee" in Money,
    Forfeit(money::Forfeit) = "forfeit" in Money,
    Forget(acts::Forget) = "forget" in Act,
    Fund(authority::FundChange) = "fund" in Act,
    Genesis(authority::Genesis) = "genesis" in Authority,
    Handover(acts::Handover) = "handover" in Act,
    HeldIn(money::HeldIn) = "held-in" in Money,
    HeldOut(money::HeldOut) = "held-out" in Money,
    Income(money::Income) = "income" in Money,
    Keys(authority::Keys) = "keys" in Authority,
    Loss(acts::Loss) = "loss" in Act,
    Migration(authority::Migration) = "migration" in Authority,
    Objection(acts::Objection) = "objection" in Act,
    Opening(figures::Opening) = "opening" in Figure,
    Order(acts::Order) = "order" in Act,
    Party(authority::PartyChange) = "party" in Authority,
    Payee(acts::Payee) = "payee" in Act,
    Publication(acts::Publication) = "publication" in Act,
    Ratification(acts::Ratification) = "ratification" in Act,
    Recovery(authority::Recovery) = "recovery" in Authority,
    Refund(money::Refund) = "refund" in Money,
    Refusal(acts::Refusal) = "refusal" in Act,
    Repayment(money::Repayment) = "repayment" in Money,
    Resolution(acts::Resolution) = "resolution" in Act,
    Restoration(acts::Restoration) = "restoration" in Money,
    Reversal(money::Reversal) = "reversal" in Money,
    Service(acts::Service) = "service" in Money,
    Step(acts::Step) = "step" in Act,
    Transfer(money::Transfer) = "transfer" in Money,
    Waiver(figures::Waiver) = "waiver" in Figure,
}

#[cfg(test)]
mod tests {
    use super::shape::{Field, Value};
    use super::*;

    fn assert_sorted(owner: &str, fields: &[Field]) {
        for pair in fields.windows(2) {
            assert!(
                pair[0].name < pair[1].name,
                "{owner}: `{}` must stand before `{}`",
                pair[1].name,
                pair[0].name
            );
        }
        for field in fields {
            let mut value = &field.value;
            while let Value::List(inner) = value {
                value = inner;
            }
            if let Value::Part(name, inner) = value {
                assert_sorted(name, inner);
            }
        }
    }

    #[test]
    fn fields_are_declared_in_the_order_of_their_canonical_form() {
        for kind in Kind::ALL {
            assert_sorted(kind.as_str(), kind.info().fields);
        }
    }
}
