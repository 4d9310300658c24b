//! Crashes, second writers, tampered caches: nothing acknowledged is lost, nothing unverified is trusted.

#![allow(
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

use std::fs;
use std::path::Path;

use serde_json::json;
use tempfile::TempDir;
use xinyi_core::{Approval, Content, Disclosure, Hash, Index, Kind, Sign as _, Size, Timestamp};
use xinyi_store::{Draft, Keys, LedgerDir, Outcome, Package, Proposal, ProposalError, Writer};
use xinyi_testkit::{Community, TestKey};

struct Fixture {
    community: Community,
    dir: LedgerDir,
    key: TestKey,
    _temporary: TempDir,
}

impl Fixture {
    fn new() -> Self {
        let community = Community::property_trust("2026-03");
        let temporary = tempfile::tempdir().unwrap();
        let dir = LedgerDir::create(&temporary.path().join("ledger"), &community.lines[0]).unwrap();
        Self { community, dir, key: Community::trustee(), _temporary: temporary }
    }

    fn keys(&self) -> Keys<'_> {
        Keys { log: &self.key, recorder: &self.key }
    }

    fn income(&mut self, amount: &str) -> Content {
        let data = json!({"account": "bank", "amount": amount, "category": "property-fee", "fund": "shared"});
        self.community.content("2026-03-02", Kind::Income, data)
    }

    fn add(&mut self, count: usize) {
        let contents: Vec<_> = (0..count).map(|_| self.income("1.00")).collect();
        let (mut writer, _) = Writer::open(&self.dir, self.keys()).unwrap();
        for content in contents {
            assert!(matches!(writer.append(content, vec![], noon()).unwrap(), Outcome::Recorded(_)));
        }
        writer.remember().unwrap();
    }

    fn size(&self) -> u64 {
        Writer::open(&self.dir, self.keys()).unwrap().0.replay().size().get()
    }
}

fn noon() -> Timestamp {
    "2026-03-02T04:00:00Z".parse().unwrap()
}

fn append_bytes(path: &Path, bytes: &[u8]) {
    let mut file = fs::read(path).unwrap();
    file.extend_from_slice(bytes);
    fs::write(path, file).unwrap();
}

#[test]
fn a_torn_end_is_set_aside_and_said_at_every_length() {
    let mut fixture = Fixture::new();
    fixture.add(3);
    let whole = fs::read(fixture.dir.entries()).unwrap();
    let last = whole[..whole.len() - 1].iter().rposition(|b| *b == b'\n').unwrap() + 1;
    fs::remove_file(fixture.dir.root().join("cache/snapshot")).unwrap();
    for cut in last + 1..whole.len() {
        fs::write(fixture.dir.entries(), &whole[..cut]).unwrap();
        let (writer, recovered) = Writer::open(&fixture.dir, fixture.keys()).unwrap();
        let torn = recovered.torn.expect("a torn line");
        assert_eq!(fs::read(&torn.set_aside).unwrap(), &whole[last..cut]);
        assert_eq!(writer.replay().size().get(), 3);
    }
}

#[test]
fn a_complete_line_found_after_a_crash_is_kept() {
    let mut fixture = Fixture::new();
    fixture.add(2);
    let content = fixture.income("5.00");
    let (writer, _) = Writer::open(&fixture.dir, fixture.keys()).unwrap();
    let line = writer.replay().prepare(content, vec![]).record(noon(), &fixture.key).unwrap();
    drop(writer);
    append_bytes(&fixture.dir.entries(), &[line.as_slice(), b"\n"].concat());
    assert_eq!(fixture.size(), 4);
}

#[test]
fn an_over_long_line_is_refused_and_nothing_after_it_is_cut_off() {
    let mut fixture = Fixture::new();
    fixture.add(1);
    append_bytes(&fixture.dir.entries(), &[vec![b'x'; 70_000].as_slice(), b"\nmore\n"].concat());
    let before = fs::read(fixture.dir.entries()).unwrap();
    assert_eq!(Writer::open(&fixture.dir, fixture.keys()).unwrap_err().code(), "line-too-long");
    assert_eq!(fs::read(fixture.dir.entries()).unwrap(), before);
}

#[test]
fn a_second_writer_is_kept_out() {
    let fixture = Fixture::new();
    let (_writer, _) = Writer::open(&fixture.dir, fixture.keys()).unwrap();
    assert_eq!(Writer::open(&fixture.dir, fixture.keys()).unwrap_err().code(), "locked");
}

#[test]
fn a_snapshot_saves_verification_and_a_forged_one_saves_nothing() {
    let mut fixture = Fixture::new();
    fixture.add(5);
    let verified = |fixture: &Fixture| Writer::open(&fixture.dir, fixture.keys()).unwrap().1.verified;
    assert_eq!(verified(&fixture), 0);
    let path = fixture.dir.root().join("cache/snapshot");
    let honest = fs::read_to_string(&path).unwrap();
    fs::write(&path, honest.replacen("\"size\":6", "\"size\":5", 1)).unwrap();
    assert_eq!(verified(&fixture), 6);
    let stranger = TestKey::named("stranger");
    let (writer, _) = Writer::open(&fixture.dir, fixture.keys()).unwrap();
    let forged = writer.replay().snapshot(writer.places()).unwrap().seal(&stranger).unwrap();
    drop(writer);
    fs::write(&path, forged).unwrap();
    assert_eq!(verified(&fixture), 6);
}

#[test]
fn a_changed_old_line_is_found_even_under_an_honest_snapshot() {
    let mut fixture = Fixture::new();
    fixture.add(5);
    let mut file = fs::read(fixture.dir.entries()).unwrap();
    let at = file.windows(6).position(|window| window == b"\"1.00\"").unwrap();
    file[at + 1] = b'2';
    fs::write(fixture.dir.entries(), file).unwrap();
    let refused = Writer::open(&fixture.dir, fixture.keys()).unwrap_err();
    assert!(["approval-signature", "recorder-signature"].contains(&refused.code()), "{refused}");
}

#[test]
fn a_snapshot_resumes_links_to_lines_it_no_longer_holds() {
    let mut fixture = Fixture::new();
    fixture.add(8_200);
    let old = fs::read(fixture.dir.entries()).unwrap();
    let second = Hash::leaf(old.split(|b| *b == b'\n').nth(1).unwrap());
    let mut refund = |leaf: Hash| {
        let target = json!({"index": 1, "leaf": leaf.to_string()});
        let data = json!({"account": "bank", "amount": "1.00", "fund": "shared", "reason": "twice", "target": target});
        fixture.community.content("2026-03-02", Kind::Refund, data)
    };
    let (wrong, right) = (refund(Hash::digest(b"")), refund(second));
    let index = Index::new(1).unwrap();
    let (writer, _) = Writer::open(&fixture.dir, fixture.keys()).unwrap();
    assert!(writer.replay().snapshot(writer.places()).unwrap().base().covers(index));
    assert_eq!(writer.replay().leaf(index), Some(second));
    drop(writer);
    // A tile that gives another hash is made again from the lines.
    let tile = fixture.dir.root().join("cache/tile/0/000");
    let mut hashes = fs::read(&tile).unwrap();
    hashes[32] ^= 1;
    fs::write(&tile, hashes).unwrap();
    let (mut writer, recovered) = Writer::open(&fixture.dir, fixture.keys()).unwrap();
    assert_eq!(recovered.verified, 0);
    assert_eq!(writer.append(wrong, vec![], noon()).unwrap_err().code(), "link-mismatch");
    assert!(matches!(writer.append(right, vec![], noon()).unwrap(), Outcome::Recorded(_)));
}

#[test]
fn a_repeat_is_recognised_and_another_content_under_its_name_is_refused() {
    let mut fixture = Fixture::new();
    let content = fixture.income("5.00");
    let data = json!({"account": "bank", "amount": "6.00", "category": "property-fee", "fund": "shared"});
    let other = fixture.community.named("2026-03-02", content.reference().as_str(), Kind::Income, data);
    let (mut writer, _) = Writer::open(&fixture.dir, fixture.keys()).unwrap();
    writer.append(content.clone(), vec![], noon()).unwrap();
    assert!(
        matches!(writer.append(content, vec![], noon()).unwrap(), Outcome::AlreadyThere(index) if index.get() == 1)
    );
    assert_eq!(writer.append(other, vec![], noon()).unwrap_err().code(), "reference-other");
}

#[test]
fn an_unexpected_head_is_refused() {
    let mut fixture = Fixture::new();
    fixture.add(1);
    let (writer, _) = Writer::open(&fixture.dir, fixture.keys()).unwrap();
    let (size, head) = (writer.replay().size(), writer.replay().head().unwrap());
    writer.expect_head(size, head).unwrap();
    assert_eq!(writer.expect_head(Size::default(), head).unwrap_err().code(), "head-other");
    assert_eq!(writer.expect_head(size, Hash::digest(b"")).unwrap_err().code(), "head-other");
}

#[test]
fn a_real_ledger_accepts_no_given_clock() {
    let mut genesis = Community::genesis_json("2026-03");
    genesis.as_object_mut().unwrap().remove("sample");
    let community = Community::with_genesis(genesis);
    let temporary = tempfile::tempdir().unwrap();
    let dir = LedgerDir::create(&temporary.path().join("ledger"), &community.lines[0]).unwrap();
    let key = Community::trustee();
    let (mut writer, _) = Writer::open(&dir, Keys { log: &key, recorder: &key }).unwrap();
    let data = json!({"account": "bank", "amount": "1.00", "category": "x", "fund": "shared"});
    let content = community.named("2026-03-02", "r", Kind::Income, data);
    assert_eq!(writer.append(content, vec![], noon()).unwrap_err().code(), "clock-far");
}

#[test]
fn a_package_goes_out_and_comes_back_with_approvals() {
    let mut fixture = Fixture::new();
    let content = fixture.income("5.00");
    fixture.dir.drafts().keep(&Draft { approvals: vec![], content: content.clone() }).unwrap();
    let drafts = fixture.dir.drafts().list().unwrap();
    let identity = fixture.community.replay.founding().unwrap().identity;
    let package = Package {
        disclosures: vec![],
        drafts,
        identity,
        lines: vec![],
        since: Size::default(),
        states: vec![],
    };
    let mut back = Package::decode(&package.encode().unwrap()).unwrap();
    assert_eq!(back, package);
    let approval = Approval::sign(&content, &Community::committee());
    back.drafts[0].add([approval, approval]);
    assert_eq!(back.drafts[0].approvals, vec![approval]);
    fixture.dir.drafts().remove(content.digest()).unwrap();
    assert_eq!(fixture.dir.drafts().list().unwrap(), vec![]);
}

#[test]
fn a_package_holds_private_values_only_if_it_was_given_them() {
    let fixture = Fixture::new();
    let identity = fixture.community.replay.founding().unwrap().identity;
    let mut package = Package {
        disclosures: vec![],
        drafts: vec![],
        identity,
        lines: vec![],
        since: Size::default(),
        states: vec![],
    };
    let without = String::from_utf8(package.encode().unwrap()).unwrap();
    assert!(!without.contains("disclosures"), "files from before read and write as they did: {without}");
    package.disclosures.push(Disclosure::new([7; 16], "payer", "3-501".parse().unwrap()));
    let with = String::from_utf8(package.encode().unwrap()).unwrap();
    assert_eq!(Package::decode(with.as_bytes()).unwrap(), package);
    let damaged = with.replace(package.disclosures[0].encoded(), "IiI");
    assert_eq!(Package::decode(damaged.as_bytes()).unwrap_err().code(), "disclosure-form");
}

#[test]
fn a_private_value_is_kept_opened_only_by_its_own_file_and_destroyed() {
    let fixture = Fixture::new();
    let kept = Disclosure::new([7; 16], "payer", "3-501".parse().unwrap());
    let other = Disclosure::new([8; 16], "payer", "3-502".parse().unwrap());
    fixture.dir.keep_disclosure(&kept).unwrap();
    assert_eq!(fixture.dir.disclosure(kept.commitment()).unwrap(), Some(kept.clone()));
    assert_eq!(fixture.dir.disclosure(other.commitment()).unwrap(), None);
    let file = fixture.dir.root().join("private").join(kept.commitment().to_string());
    fs::write(&file, other.encoded()).unwrap();
    assert_eq!(fixture.dir.disclosure(kept.commitment()).unwrap_err().code(), "disclosure-other");
    assert!(fixture.dir.destroy_disclosure(kept.commitment()).unwrap());
    assert!(!file.exists() && !fixture.dir.destroy_disclosure(kept.commitment()).unwrap());
}

#[test]
fn a_proposal_says_all_that_is_missing_at_once_and_seals_private_values() {
    let text = r#"{"date":"2026-03-02","kind":"income","ref":"a","data":{"amount":"1.00"},"disclose":{"payer":"3-501"}}"#;
    let mut proposal: Proposal = serde_json::from_str(text).unwrap();
    let identity = Hash::digest(b"");
    match proposal.resolve(identity, |_| None).unwrap_err() {
        ProposalError::FieldsMissing { fields, .. } => assert_eq!(fields, ["account", "category", "fund"]),
        other => panic!("{other}"),
    }
    for field in ["account", "category", "fund"] {
        proposal.data.insert(field.into(), json!("x"));
    }
    let (content, disclosures) = proposal.resolve(identity, |_| None).unwrap();
    assert!(!String::from_utf8_lossy(content.bytes()).contains("3-501"));
    assert!(String::from_utf8_lossy(content.bytes()).contains(&disclosures[0].commitment().to_string()));
}

#[test]
fn keys_stay_out_of_debug_output() {
    let fixture = Fixture::new();
    let shown = format!("{:?}", fixture.keys());
    assert!(shown.contains(&fixture.key.public_key().id().to_string()));
}

#[test]
fn a_checkpoint_that_a_crash_left_out_is_signed_on_the_next_opening() {
    let mut fixture = Fixture::new();
    fixture.add(1);
    let (mut writer, _) = Writer::open(&fixture.dir, fixture.keys()).unwrap();
    let later: Timestamp = "2026-04-02T04:00:00Z".parse().unwrap();
    let months = writer.replay().months().unwrap();
    let (period, size) = ("2026-03".parse().unwrap(), writer.replay().size());
    let close = json!({
        "deeds": months.deeds_at(size), "next": size, "period": "2026-03", "register": months.register_at(size),
        "root": writer.replay().root(), "size": size, "state": Hash::digest(b"made up"),
    });
    assert_eq!(months.due(), period);
    let content = fixture.community.named("2026-04-02", "close", Kind::Close, close);
    let approval = Approval::sign(&content, &Community::committee());
    // Appended as a crash would leave it: the line is there, its checkpoint is not.
    writer.append(content, vec![approval], later).unwrap();
    let (end, root) = (writer.replay().size(), writer.replay().root());
    drop(writer);
    assert_eq!(fixture.dir.checkpoint(end), None);
    let (_, recovered) = Writer::open(&fixture.dir, fixture.keys()).unwrap();
    assert_eq!(recovered.checkpoint, Some(end));
    let note: xinyi_core::Note = fixture.dir.checkpoint(end).unwrap().parse().unwrap();
    let key = xinyi_core::VerifierKey::new("example.org/made-up-compound", fixture.key.public_key()).unwrap();
    let open = note.verify(&[key]).unwrap();
    let checkpoint: xinyi_core::Checkpoint = open.text.parse().unwrap();
    assert_eq!((checkpoint.size, checkpoint.root), (end, root));
}
