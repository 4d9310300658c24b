//! Kinds that say who may act and by which terms: genesis, party, keys, recovery, account, migration
//! (spec: kinds.md, authority).

use crate::hash::Hash;
use crate::key::{KeyId, PublicKey};
use crate::money::Unit;
use crate::number::{Index, Size};
use crate::text::{Label, Text};
use crate::time::{Date, Offset, Period};

use super::deed::Deed;
use super::parts::{Holding, Voucher};
use super::shape::{Value, Walk, object, words};

words! {
    /// What a party is in the trust (spec: A-1).
    Role {
        /// Acts for the beneficiaries: the owners' committee.
        Agent = "agent",
        /// Audits.
        Auditor = "auditor",
        /// Set the trust up: the owners' assembly; acts by resolutions.
        Settlor = "settlor",
        /// Watches over the trust.
        Supervisor = "supervisor",
        /// Keeps the fund: the property company.
        Trustee = "trustee",
        /// Cosigns checkpoints.
        Witness = "witness",
    }
}

words! {
    /// What a key may do (spec: K-3).
    Use {
        /// Approve contents.
        Approve = "approve",
        /// Cosign checkpoints.
        Cosign = "cosign",
        /// Sign checkpoints.
        Log = "log",
        /// Sign lines as the recorder.
        Record = "record",
    }
}

object! {
    /// The days for which a key is given; acting outside is a finding, not an error (spec: K-3).
    Term {
        /// The first day.
        from: Date,
        /// The last day.
        to: Option<Date>,
    }
}

object! {
    /// A key and for whom it acts.
    KeyGrant {
        /// Who holds it: a label or one re-used commitment, never a name. One holder counts once.
        holder: Label,
        /// The raw public key.
        key: PublicKey,
        /// The party it acts for.
        party: Label,
        /// The days for which it is given.
        term: Term,
        /// What it may do, sorted, each once.
        uses: Vec<Use>,
    }
}

object! {
    /// A party: it has a role and, unless it acts by resolutions, keys.
    Party {
        /// The party that must approve changes of this party's keys besides itself.
        counter: Option<Label>,
        /// Its name, as people know it.
        name: Text,
        /// The label that other lines use.
        party: Label,
        /// Its role.
        role: Role,
        /// How many distinct holders must sign for it to approve.
        threshold: u8,
    }
}

words! {
    /// In whose name an account is held, or what it is.
    AccountClass {
        /// A bank account in the name of the assembly or the committee.
        Beneficiaries = "beneficiaries",
        /// Cash in hand.
        Cash = "cash",
        /// Held jointly by committee and trustee (共管账户).
        Joint = "joint",
        /// A member's account in a time bank.
        Member = "member",
        /// Things, not money.
        NonCash = "non-cash",
        /// A host or payment processor that holds money for the fund.
        Processor = "processor",
        /// A bank account in the trustee's name, kept for this fund alone.
        Trustee = "trustee",
        /// A wallet such as WeChat or Alipay.
        Wallet = "wallet",
    }
}

object! {
    /// A place where money lies.
    Account {
        /// The label that other lines use.
        account: Label,
        /// In whose name it is held, or what it is.
        class: AccountClass,
        /// Bank and branch or similar, without a full number.
        name: Text,
        /// SHA-256 of a salt and the account number.
        number: Option<Hash>,
        /// Whether it is open; a closed one may not be used.
        open: bool,
    }
}

object! {
    /// Whose money: the shared fund, a repair fund, a named project.
    Fund {
        /// The label that other lines use.
        fund: Label,
        /// Its name.
        name: Text,
    }
}

object! {
    /// Who may replace a lost party's keys: so many of these parties, each by its threshold (spec: A-7).
    Quorum {
        /// How many of the parties, at least two.
        needed: u8,
        /// The parties that count.
        parties: Vec<Label>,
    }
}

object! {
    /// The ledger that this one goes on from, where that one's file is lost or withheld.
    Continues {
        /// Its identity.
        identity: Hash,
        /// The root of its last known checkpoint.
        root: Hash,
        /// The size of its last known checkpoint.
        size: Size,
    }
}

object! {
    /// The first line: names the ledger for ever (spec: A-2).
    Genesis {
        /// Where money lies at first.
        accounts: Vec<Account>,
        /// The ledger that this one goes on from.
        continues: Option<Continues>,
        /// The first deed.
        deed: Box<Deed>,
        /// The first period; no date may be earlier.
        first: Period,
        /// The format, 1.
        format: u8,
        /// Whose money there is.
        funds: Vec<Fund>,
        /// The first keys.
        keys: Vec<KeyGrant>,
        /// What the ledger is of, as people know it.
        name: Text,
        /// 32 random bytes, so that no two ledgers share an identity.
        nonce: Hash,
        /// The ledger's fixed difference from UTC.
        offset: Offset,
        /// The name under which the log key signs: no blanks, no `+`.
        origin: Text,
        /// The parties.
        parties: Vec<Party>,
        /// The party whose keys record.
        recorder: Label,
        /// Who may replace lost keys.
        recovery: Quorum,
        /// Present and true if the ledger is made up; only such a ledger accepts a given clock.
        sample: Option<bool>,
        /// What is counted.
        unit: Unit,
    }
}

impl Walk for Unit {
    const VALUE: Value = Value::Single("unit");
}

object! {
    /// A further party, or a new name, counter-approver or threshold of one.
    PartyChange {
        /// The party as it is from the next line on.
        party: Party,
        /// Digest of the register changed.
        register: Hash,
    }
}

object! {
    /// A key withdrawn because it was lost, stolen or misused.
    Revocation {
        /// The lowest index from which its lines are in doubt, if earlier than this line.
        from: Option<Index>,
        /// The key.
        key: KeyId,
        /// Why.
        reason: Text,
    }
}

object! {
    /// Keys of one party change from the next line on (spec: A-5).
    Keys {
        /// Keys admitted; each signs this line to prove possession.
        add: Vec<KeyGrant>,
        /// The party whose keys change.
        party: Label,
        /// Digest of the register changed.
        register: Hash,
        /// Keys that end in good order.
        retire: Vec<KeyId>,
        /// Keys that end in doubt.
        revoke: Vec<Revocation>,
        /// Appointments, hand-over papers.
        vouchers: Option<Vec<Voucher>>,
    }
}

object! {
    /// Lost keys of a party, or the recorder, are replaced by the quorum that genesis names (spec: A-7).
    Recovery {
        /// Keys admitted; each signs this line, and the new recorder may record it.
        add: Vec<KeyGrant>,
        /// The party whose keys are replaced.
        party: Label,
        /// Why.
        reason: Text,
        /// The party whose keys record from this line on, if it changes.
        recorder: Option<Label>,
        /// Digest of the register changed.
        register: Hash,
        /// Keys that end.
        retire: Vec<KeyId>,
        /// Tree root at `size`.
        root: Hash,
        /// The size it follows, equal to its index.
        size: Size,
        /// Documents.
        vouchers: Option<Vec<Voucher>>,
    }
}

object! {
    /// The signed terms change from a day on (spec: A-8).
    DeedChange {
        /// The terms.
        deed: Box<Deed>,
        /// Digest of the deed changed.
        previous: Hash,
    }
}

object! {
    /// An account is opened, renamed or closed from the next line on.
    AccountChange {
        /// The account as it is from the next line on.
        account: Account,
    }
}

object! {
    /// Further money of its own: a named fund begins.
    FundChange {
        /// The fund as it is from the next line on.
        fund: Fund,
    }
}

object! {
    /// All parties raise the format; the old bytes are bound under a new hash (spec: F-4).
    Migration {
        /// The new hash algorithm's reserved name.
        algorithm: Label,
        /// Digest of all earlier lines under the new algorithm.
        digest: Hash,
        /// The balances on the day.
        holdings: Vec<Holding>,
        /// The format from the next line on.
        to_format: u8,
    }
}
