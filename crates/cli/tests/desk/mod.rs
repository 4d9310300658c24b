//! A made-up compound on disk, driven through the real binary.

#![allow(
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]
#![allow(dead_code, reason = "each test file uses its part")]
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

pub(crate) struct Compound {
    pub(crate) dir: TempDir,
}

pub(crate) struct Answer {
    pub(crate) status: i32,
    pub(crate) stderr: String,
    pub(crate) stdout: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}{}", self.stdout, self.stderr))
    }
}

pub(crate) fn xinyi() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xinyi"));
    command.env_remove("LC_ALL").env("LANG", "en_US.UTF-8");
    command
}

pub(crate) fn answer(command: &mut Command) -> Answer {
    let output = command.output().unwrap();
    Answer {
        status: output.status.code().unwrap_or(-1),
        stderr: String::from_utf8(output.stderr).unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
    }
}

impl Compound {
    /// A sample ledger with keys `trustee.pem`, `committee.pem` and `supervisor.pem` beside it.
    pub(crate) fn new(first: &str, unit: &str, deed: &str, offset: &str) -> Self {
        let compound = Self { dir: tempfile::tempdir().unwrap() };
        let mut grants = String::new();
        for (name, party, uses) in [
            ("trustee", "trustee", r#"["approve", "log", "record"]"#),
            ("committee", "committee", r#"["approve", "cosign"]"#),
            ("supervisor", "supervisor", r#"["approve"]"#),
        ] {
            let file = format!("{name}.pem");
            let made =
                answer(xinyi().args(["key", "new", "--plain", "--format", "json"]).arg(compound.path(&file)));
            let public = made.json()["public"].as_str().unwrap().to_owned();
            grants += &format!(
                "[[keys]]\nholder = \"{name}\"\nkey = \"{public}\"\nparty = \"{party}\"\nterm = {{ from = \"2000-01-01\" }}\nuses = {uses}\n"
            );
        }
        if deed.contains('\n') {
            std::fs::write(compound.path("deed.toml"), deed).unwrap();
        }
        let deed = if deed.contains('\n') { "deed.toml" } else { deed };
        std::fs::write(compound.path("setup.toml"), setup(first, unit, deed, offset) + &grants).unwrap();
        let keys = ["trustee", "committee", "supervisor"].map(|name| compound.path(&format!("{name}.pem")));
        let mut init = xinyi();
        init.arg("init").arg(compound.ledger()).arg("--setup").arg(compound.path("setup.toml"));
        for key in &keys {
            init.arg("--key").arg(key);
        }
        let begun = answer(init.args(["--clock", &format!("{first}-01T01:00:00Z")]));
        assert_eq!(begun.status, 0, "{}{}", begun.stdout, begun.stderr);
        compound
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn ledger(&self) -> PathBuf {
        self.path("ledger")
    }

    /// Runs a command on a ledger directory with a key at a time.
    pub(crate) fn run_on(&self, ledger: &Path, key: &str, time: &str, words: &[&str]) -> Answer {
        let (command, rest) = words.split_first().unwrap();
        let mut run = xinyi();
        run.arg(command)
            .arg(ledger)
            .args(["--clock", time, "--key"])
            .arg(self.path(&format!("{key}.pem")))
            .args(rest);
        answer(&mut run)
    }

    pub(crate) fn run(&self, key: &str, time: &str, words: &[&str]) -> Answer {
        self.run_on(&self.ledger(), key, time, words)
    }

    pub(crate) fn good(&self, key: &str, time: &str, words: &[&str]) -> Answer {
        let answer = self.run(key, time, words);
        assert_eq!(answer.status, 0, "{words:?}: {}{}", answer.stdout, answer.stderr);
        answer
    }

    /// Enters proposals written as JSON Lines.
    pub(crate) fn add(&self, time: &str, lines: &[Value]) -> Answer {
        let file = self.path("proposals.jsonl");
        let text: Vec<_> = lines.iter().map(ToString::to_string).collect();
        std::fs::write(&file, text.join("\n")).unwrap();
        self.good("trustee", time, &["add", "--format", "json", "--json", file.to_str().unwrap()])
    }

    /// The committee approves everything that waits, then the trustee records it.
    pub(crate) fn approve_and_record(&self, time: &str) {
        self.good("committee", time, &["approve", "--yes"]);
        self.good("trustee", time, &["record"]);
    }

    /// Checks the ledger and gives the report as JSON, with the exit status.
    pub(crate) fn check(&self, ledger: &Path) -> (i32, Value) {
        let checked = answer(xinyi().arg("check").arg(ledger).args(["--no-trust", "--format", "json"]));
        (checked.status, checked.json())
    }
}

fn setup(first: &str, unit: &str, deed: &str, offset: &str) -> String {
    format!(
        r#"
deed = "{deed}"
first = "{first}"
name = "made up"
offset = "{offset}"
origin = "example.org/made-up"
recorder = "trustee"
sample = true
unit = {{ code = "{unit}", scale = 2 }}
accounts = [
    {{ account = "bank", class = "joint", name = "made up", open = true }},
    {{ account = "host", class = "processor", name = "made up", open = true }},
    {{ account = "wechat", class = "wallet", name = "made up", open = true }},
]
funds = [{{ fund = "project", name = "made up" }}, {{ fund = "shared", name = "made up" }}]
recovery = {{ needed = 2, parties = ["committee", "supervisor", "trustee"] }}
parties = [
    {{ name = "committee", party = "committee", role = "agent", threshold = 1 }},
    {{ name = "supervisor", party = "supervisor", role = "supervisor", threshold = 1 }},
    {{ name = "trustee", party = "trustee", role = "trustee", threshold = 1 }},
]
"#
    )
}
