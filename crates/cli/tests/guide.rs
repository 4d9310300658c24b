//! Every command of the guide on checking files runs as it is printed there, in order, on the made-up sample; and a
//! log client written by others reads what it publishes.

#![allow(
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod desk;
#[path = "guide/commands.rs"]
mod guide;

use std::path::{Path, PathBuf};

use desk::{answer, xinyi};
use tlog_tiles::{Hash, Tile, TileHashReader, TileReader};

#[test]
fn every_command_runs_as_shown() {
    let (en, zh) = (
        guide::commands(include_str!("../../../docs/guide/checking.md")),
        guide::commands(include_str!("../../../docs/guide/checking.zh-CN.md")),
    );
    assert_eq!(en, zh, "both guides show the same commands");
    assert!(en.len() >= 9, "{en:?}");
    let place = tempfile::tempdir().unwrap();
    answer(xinyi().current_dir(place.path()).args(["demo", "sample"]));
    for (words, status) in en {
        let told = answer(xinyi().current_dir(place.path()).args(&words));
        assert_eq!(told.status, status, "{words:?}: {}{}", told.stdout, told.stderr);
    }
    the_bank_differs_as_the_demonstration_says(&place.path().join("sample"));
    others_read(&place.path().join("public"), &place.path().join("sample/ledger"));
}

/// Nothing but the payment booked wrong and the settlement on its way.
fn the_bank_differs_as_the_demonstration_says(sample: &Path) {
    let bank = format!("bank={}", sample.join("bank-2020-08.csv").display());
    let mut check = xinyi();
    check.arg("check").arg(sample.join("2020-08.statement")).arg("--trust").arg(sample.join("keys.txt"));
    let json = answer(check.args(["--bank", &bank, "--format", "json"])).json();
    let found = json["report"]["findings"].as_array().unwrap();
    let differing: Vec<_> = found.iter().map(|one| (&one["code"], &one["difference"])).collect();
    let bank = serde_json::json!("BK-02");
    assert_eq!(differing, [(&bank, &serde_json::json!("80.00")), (&bank, &serde_json::json!("994.00"))]);
}

/// Published tiles on a disk, as the other client asks for them.
struct Public(PathBuf);

impl TileReader for Public {
    fn height(&self) -> u8 {
        8
    }

    fn read_tiles(&self, tiles: &[Tile]) -> Result<Vec<Vec<u8>>, tlog_tiles::Error> {
        // Its paths carry the height of tiles, those of C2SP do not.
        let path = |tile: &Tile| tile.path().replacen("tile/8/", "tile/", 1);
        Ok(tiles.iter().map(|tile| std::fs::read(self.0.join(path(tile))).unwrap()).collect())
    }

    fn save_tiles(&self, _: &[Tile], _: &[Vec<u8>]) {}
}

/// Size and root in a signed checkpoint.
fn checkpoint(path: &Path) -> (u64, Hash) {
    use base64::Engine as _;
    let note = std::fs::read_to_string(path).unwrap();
    let mut lines = note.lines().skip(1);
    let size = lines.next().unwrap().parse().unwrap();
    let root = base64::engine::general_purpose::STANDARD.decode(lines.next().unwrap()).unwrap();
    (size, Hash(root.try_into().unwrap()))
}

/// Root, inclusion of every 500th entry and consistency with every older checkpoint come out from the tiles alone.
fn others_read(public: &Path, ledger: &Path) {
    let (size, root) = checkpoint(&public.join("checkpoint"));
    let theirs = Public(public.to_owned());
    let reader = TileHashReader::new(size, root, &theirs);
    assert_eq!(tlog_tiles::tree_hash(size, &reader).unwrap(), root);
    let entries = std::fs::read_to_string(ledger.join("entries.jsonl")).unwrap();
    for (index, line) in (0_u64..).zip(entries.lines()).take_while(|(index, _)| *index < size).step_by(500) {
        let proof = tlog_tiles::prove_record(size, index, &reader).unwrap();
        let leaf = tlog_tiles::record_hash(line.as_bytes());
        tlog_tiles::check_record(&proof, size, root, index, leaf).unwrap();
    }
    let mut older = 0;
    for note in std::fs::read_dir(ledger.join("checkpoints")).unwrap() {
        let (old, old_root) = checkpoint(&note.unwrap().path());
        if old < size {
            let proof = tlog_tiles::prove_tree(size, old, &reader).unwrap();
            tlog_tiles::check_tree(&proof, size, root, old, old_root).unwrap();
            older += 1;
        }
    }
    assert!(older >= 12, "every month's checkpoint is a beginning of what was published");
}
