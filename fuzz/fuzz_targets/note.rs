//! Notes and checkpoints from anywhere.
#![no_main]
libfuzzer_sys::fuzz_target!(|text: &str| {
    let _ = text.parse::<xinyi_core::Note>();
    if let Ok(checkpoint) = text.parse::<xinyi_core::Checkpoint>() {
        assert!(text.starts_with(&checkpoint.body()));
    }
});
