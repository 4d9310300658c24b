//! `xinyi compare`: are two files of one history? If not, evidence that anyone can verify (spec: J-6…J-8).

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::json;
use xinyi_core::{
    Archive, Claimed, Comparison, Contradiction, Data, Entry, ForkAt, ForkEvidence, Hash, Index, Kind, Lines,
    NoteKeys, Register, Side, Size, Trust, Verified, View,
};
use xinyi_store::{LedgerDir, LineIndex, TilesDir};

use crate::args::CompareArguments;
use crate::command::receipt;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input::Input;
use crate::lang::fl;
use crate::note;
use crate::output::{answer, show};
use crate::reading::{Reading, ledger_file};
use crate::roots::Roots;
use crate::statement_reading::StatementReading;

/// One of the two files: what it shows, and what signed pieces of it evidence can be made of.
struct Exhibit {
    /// Lines of authority, by index.
    authority: BTreeMap<Index, String>,
    /// Signed checkpoints, by size.
    notes: BTreeMap<Size, String>,
    signed: Signed,
    view: View,
}

/// Where the lines of an exhibit are.
enum Signed {
    Listed(BTreeMap<Index, String>),
    OnDisk(LineIndex),
    Published(TilesDir, Size),
}

impl Signed {
    /// The lines of a ledger of this size: they are left where they are, and each is read when it is asked for.
    fn of(path: &Path, size: Size) -> Result<Self, Failure> {
        Ok(match TilesDir::open(path) {
            Some(tiles) => Self::Published(tiles, size),
            None => Self::OnDisk(LineIndex::open(&ledger_file(path))?),
        })
    }
}

impl Lines for Signed {
    fn line(&self, index: Index) -> Option<String> {
        match self {
            Self::Listed(lines) => lines.get(&index).cloned(),
            Self::OnDisk(lines) => lines.line(index),
            Self::Published(tiles, size) => tiles.lines(*size).line(index),
        }
    }
}

pub(crate) fn run(arguments: &CompareArguments, context: &Context) -> Result<Exit, Failure> {
    let trust = arguments.trust.load()?;
    let (comparison, evidence) = compare([&arguments.first, &arguments.second], &trust, context)?;
    if let (Some(evidence), Some(path)) = (&evidence, &arguments.output) {
        xinyi_store::write_file(path, evidence.encode().as_bytes())?;
    }
    if context.is_json() {
        show(&json(&comparison, evidence.is_some()));
    } else {
        print(&comparison, evidence.is_some(), arguments.output.as_deref());
        if trust.is_empty() {
            answer(&fl!("compare-untrusted"));
        }
    }
    Ok(match comparison {
        Comparison::Same | Comparison::Prefix { .. } | Comparison::SameUpTo(_) => Exit::Clean,
        Comparison::Fork(_) | Comparison::Recovered { .. } => Exit::Findings,
        Comparison::CannotTell | Comparison::OtherLedgers => Exit::CannotTell,
    })
}

/// What two files say together, and evidence of a fork if both have a signed piece of the place where they part.
pub(crate) fn compare(
    paths: [&Path; 2],
    trust: &Trust,
    context: &Context,
) -> Result<(Comparison, Option<ForkEvidence>), Failure> {
    let [first, second] = exhibits(paths, trust, context)?;
    let comparison = first.view.compare(&second.view);
    let evidence = match comparison {
        Comparison::Fork(at) => evidence(at, &first, &second),
        _ => None,
    };
    Ok((comparison, evidence))
}

/// Both files; a bare checkpoint is judged by the keys that the other file gives for its size.
fn exhibits(paths: [&Path; 2], trust: &Trust, context: &Context) -> Result<[Exhibit; 2], Failure> {
    let (mut files, mut bare, mut keys) = (Vec::new(), Vec::new(), None);
    for (place, path) in paths.into_iter().enumerate() {
        match Input::at(path)? {
            Input::Checkpoint(text) => bare.push((place, text)),
            input => {
                let (exhibit, of_file) = exhibit(input, path, trust, context)?;
                keys = Some(of_file);
                files.push((place, exhibit));
            }
        }
    }
    for (place, text) in bare {
        files.push((place, checkpoint(text, keys.as_ref(), trust)?));
    }
    files.sort_by_key(|(place, _)| *place);
    let both: Result<[Exhibit; 2], _> =
        files.into_iter().map(|(_, file)| file).collect::<Vec<_>>().try_into();
    both.map_err(|_| Failure::usage("compare-kind", ""))
}

/// A ledger, statement or receipt, verified, with the keys by which its ledger's checkpoints
/// are judged; of the ledger that the reader knows, if the reader brought anything.
fn exhibit(
    input: Input,
    path: &Path,
    trust: &Trust,
    context: &Context,
) -> Result<(Exhibit, NoteKeys), Failure> {
    match input {
        Input::Ledger => ledger(path, trust, context),
        Input::Statement(lines, length) => {
            let mut listed = BTreeMap::new();
            let reading =
                StatementReading::of(lines, length, trust, Roots::all(), context, &mut |line, entry| {
                    listed.insert(entry.index(), (line.bytes.clone(), Shown::of(entry)));
                })?;
            statement(reading, listed, trust)
        }
        Input::Receipt(text) => of_receipt(&text, trust),
        Input::Anchor | Input::Evidence(_) | Input::Checkpoint(_) => {
            Err(Failure::usage("compare-kind", path.display()))
        }
    }
}

fn ledger(path: &Path, trust: &Trust, context: &Context) -> Result<(Exhibit, NoteKeys), Failure> {
    let mut archive = Archive::new();
    let reading = Reading::archived(path, trust, &mut archive, context)?;
    reading.must_be_good()?;
    let known = reading.replay.founding().zip(reading.replay.register()).zip(reading.replay.note_keys());
    let ((founding, register), keys) = known.ok_or_else(|| Failure::new("ledger-empty", path.display()))?;
    trust.knows(&Claimed { approvers: reading.approvers.as_deref(), founding, register })?;
    let signed = Signed::of(path, archive.tree().size())?;
    let view = archive.view().ok_or_else(|| Failure::new("ledger-empty", path.display()))?;
    let size = archive.tree().size();
    let of_authority = archive.authority(size, &signed);
    let lines = of_authority.map_err(|error| Failure::told(error.code(), error))?;
    let authority = lines.into_iter().filter_map(|line| Some((claimed_index(&line)?, line))).collect();
    let dir = LedgerDir::open(path).ok();
    let sizes = archive.places().closes().map(|closed| closed.index.size_after());
    let note = |size: Size| Some((size, dir.as_ref()?.checkpoint(size)?));
    let notes = sizes.filter_map(note).collect();
    Ok((Exhibit { authority, notes, signed, view }, keys))
}

/// What comparing needs to know of an entry.
struct Shown {
    closes: Option<Size>,
    leaf: Hash,
    recovers: bool,
}

impl Shown {
    fn of(entry: &Entry) -> Self {
        let closes = match entry.content().data() {
            Data::Close(close) => Some(close.size),
            _ => None,
        };
        Self { closes, leaf: entry.leaf(), recovers: entry.content().kind() == Kind::Recovery }
    }
}

fn statement(
    reading: StatementReading,
    listed: BTreeMap<Index, (Vec<u8>, Shown)>,
    trust: &Trust,
) -> Result<(Exhibit, NoteKeys), Failure> {
    let stated = match &reading.outcome {
        Ok(stated) => stated.clone().into_inner(),
        Err(refused) => return Err(Failure::told(refused.code, &refused.message).with(Exit::NotAuthentic)),
    };
    let reader = reading.reader.as_ref().ok_or_else(|| Failure::new("file-cut", ""))?;
    let known = reader.founding().zip(reader.replay().register()).zip(reader.replay().note_keys());
    let ((founding, register), keys) = known.ok_or_else(|| Failure::new("genesis-place", ""))?;
    trust.knows(&Claimed { approvers: Some(&stated.approvers), founding, register })?;
    let header = reader.header();
    let mut view = View {
        closes: listed.iter().filter_map(|(index, (_, shown))| Some((*index, shown.closes?))).collect(),
        identity: Some(founding.identity),
        leaves: listed.iter().map(|(index, (_, shown))| (*index, shown.leaf)).collect(),
        origin: founding.origin.clone(),
        recoveries: listed.iter().filter(|(_, (_, shown))| shown.recovers).map(|(index, _)| *index).collect(),
        roots: reading.roots.clone().into_map(),
        size: stated.checkpoint.checkpoint.size,
        tree: None,
    };
    let older = reader.carried().authority.iter().map(|(entry, _)| entry).chain(&reader.carried().older);
    view.leaves.extend(older.map(|entry| (entry.index(), entry.leaf())));
    view.recoveries.extend(recoveries(&reader.carried().authority));
    let of_path = header.authority.iter().map(|line| line.line.clone());
    let text = |bytes: &Vec<u8>| String::from_utf8_lossy(bytes).into_owned();
    let mut lines: BTreeMap<Index, String> =
        listed.iter().map(|(index, (bytes, _))| (*index, text(bytes))).collect();
    let older = header.evidence.iter().map(|line| line.line.clone()).chain(of_path);
    lines.extend(older.filter_map(|line| Some((claimed_index(&line)?, line))));
    let authority = lines.iter().filter(|(_, line)| is_authority(line));
    let authority = authority.map(|(index, line)| (*index, line.clone())).collect();
    let notes = BTreeMap::from([(view.size, header.checkpoint.clone())]);
    Ok((Exhibit { authority, notes, signed: Signed::Listed(lines), view }, keys))
}

/// The recoveries among lines of authority.
fn recoveries(entries: &[(Verified<Entry>, Register)]) -> impl Iterator<Item = Index> {
    entries
        .iter()
        .filter(|(entry, _)| entry.content().kind() == Kind::Recovery)
        .map(|(entry, _)| entry.index())
}

fn of_receipt(text: &str, trust: &Trust) -> Result<(Exhibit, NoteKeys), Failure> {
    let (parsed, received) = receipt::read(text, trust)?;
    trust.knows(&receipt::claimed(&received))?;
    let checkpoint = &received.checkpoint.checkpoint;
    let mut lines = BTreeMap::from([(parsed.index, parsed.extra.line.clone())]);
    let others = parsed.extra.authority.iter().map(|line| &line.line);
    let others = others.chain(parsed.extra.close.iter().map(|close| &close.line));
    lines.extend(others.filter_map(|line| Some((claimed_index(line)?, line.clone()))));
    let leaves = lines.iter().map(|(index, line)| (*index, Hash::leaf(line.as_bytes()))).collect();
    let mut roots = BTreeMap::from([(checkpoint.size, checkpoint.root)]);
    roots.extend(received.covered.iter().map(|covered| (covered.close.size, covered.close.root)));
    let authority = lines.iter().filter(|(_, line)| is_authority(line));
    let view = View {
        closes: received.covered.iter().map(|covered| (covered.index, covered.close.size)).collect(),
        identity: Some(received.authority.founding().identity),
        leaves,
        origin: received.authority.founding().origin.clone(),
        recoveries: recoveries(received.authority.entries()).collect(),
        roots,
        size: checkpoint.size,
        tree: None,
    };
    let authority = authority.map(|(index, line)| (*index, line.clone())).collect();
    let notes = BTreeMap::from([(checkpoint.size, parsed.checkpoint)]);
    let keys = received.authority.note_keys();
    Ok((Exhibit { authority, notes, signed: Signed::Listed(lines), view }, keys))
}

fn checkpoint(text: String, keys: Option<&NoteKeys>, trust: &Trust) -> Result<Exhibit, Failure> {
    let open = match keys {
        Some(keys) => {
            let open = keys.open(&text, &trust.witnesses());
            open.map_err(|error| Failure::told(error.code(), &error).with(Exit::NotAuthentic))?.into_inner()
        }
        None => note::opened(&text, trust)?,
    };
    let open = open.checkpoint;
    let view = View {
        closes: BTreeMap::new(),
        identity: None,
        leaves: BTreeMap::new(),
        origin: open.origin,
        recoveries: Vec::new(),
        roots: BTreeMap::from([(open.size, open.root)]),
        size: open.size,
        tree: None,
    };
    let notes = BTreeMap::from([(open.size, text)]);
    Ok(Exhibit { authority: BTreeMap::new(), notes, signed: Signed::Listed(BTreeMap::new()), view })
}

/// Evidence of a fork, if both sides have a signed piece of the place where they part (spec: J-7).
fn evidence(at: ForkAt, first: &Exhibit, second: &Exhibit) -> Option<ForkEvidence> {
    let identity = first.view.identity.or(second.view.identity)?;
    let (size, contradiction) = match at {
        ForkAt::Index(index) => {
            let sides = [first.signed.line(index)?, second.signed.line(index)?];
            (Size::new(index.get())?, Contradiction::Lines(sides))
        }
        ForkAt::Size(size) => {
            let sides = [first.notes.get(&size)?.clone(), second.notes.get(&size)?.clone()];
            (size, Contradiction::Checkpoints(sides))
        }
    };
    let source = if first.authority.is_empty() { second } else { first };
    let below = source.authority.iter().filter(|(index, _)| size.covers(**index));
    let evidence = ForkEvidence::new(identity, below.map(|(_, line)| line.clone()).collect(), contradiction);
    evidence.verify(Some(identity)).is_ok().then_some(evidence)
}

fn claimed_index(line: &str) -> Option<Index> {
    xinyi_core::Line::decode(line.as_bytes()).ok().map(|line| line.index_claimed())
}

fn is_authority(line: &str) -> bool {
    let kind = xinyi_core::Line::decode(line.as_bytes()).map(|line| line.content_claimed().kind());
    kind.is_ok_and(xinyi_core::AuthorityPath::holds)
}

fn json(comparison: &Comparison, has_evidence: bool) -> serde_json::Value {
    let side = |side: &Side| if *side == Side::First { "first" } else { "second" };
    let told = match comparison {
        Comparison::CannotTell => json!({"verdict": "cannot-tell"}),
        Comparison::Fork(ForkAt::Index(index)) => json!({"index": index, "verdict": "fork"}),
        Comparison::Fork(ForkAt::Size(size)) => json!({"size": size, "verdict": "fork"}),
        Comparison::OtherLedgers => json!({"verdict": "other-ledgers"}),
        Comparison::Prefix { shorter } => json!({"shorter": side(shorter), "verdict": "prefix"}),
        Comparison::Recovered { history, index } => {
            json!({"history": side(history), "index": index, "verdict": "recovered"})
        }
        Comparison::Same => json!({"verdict": "same"}),
        Comparison::SameUpTo(size) => json!({"size": size, "verdict": "same-up-to"}),
    };
    json!({"comparison": told, "evidence": has_evidence})
}

fn print(comparison: &Comparison, has_evidence: bool, output: Option<&Path>) {
    let side = |side: &Side| if *side == Side::First { fl!("fork-first") } else { fl!("fork-second") };
    answer(&match comparison {
        Comparison::CannotTell => fl!("compare-cannot-tell"),
        Comparison::Fork(_) => fl!("compare-fork"),
        Comparison::OtherLedgers => fl!("compare-other-ledgers"),
        Comparison::Prefix { shorter } => fl!("compare-prefix", shorter = side(shorter)),
        Comparison::Recovered { history, index } => {
            fl!("compare-recovered", history = side(history), index = index.to_string())
        }
        Comparison::Same => fl!("compare-same"),
        Comparison::SameUpTo(size) => fl!("compare-same-up-to", size = size.to_string()),
    });
    let Comparison::Fork(at) = comparison else { return };
    answer(&match at {
        ForkAt::Index(index) => fl!("fork-at-entry", index = index.to_string()),
        ForkAt::Size(size) => fl!("fork-at-size", size = size.to_string()),
    });
    answer(&match (has_evidence, output) {
        (true, Some(path)) => fl!("evidence-written", path = path.display().to_string()),
        (true, None) => fl!("evidence-possible"),
        (false, _) => fl!("evidence-none"),
    });
}
