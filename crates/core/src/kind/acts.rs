//! Kinds that record what parties decide, promise, find and say (spec: kinds.md, acts).

use crate::hash::Hash;
use crate::money::{Amount, Balance};
use crate::number::{Count, Index, Size};
use crate::text::{Label, Text};
use crate::time::{Date, Period, Timestamp};

use super::parts::{Holding, Link, MonthRun, Sealed, Votes, Voucher};
use super::shape::{object, words};

object! {
    /// Approval to spend, asked for before money moves (审批单); good until its date whatever deed follows.
    Order {
        /// At most so much, net of refunds, over all its expenses.
        amount: Amount,
        /// The budget line it will count against.
        budget: Option<Label>,
        /// The category of its expenses.
        category: Option<Label>,
        /// The contract it belongs to.
        contract: Option<Label>,
        /// The fund that will pay.
        fund: Label,
        /// The registered payee.
        payee: Label,
        /// What for.
        purpose: Text,
        /// The last day on which its money may move.
        until: Date,
        /// Documents: offers, drawings.
        vouchers: Option<Vec<Voucher>>,
    }
}

object! {
    /// A run of lines, with the tree root at its end.
    Range {
        /// The first index.
        from: Index,
        /// Tree root at `size`.
        root: Hash,
        /// The size that ends the run.
        size: Size,
    }
}

object! {
    /// Later approval of lines that lacked one; its own approvals are the ones its targets lacked.
    Ratification {
        /// A run of lines under a back-dated revocation.
        range: Option<Range>,
        /// Why it was right.
        reason: Text,
        /// The lines ratified.
        targets: Vec<Link>,
    }
}

object! {
    /// A party declines a draft, for all to see.
    Refusal {
        /// Digest of the content declined.
        content: Hash,
        /// The party that declines.
        party: Label,
        /// Why.
        reason: Text,
    }
}

object! {
    /// A decision of the assembly or a council, attested by the parties that sign (Civil Code art. 278).
    Resolution {
        /// Those in favour.
        agreed: Option<Votes>,
        /// All who may vote.
        all: Option<Votes>,
        /// The first day it has effect.
        effective: Option<Date>,
        /// What kind of matter: the deed maps matters to thresholds.
        matter: Label,
        /// The price after, of one square metre and month.
        new_price: Option<Amount>,
        /// The price before.
        old_price: Option<Amount>,
        /// Those who took part.
        participated: Option<Votes>,
        /// The party that decided: as a rule the assembly.
        party: Label,
        /// What was decided.
        title: Text,
        /// Minutes, notices, count.
        vouchers: Option<Vec<Voucher>>,
    }
}

words! {
    /// Who a payee is.
    PayeeClass {
        /// An organisation, named in clear.
        Organisation = "organisation",
        /// A person, named under seal.
        Person = "person",
    }
}

object! {
    /// Someone who may be paid, registered once.
    Payee {
        /// An organisation or a person.
        class: PayeeClass,
        /// Payees under one control share a group.
        group: Option<Label>,
        /// An organisation's name.
        name: Option<Text>,
        /// The label that expenses and orders use.
        payee: Label,
        /// Whether the payee is related to the trustee or a committee member.
        related: bool,
        /// A person's name, sealed.
        sealed_name: Option<Sealed>,
        /// Documents.
        vouchers: Option<Vec<Voucher>>,
    }
}

object! {
    /// An instalment of a contract.
    Instalment {
        /// How much.
        amount: Amount,
        /// When it falls due.
        due: Date,
    }
}

words! {
    /// Which way a contract's money goes.
    ContractSide {
        /// The fund receives: a lease, an advertisement.
        Income = "income",
        /// The fund pays.
        Spending = "spending",
    }
}

object! {
    /// A contract, or a new version of one: the same label replaces it from this line on.
    Contract {
        /// The label that other lines use.
        contract: Label,
        /// The other side, a registered payee.
        counterparty: Label,
        /// The decision that awarded it.
        decision: Option<Link>,
        /// The last day.
        end: Option<Date>,
        /// Instalments agreed.
        instalments: Option<Vec<Instalment>>,
        /// The price in all, or of one instalment where there is no end.
        price: Amount,
        /// The fund receives or pays.
        side: ContractSide,
        /// The first day.
        start: Date,
        /// What is let, done or bought.
        subject: Text,
        /// Offers compared, the reason for a single one.
        vouchers: Option<Vec<Voucher>>,
    }
}

object! {
    /// A voucher that came later than the line it belongs to.
    Evidence {
        /// The line it belongs to.
        target: Link,
        /// The documents.
        vouchers: Vec<Voucher>,
    }
}

object! {
    /// A demand that a party make good what it cost the fund (Trust Law art. 36).
    Loss {
        /// How much is demanded.
        amount: Amount,
        /// What happened.
        cause: Text,
        /// The party that must make it good.
        debtor: Label,
        /// The fund.
        fund: Label,
        /// Documents.
        vouchers: Option<Vec<Voucher>>,
    }
}

object! {
    /// Money that made a loss good, or a loss given up by decision.
    Restoration {
        /// The account it came into; absent if the loss is given up.
        account: Option<Label>,
        /// How much of the loss is settled.
        amount: Amount,
        /// The decision to give it up.
        decision: Option<Link>,
        /// The loss.
        target: Link,
        /// Documents.
        vouchers: Option<Vec<Voucher>>,
    }
}

object! {
    /// The trustee's performance in a run of months, in points.
    Assessment {
        /// The months assessed.
        months: MonthRun,
        /// Points, as the deed's table counts them.
        points: Count,
        /// The fee taker assessed.
        taker: Label,
        /// Score sheets.
        vouchers: Option<Vec<Voucher>>,
    }
}

object! {
    /// A question or protest about a line or about what is missing.
    Objection {
        /// Who objects, sealed, if it is not a party.
        by: Option<Sealed>,
        /// The party that objects.
        party: Option<Label>,
        /// The line it is about.
        target: Option<Link>,
        /// What is asked or claimed.
        text: Text,
    }
}

object! {
    /// A party's reply to an objection.
    Answer {
        /// The party that replies.
        party: Label,
        /// The objection.
        target: Link,
        /// The reply.
        text: Text,
        /// Documents.
        vouchers: Option<Vec<Voucher>>,
    }
}

object! {
    /// A period's file was posted for all to see.
    Publication {
        /// Digest of the file posted.
        digest: Hash,
        /// The first day it hung.
        from: Date,
        /// The period it is of.
        period: Period,
        /// Where.
        places: Vec<Text>,
        /// The last day it hung.
        to: Option<Date>,
        /// Photographs.
        vouchers: Option<Vec<Voucher>>,
    }
}

object! {
    /// A step of a procedure was done: consultation, resolution, award, work, review.
    Step {
        /// The day it was done.
        done: Date,
        /// The project.
        project: Label,
        /// The step's name, as the deed lists it.
        step: Label,
        /// Documents.
        vouchers: Option<Vec<Voucher>>,
    }
}

object! {
    /// A service given between members of a time bank, or a visit paid ahead.
    Service {
        /// What it counts for.
        amount: Amount,
        /// When it began.
        begin: Timestamp,
        /// When it ended.
        end: Timestamp,
        /// The fund whose time it is.
        fund: Label,
        /// Who gave it: an account of the time bank.
        giver: Label,
        /// What was done.
        item: Label,
        /// Who received it: an account of the time bank.
        receiver: Label,
        /// The receiver's confirmation, sealed.
        token: Option<Sealed>,
    }
}

words! {
    /// What an auditor says of the lines audited.
    Opinion {
        /// In order but for points named.
        Qualified = "qualified",
        /// Not in order.
        Adverse = "adverse",
        /// Cannot say.
        Disclaimed = "disclaimed",
        /// In order.
        Unqualified = "unqualified",
    }
}

object! {
    /// What an auditor found in a run of lines.
    AuditOpinion {
        /// The opinion.
        opinion: Opinion,
        /// The auditor, a party.
        party: Label,
        /// The lines audited.
        range: Range,
        /// The report.
        report: Option<Voucher>,
        /// A summary.
        summary: Option<Text>,
    }
}

object! {
    /// Books, balances and goods pass to another trustee or committee.
    Handover {
        /// The difference found, if any.
        difference: Option<Balance>,
        /// Who hands over.
        from: Label,
        /// The balances handed over.
        holdings: Vec<Holding>,
        /// The identity of the ledger that goes on, if it is another.
        successor: Option<Hash>,
        /// Who takes over.
        to: Label,
        /// Lists of goods, contracts, keys.
        vouchers: Option<Vec<Voucher>>,
    }
}

object! {
    /// Private values were destroyed on request; their commitments stay and nothing breaks (PIPL art. 47).
    Forget {
        /// The commitments whose values were destroyed.
        commitments: Vec<Sealed>,
        /// Why.
        reason: Text,
    }
}
