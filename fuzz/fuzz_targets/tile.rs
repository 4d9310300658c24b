//! Paths and contents of published files from anywhere.
#![no_main]
libfuzzer_sys::fuzz_target!(|input: (&str, &[u8])| {
    let (name, bytes) = input;
    let Ok(path) = name.parse::<xinyi_core::TilePath>() else { return };
    assert_eq!(path.to_string(), name);
    if let Ok(entries) = path.entries(bytes) {
        assert_eq!(entries.iter().map(|entry| entry.len() + 2).sum::<usize>(), bytes.len());
    }
    if let Ok(hashes) = path.hashes(bytes) {
        assert_eq!(hashes.len() * xinyi_core::Hash::LEN, bytes.len());
    }
});
