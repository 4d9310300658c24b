//! Files of the kind `anchor` from anywhere.
#![no_main]
libfuzzer_sys::fuzz_target!(|file: &[u8]| {
    if let Ok(anchor) = xinyi_core::Anchor::decode(file) {
        assert_eq!(anchor.encode().as_bytes(), file);
    }
});
