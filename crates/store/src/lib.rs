//! Bytes on disk: append, read back, recover, lock; keys, drafts and private values beside the ledger.
//!
//! The only crate that touches the file system. The disk is not trusted: what is read back passes the same
//! replay as a stranger's file, and a cache counts only under the signature of the recorder who made it.
//!
//! ```
//! use xinyi_store::{LedgerDir, Passphrase, SecretKey};
//! # let temporary = tempfile::tempdir()?;
//! let key = SecretKey::generate()?;
//! let path = temporary.path().join("trustee.pem");
//! key.write(&path, Some(&Passphrase::new("correct horse".into())?), xinyi_store::Strength::Portable)?;
//! assert!(LedgerDir::open(temporary.path()).is_err(), "no ledger here yet");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod again;
mod ahead;
mod anchor;
mod bookmark;
mod cache;
mod dir;
mod disk;
mod drafts;
mod key;
mod line_index;
mod package;
mod private;
mod proposal;
mod public;
mod publish;
mod reader;
mod recover;
mod resumed;
mod tiles;
mod witness;
mod writer;

pub use again::LinesAgain;
pub use ahead::{Halt, Taker, take_lines};
pub use anchor::{AnchorFileError, Guard, read_anchor, write_anchor};
pub use bookmark::{Bookmark, ReadBefore};
pub use cache::{Cache, CachedTree};
pub use dir::LedgerDir;
pub use disk::{DiskError, write_file};
pub use drafts::{Draft, DraftError, Drafts};
pub use key::{KeyFileError, Passphrase, SecretKey, Strength};
pub use line_index::LineIndex;
pub use package::{Package, PackageError};
pub use private::PrivateError;
pub use proposal::{Proposal, ProposalError, RefLink};
pub use public::FileError;
pub use publish::{PublishError, Published};
pub use reader::{RawLine, RawLines};
pub use recover::{Rebuilt, RecoverError, Remains, Stretch, VoidLines};
pub use tiles::{TileLines, TilesDir, TilesError};
pub use witness::{Witness, WitnessError};
pub use writer::{Keys, Outcome, Recovered, StoreError, TornLine, Writer};
