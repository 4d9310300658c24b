//! `cargo xtask write` writes every generated file of the repository.

fn main() {
    let asked = std::env::args().nth(1).unwrap_or_default();
    assert!(asked == "write", "cargo xtask write");
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    for (path, text) in xtask::generated() {
        std::fs::write(format!("{root}/{path}"), text).expect("a writable repository");
        println!("wrote {path}");
    }
}
