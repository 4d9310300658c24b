//! Code, spec, vectors and docs agree; the architecture is what ARCHITECTURE.md says it is.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use xinyi_core::replay_bytes;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn files(folder: &str, ends: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ends) {
                found.push(path);
            }
        }
    }
    found
}

fn all(folder: &str, ends: &str) -> String {
    files(folder, ends).iter().map(|path| fs::read_to_string(path).unwrap()).collect()
}

/// Clause ids such as `E-4` in a text.
fn clauses(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    let is_clause = |word: &&str| {
        let (letter, number) = word.split_at_checked(2).unwrap_or_default();
        let known = letter
            .strip_suffix('-')
            .is_some_and(|letter| letter.len() == 1 && "ABCDEFGHIJKLMNOPQRSTVWX".contains(letter));
        known && !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())
    };
    words.filter(is_clause).map(str::to_owned).collect()
}

fn specified() -> BTreeSet<String> {
    let text = all("docs/spec", ".md");
    let marks =
        text.split("- **").skip(1).filter_map(|rest| rest.split_once(".**")).map(|(id, _)| id.to_owned());
    marks.collect()
}

#[test]
fn generated_files_are_up_to_date() {
    for (path, expected) in xtask::generated() {
        let found = fs::read_to_string(root().join(path)).unwrap_or_default();
        assert!(found == expected, "{path} is stale: run `cargo xtask write`");
    }
}

#[test]
fn every_vector_gives_the_verdict_it_names() {
    let cases = xtask::cases();
    for case in &cases {
        let stopped = replay_bytes(&case.file, None).stopped;
        let found = stopped.as_ref().map(|stopped| (stopped.index.get(), stopped.cause.code()));
        assert_eq!(found, case.stops, "{}", case.id);
    }
    let ids: BTreeSet<_> = cases.iter().map(|case| case.id).collect();
    assert_eq!(ids.len(), cases.len(), "ids are unique");
    let valid = cases.iter().filter(|case| case.stops.is_none()).count();
    assert!(cases.len() - valid >= 10 * valid, "ten faults to every good ledger");
}

#[test]
fn every_file_that_proves_itself_gives_the_verdict_its_vector_names() {
    for kind in xtask::excerpts() {
        let verdicts = kind.cases.iter().map(|case| (case.id, (kind.judge)(case).err(), case.error));
        let wrong: Vec<_> = verdicts.filter(|(_, found, expected)| found != expected).collect();
        assert!(wrong.is_empty(), "{}: (id, found, expected) {wrong:#?}", kind.path);
        let ids: BTreeSet<_> = kind.cases.iter().map(|case| case.id).collect();
        assert_eq!(ids.len(), kind.cases.len(), "{}: ids are unique", kind.path);
        let plain = |id: &str| {
            id.split('-').all(|word| !word.is_empty())
                && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        assert!(ids.iter().all(|id| plain(id)), "{}: ids are in kebab case", kind.path);
        let valid = kind.cases.iter().filter(|case| case.error.is_none()).count();
        let invalid = kind.cases.len() - valid;
        println!("{}: {valid} valid, {invalid} invalid", kind.path);
        assert!(valid > 0 && invalid >= 10 * valid, "{}: ten faults to every good file", kind.path);
    }
}

#[test]
fn every_clause_that_code_or_vectors_cite_exists() {
    let specified = specified();
    let cited = all("crates/core/src", ".rs")
        + &all("crates/store/src", ".rs")
        + &all("crates/rules/src/books", ".rs");
    let comments: String = cited.lines().filter(|line| line.contains("//")).collect::<Vec<_>>().join("\n");
    let of_files =
        xtask::excerpts().iter().flat_map(|kind| &kind.cases).flat_map(|case| case.clauses.clone());
    let of_ledgers = xtask::cases().into_iter().flat_map(|case| case.clauses);
    let vectors = of_files.chain(of_ledgers).collect::<Vec<_>>().join(" ");
    let unknown: Vec<_> =
        clauses(&(comments + &vectors)).into_iter().filter(|id| !specified.contains(id)).collect();
    assert!(unknown.is_empty(), "not in docs/spec: {unknown:?}");
}

#[test]
fn every_error_of_core_is_in_the_spec_and_has_words_in_both_languages() {
    let spec = all("docs/spec", ".md");
    let code = all("crates/core/src", ".rs");
    let codes: BTreeSet<_> = code
        .split("=> \"")
        .skip(1)
        .filter_map(|rest| rest.split_once("\",\n"))
        .map(|(code, _)| code)
        .filter(|code| {
            code.contains('-')
                && code.bytes().all(|b| b.is_ascii_lowercase() || b == b'-' || b.is_ascii_digit())
        })
        .collect();
    assert!(codes.len() > 70, "only {} codes were found", codes.len());
    for code in codes {
        assert!(spec.contains(&format!("`{code}`")), "{code} is not in docs/spec");
    }
}

#[test]
fn dependencies_point_one_way() {
    let metadata = cargo_metadata::MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .no_deps()
        .exec()
        .unwrap();
    let ours: BTreeMap<_, BTreeSet<_>> = metadata
        .packages
        .iter()
        .map(|package| {
            let normal = package
                .dependencies
                .iter()
                .filter(|dependency| dependency.kind == cargo_metadata::DependencyKind::Normal);
            (
                package.name.to_string(),
                normal
                    .map(|dependency| dependency.name.clone())
                    .filter(|name| name.starts_with("xinyi-"))
                    .collect(),
            )
        })
        .collect();
    let allowed = [
        ("xinyi-core", vec![]),
        ("xinyi-import", vec![]),
        ("xinyi-rules", vec!["xinyi-core"]),
        ("xinyi-store", vec!["xinyi-core"]),
        ("xinyi-cli", vec!["xinyi-core", "xinyi-import", "xinyi-rules", "xinyi-store"]),
    ];
    for (name, expected) in allowed {
        let expected: BTreeSet<String> = expected.into_iter().map(str::to_owned).collect();
        assert_eq!(ours[name], expected, "{name}");
    }
}

#[test]
fn only_the_store_touches_the_file_system() {
    for (folder, forbidden) in [
        (
            "crates/core/src",
            ["std::fs", "std::net", "std::env", "SystemTime", "getrandom", "println!"].as_slice(),
        ),
        (
            "crates/rules/src",
            ["std::fs", "std::net", "std::env", "SystemTime", "replay_bytes", "Line::decode", "sha2"]
                .as_slice(),
        ),
        ("crates/import/src", ["std::fs", "std::net", "std::env", "SystemTime", "println!"].as_slice()),
    ] {
        for path in files(folder, ".rs") {
            let text = fs::read_to_string(&path).unwrap();
            for word in forbidden {
                assert!(!text.contains(word), "{} names {word}", path.display());
            }
        }
    }
}

#[test]
fn nobody_else_names_the_hash_function_or_the_curve() {
    for path in files("crates/core/src", ".rs") {
        let text = fs::read_to_string(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        assert!(name == "hash.rs" || !text.contains("sha2::"), "{name}");
        assert!(name == "key.rs" || !text.contains("ed25519_dalek"), "{name}");
        let curve = ["key.rs", "key_table.rs"].contains(&name.as_str());
        assert!(curve || !text.contains("curve25519_dalek"), "{name}");
        assert!(!text.contains("verify_batch"), "{name}: a batch must never decide");
    }
}

#[test]
fn files_stay_short() {
    for folder in
        ["crates/core/src", "crates/rules/src", "crates/store/src", "crates/import/src", "crates/cli/src"]
    {
        for path in files(folder, ".rs") {
            let lines = fs::read_to_string(&path).unwrap().lines().count();
            assert!(lines <= 620, "{} has {lines} lines", path.display());
        }
    }
}

#[test]
fn a_rule_that_a_replay_keeps_names_vectors_that_it_refuses() {
    let read = |name: &str| -> Vec<serde_json::Value> {
        let text = fs::read_to_string(root().join(format!("docs/spec/vectors/{name}.json"))).unwrap();
        serde_json::from_str(&text).unwrap()
    };
    let vectors: Vec<_> =
        ["replay", "anchors", "checkpoints", "statements"].into_iter().flat_map(read).collect();
    for rule in xinyi_rules::RULES {
        let named: Vec<_> = xinyi_rules::page(rule.code).unwrap().vectors().collect();
        assert_eq!(matches!(rule.check, xinyi_rules::Check::Integrity), !named.is_empty(), "{}", rule.code);
        for name in named {
            let is_refused = |vector: &&serde_json::Value| vector["id"] == name && vector["valid"] == false;
            assert!(vectors.iter().any(|vector| is_refused(&vector)), "{}: {name}", rule.code);
        }
    }
}
