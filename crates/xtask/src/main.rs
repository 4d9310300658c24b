//! `cargo xtask write` writes every generated file of the repository; `cargo xtask bench` measures.

use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.split_first() {
        Some((chore, [])) if chore == "write" => write(),
        Some((chore, words)) if chore == "bench" => xtask::bench(words),
        Some((chore, words)) if chore == "measured" => xtask::measured(words),
        _ => {
            eprintln!("cargo xtask write\ncargo xtask bench …");
            ExitCode::from(2)
        }
    }
}

fn write() -> ExitCode {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    for (path, text) in xtask::generated() {
        std::fs::write(format!("{root}/{path}"), text).expect("a writable repository");
        println!("wrote {path}");
    }
    ExitCode::SUCCESS
}
