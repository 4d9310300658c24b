//! What a ledger is: lines, contents, chain, tree, keys, replay. No I/O, clock or randomness.

mod hash;
mod key;
mod kind;
mod money;
mod number;
mod text;
mod time;
mod tree;
mod value;

pub use hash::{Hash, ParseHashError};
pub use key::{KeyId, PublicKey, Sign, Signature};
pub use kind::acts::*;
pub use kind::authority::*;
pub use kind::deed::*;
pub use kind::figures::*;
pub use kind::money::*;
pub use kind::parts::*;
pub use kind::shape::{Field, Value, Visit, Walk};
pub use kind::{Data, Family, Kind, KindInfo};
pub use money::{Amount, Balance, Rate, Unit, share_of};
pub use number::{Count, Index, Size};
pub use text::{Label, Reference, Text};
pub use time::{Date, Offset, Period, Timestamp};
pub use tree::Frontier;
pub use value::ValueError;
