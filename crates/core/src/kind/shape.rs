//! One declaration a kind gives its struct, its JSON form, its walk and its field table (spec: kinds.md).
//!
//! Fields are declared in sorted order, so that serde writes the RFC 8785 form without a second pass. The
//! field table is what the command line, the spec's tables and the JSON schema are made from.

use crate::hash::Hash;
use crate::key::{KeyId, PublicKey};
use crate::money::{Amount, Balance, Rate};
use crate::number::{Count, Index, Size};
use crate::text::{Label, Reference, Text};
use crate::time::{Date, Offset, Period, Timestamp};

use super::parts::{Link, Sealed};

/// One field of a kind or of a part of it.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// What the field says, in one or two sentences.
    pub doc: &'static str,
    /// Its name in JSON.
    pub name: &'static str,
    /// Whether it may be absent (spec: V-2: absent, never null).
    pub optional: bool,
    /// What its value is.
    pub value: Value,
}

/// What a field's value is.
#[derive(Clone, Copy, Debug)]
pub enum Value {
    /// Several values in the order the field's text gives.
    List(&'static Value),
    /// An object with its own fields.
    Part(&'static str, &'static [Field]),
    /// A JSON true or false.
    Truth,
    /// One of a few words.
    Word(&'static str, &'static [&'static str]),
    /// A single value; the name of its type in the spec: `amount`, `date`, `label`, …
    Single(&'static str),
}

/// What is found while walking the values of a content; every method does nothing unless overridden.
pub trait Visit {
    /// An amount.
    fn amount(&mut self, _amount: Amount) {}
    /// A balance.
    fn balance(&mut self, _balance: Balance) {}
    /// The field whose value comes next.
    fn field(&mut self, _name: &'static str) {}
    /// A label.
    fn label(&mut self, _label: &Label) {}
    /// A link to an earlier line.
    fn link(&mut self, _link: Link) {}
    /// The commitment to a sealed value.
    fn sealed(&mut self, _sealed: Sealed) {}
    /// Free text.
    fn text(&mut self, _text: &Text) {}
}

/// A value that can be walked and that says what it is.
pub trait Walk {
    /// Whether a field of this type may be absent.
    const OPTIONAL: bool = false;
    /// What the value is.
    const VALUE: Value;
    /// Shows every value inside to `visitor`, in field order.
    fn walk(&self, _visitor: &mut dyn Visit) {}
    /// Whether the field is left out of the JSON form.
    fn is_absent(&self) -> bool {
        false
    }
}

macro_rules! single {
    ($($type:ty => $name:literal;)+) => {$(
        impl Walk for $type {
            const VALUE: Value = Value::Single($name);
        }
    )+};
}

single! {
    Count => "count";
    Date => "date";
    Hash => "digest";
    Index => "index";
    KeyId => "key id";
    Offset => "offset";
    Period => "period";
    PublicKey => "public key";
    Rate => "rate";
    Reference => "reference";
    Size => "size";
    Timestamp => "time";
    u8 => "small number";
}

impl Walk for bool {
    const VALUE: Value = Value::Truth;
}

impl Walk for Amount {
    const VALUE: Value = Value::Single("amount");
    fn walk(&self, visitor: &mut dyn Visit) {
        visitor.amount(*self);
    }
}

impl Walk for Balance {
    const VALUE: Value = Value::Single("balance");
    fn walk(&self, visitor: &mut dyn Visit) {
        visitor.balance(*self);
    }
}

impl Walk for Label {
    const VALUE: Value = Value::Single("label");
    fn walk(&self, visitor: &mut dyn Visit) {
        visitor.label(self);
    }
}

impl Walk for Link {
    const VALUE: Value = Value::Single("link");
    fn walk(&self, visitor: &mut dyn Visit) {
        visitor.link(*self);
    }
}

impl Walk for Sealed {
    const VALUE: Value = Value::Single("sealed value");
    fn walk(&self, visitor: &mut dyn Visit) {
        visitor.sealed(*self);
    }
}

impl Walk for Text {
    const VALUE: Value = Value::Single("text");
    fn walk(&self, visitor: &mut dyn Visit) {
        visitor.text(self);
    }
}

impl<T: Walk> Walk for Option<T> {
    const OPTIONAL: bool = true;
    const VALUE: Value = T::VALUE;
    fn walk(&self, visitor: &mut dyn Visit) {
        if let Some(value) = self {
            value.walk(visitor);
        }
    }
    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T: Walk> Walk for Vec<T> {
    const VALUE: Value = Value::List(&T::VALUE);
    fn walk(&self, visitor: &mut dyn Visit) {
        for value in self {
            value.walk(visitor);
        }
    }
}

impl<T: Walk> Walk for Box<T> {
    const VALUE: Value = T::VALUE;
    fn walk(&self, visitor: &mut dyn Visit) {
        self.as_ref().walk(visitor);
    }
}

/// Declares an object of the format: its struct, JSON form, walk and field table.
macro_rules! object {
    ($(#[doc = $about:literal])+ $name:ident { $($(#[doc = $doc:literal])+ $field:ident: $type:ty,)* }) => {
        $(#[doc = $about])+
        #[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $(
                $(#[doc = $doc])+
                #[serde(skip_serializing_if = "crate::kind::shape::Walk::is_absent")]
                pub $field: $type,
            )*
        }

        impl $name {
            /// What the object is, in one or two sentences.
            pub const ABOUT: &'static str = concat!($($about),+);
            /// The fields in sorted order.
            pub const FIELDS: &'static [crate::kind::shape::Field] = &[
                $(crate::kind::shape::Field {
                    doc: concat!($($doc),+),
                    name: stringify!($field),
                    optional: <$type as crate::kind::shape::Walk>::OPTIONAL,
                    value: <$type as crate::kind::shape::Walk>::VALUE,
                },)*
            ];
        }

        impl crate::kind::shape::Walk for $name {
            const VALUE: crate::kind::shape::Value =
                crate::kind::shape::Value::Part(stringify!($name), Self::FIELDS);
            fn walk(&self, _visitor: &mut dyn crate::kind::shape::Visit) {
                $(
                    _visitor.field(stringify!($field));
                    crate::kind::shape::Walk::walk(&self.$field, _visitor);
                )*
            }
        }
    };
}
pub(crate) use object;

/// Declares an enum of fixed words with its one spelling each.
macro_rules! words {
    ($(#[$about:meta])+ $name:ident { $($(#[$doc:meta])+ $variant:ident = $word:literal,)+ }) => {
        $(#[$about])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$doc])+ $variant,)+ }

        impl $name {
            /// Every word, in the order declared.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// Every spelling, in the order declared.
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            /// The word's one spelling.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = crate::value::ValueError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text { $($word => Ok(Self::$variant),)+ _ => Err(crate::value::ValueError::Word) }
            }
        }

        crate::value::spelled!($name as |word, then| then(word.as_str()));

        impl crate::kind::shape::Walk for $name {
            const VALUE: crate::kind::shape::Value =
                crate::kind::shape::Value::Word(stringify!($name), Self::WORDS);
        }
    };
}
pub(crate) use words;
