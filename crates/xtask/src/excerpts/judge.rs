//! What this repository's own reader says of a vector, from nothing but the file and what stands in `with`.

use serde_json::Value;
use xinyi_core::{
    AddCheckpoint, Anchor, Checkpoint, Claimed, Entry, ForkEvidence, Hash, Kind, Note, OpenCheckpoint,
    Policy, PublicKey, Receipt, ReceiptError, Shown, Size, StateDocument, Trust, Verified, VerifierKey,
    WatchedLogs, read_statement,
};
use xinyi_testkit::Community;

use super::Excerpt;
use super::ledgers::{ledger, of_fees};

/// The code of what is wrong with a file.
pub type Verdict = Result<(), &'static str>;

impl Excerpt {
    fn text(&self) -> Option<String> {
        String::from_utf8(self.bytes()).ok()
    }

    fn identity(&self) -> Option<Hash> {
        self.with["identity"].as_str().map(|text| text.parse().expect("a digest"))
    }

    fn named(&self, name: &str) -> Option<&str> {
        self.with[name].as_str()
    }

    /// The verifier keys in a list of `with`.
    fn keys(&self, name: &str) -> Result<Vec<VerifierKey>, &'static str> {
        let listed = self.with[name].as_array().into_iter().flatten().filter_map(Value::as_str);
        listed.map(str::parse).collect::<Result<_, xinyi_core::NoteError>>().map_err(|error| error.code())
    }
}

pub(crate) fn checkpoint(case: &Excerpt) -> Verdict {
    let keys = case.keys("keys")?;
    let text = case.text().ok_or("note-malformed")?;
    OpenCheckpoint::open(&text, &keys).map(|_| ()).map_err(|error| error.code())
}

pub(crate) fn cosignature(case: &Excerpt) -> Verdict {
    let note: Note = case.named("checkpoint").expect("a note").parse().expect("a note");
    let key: VerifierKey = case.named("key").expect("a key").parse().expect("a verifier key");
    let text = case.text().ok_or("note-malformed")?;
    note.cosignature_in(&text, &key).map(|_| ()).map_err(|error| error.code())
}

pub(crate) fn receipt(case: &Excerpt) -> Verdict {
    let witnesses = case.keys("witnesses")?;
    let text = case.text().ok_or("receipt-form")?;
    let read = text.parse::<Receipt>().and_then(|receipt| receipt.verify(case.identity(), &witnesses));
    read.map(|_| ()).map_err(|error: ReceiptError| error.code())
}

pub(crate) fn statement(case: &Excerpt) -> Verdict {
    let witnesses = case.keys("witnesses")?;
    read_statement(&case.bytes(), case.identity(), &witnesses).map(|_| ()).map_err(|error| error.code())
}

/// A state document beside the ledger whose figures it states: a difference is a finding.
pub(crate) fn state(case: &Excerpt) -> Verdict {
    let read = StateDocument::decode(&case.bytes()).map_err(|error| error.code())?;
    let kept = of_fees();
    assert_eq!(case.named("ledger"), Some("figures-of-fees"));
    let month = case.named("period").expect("a period");
    let follows = kept.documents().find(|document| document.period.to_string() == month).expect("a close");
    if read.digest() == follows.digest() { Ok(()) } else { Err("ST-01") }
}

pub(crate) fn evidence(case: &Excerpt) -> Verdict {
    let read = ForkEvidence::decode(&case.bytes()).and_then(|evidence| evidence.verify(case.identity()));
    read.map(|_| ()).map_err(|error| error.code())
}

pub(crate) fn witness(case: &Excerpt) -> Verdict {
    let logs = WatchedLogs::new(case.keys("logs")?).map_err(|error| error.code())?;
    let latest: Option<Checkpoint> = case.named("latest").map(|text| text.parse().expect("a checkpoint"));
    let judged = AddCheckpoint::parse(&case.bytes())
        .map_err(xinyi_core::NotCosigned::from)
        .and_then(|request| request.verify(&logs)?.after(latest.as_ref()));
    let status = judged.as_ref().map_or_else(xinyi_core::NotCosigned::status, |_| 200);
    assert_eq!(case.with["status"], status, "{}", case.id);
    judged.map(|_| ()).map_err(|error| error.code())
}

pub(crate) fn anchor(case: &Excerpt) -> Verdict {
    let anchor = Anchor::decode(&case.bytes()).map_err(|error| error.code())?;
    shown(case, Trust { anchor: Some(anchor), ..Trust::default() })
}

pub(crate) fn policy(case: &Excerpt) -> Verdict {
    let policy = Policy::parse(&case.bytes()).map_err(|error| error.code())?;
    shown(case, Trust { policy: Some(policy), ..Trust::default() })
}

/// A file of keys, one a line (spec: G-3).
pub(crate) fn keys(case: &Excerpt) -> Verdict {
    let bytes = case.bytes();
    let text = String::from_utf8_lossy(&bytes);
    let mut trust = Trust::default();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match (line.parse::<VerifierKey>(), line.parse::<PublicKey>()) {
            (Ok(key), _) => trust.keys.push(key),
            (_, Ok(key)) => trust.raw_keys.push(key),
            _ => return Err("key-inadmissible"),
        }
    }
    shown(case, trust)
}

/// The first lines of a ledger, with a checkpoint of their size or without, before the eyes of a reader.
fn shown(case: &Excerpt, trust: Trust) -> Verdict {
    let Some(name) = case.named("ledger") else { return Ok(()) };
    let whole = ledger(name);
    let count =
        case.with["size"].as_u64().map_or(whole.lines.len(), |count| usize::try_from(count).expect("small"));
    let community = Community::replayed(&whole.lines[..count]);
    let trust = Trust { identity: case.identity(), ..trust };
    let founding = community.replay.founding().expect("a genesis");
    let register = community.replay.register().expect("a register");
    let size = community.replay.size();
    let note_keys = community.replay.note_keys().expect("a genesis");
    let checkpoint = case.named("checkpoint").map(|note| note_keys.open(note, &trust.witnesses()));
    let checkpoint = checkpoint.transpose().map_err(|error| error.code())?;
    let is_close = |entry: &&Verified<Entry>| entry.content().kind() == Kind::Close;
    let closed = community.entries.iter().rev().find(is_close);
    let shown = Shown {
        checkpoint: checkpoint.as_deref(),
        claimed: Claimed { approvers: closed.map(|entry| entry.approvers()), founding, register },
        from: Size::default(),
        size,
        whole: true,
    };
    trust.judge(&shown, &community).map(|_| ()).map_err(|error| error.code())
}
