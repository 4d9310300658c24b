//! Rows of other people's files, read by a declarative map, become proposals of entries or lists to compare with.
//!
//! Pure: bytes in, proposals out; no files, no clock, no ledger. There is one engine and no code per bank: what
//! differs between banks stands in a map (docs/guide/import.md).
//!
//! ```
//! let map = xinyi_import::ImportMap::parse(r#"
//!     date = { column = "day", format = "%Y-%m-%d" }
//!     [[entry]]
//!     kind = "income"
//!     ref = "{no}"
//!     amount = ["+in"]
//!     set = { account = "bank", category = "property-fee", fund = "shared" }
//! "#)?;
//! let read = xinyi_import::read(&map, b"no,day,in\n1,2026-03-01,\"1,200.5\"\n", 2, 480)?;
//! assert_eq!(read.proposals[0].data["amount"], "1200.50");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod cells;
mod engine;
mod list;
mod map;
mod table;

pub use engine::{Imported, LeftOut, LinkName, Proposal, ReadError, RowError, read};
pub use list::{List, ListRow, Listed, read_list};
pub use map::{ImportMap, MapError};

/// The shipped maps by name.
pub const MAPS: &[(&str, &str)] = &[
    ("bank", include_str!("../maps/bank.toml")),
    ("bank-gb18030", include_str!("../maps/bank-gb18030.toml")),
    ("contracts", include_str!("../maps/contracts.toml")),
    ("icbc-debit", include_str!("../maps/icbc-debit.toml")),
    ("open-collective", include_str!("../maps/open-collective.toml")),
    ("receipts", include_str!("../maps/receipts.toml")),
    ("roll", include_str!("../maps/roll.toml")),
    ("shares", include_str!("../maps/shares.toml")),
    ("wechat-merchant", include_str!("../maps/wechat-merchant.toml")),
];
