//! A history of git in which every commit is signed with an ssh key, for a small number of them.

use std::path::Path;
use std::process::{Command, Stdio};

use super::{COMMITS, Peer, Program, found, or_skipped, quiet};

/// Name and address of whoever signs.
const WHO: &str = "bench@example.org";

pub(super) fn peers(place: &Path) -> Vec<Peer> {
    let git = or_skipped(found("git"), "git", "git");
    let keys = or_skipped(found("ssh-keygen"), "git", "ssh-keygen");
    let (Some(git), Some(keys)) = (git, keys) else { return Vec::new() };
    let dir = place.join("commits");
    if !dir.join("made").exists() {
        eprintln!("making {}", dir.display());
        drop(std::fs::remove_dir_all(&dir));
        make(&git, &keys, &dir);
    }
    let here = dir.to_string_lossy().into_owned();
    let log = Program::new(&git, &["-C", &here, "log", "--format=%G?"]);
    let fsck = Program::new(&git, &["-C", &here, "fsck", "--full", "--no-progress"]);
    let count = u64::from(COMMITS);
    vec![
        Peer::new("git log --format=%G?", "one signature a commit", count, log),
        Peer::new("git fsck", "hashes, no signature", count, fsck),
    ]
}

fn make(git: &Path, keys: &Path, dir: &Path) {
    std::fs::create_dir_all(dir).expect("a directory");
    let key = dir.join("key");
    let made = quiet(Command::new(keys).args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(&key));
    assert!(made, "an ssh key");
    let public = std::fs::read_to_string(key.with_extension("pub")).expect("a public key");
    let signers = dir.join("signers");
    std::fs::write(&signers, format!("{WHO} {public}")).expect("a file to write");
    run(git, dir, &["init", "--quiet"]);
    let (key, signers) = (key.to_string_lossy(), signers.to_string_lossy());
    for (name, value) in [
        ("user.name", "bench"),
        ("user.email", WHO),
        ("gpg.format", "ssh"),
        ("user.signingKey", &key),
        ("gpg.ssh.allowedSignersFile", &signers),
    ] {
        run(git, dir, &["config", name, value]);
    }
    for number in 0..COMMITS {
        let message = number.to_string();
        run(git, dir, &["commit", "--quiet", "--allow-empty", "--gpg-sign", "--message", &message]);
    }
    let verdicts = Command::new(git).arg("-C").arg(dir).args(["log", "--format=%G?"]).output();
    let verdicts = verdicts.expect("git").stdout;
    let good = verdicts.split(|byte| *byte == b'\n').filter(|verdict| *verdict == b"G").count();
    assert_eq!(u32::try_from(good).ok(), Some(COMMITS), "every commit is signed well");
    std::fs::write(dir.join("made"), "").expect("a file to write");
}

fn run(git: &Path, dir: &Path, arguments: &[&str]) {
    let status = Command::new(git).arg("-C").arg(dir).args(arguments).stdout(Stdio::null()).status();
    assert!(status.is_ok_and(|status| status.success()), "git {arguments:?}");
}
