//! What is accepted as a content prints as it was written.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(content) = xinyi_core::Content::decode(bytes) {
        assert_eq!(content.bytes(), bytes);
    }
    let _ = xinyi_core::Line::decode(bytes);
});
