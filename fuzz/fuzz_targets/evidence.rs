//! Files of the kind `evidence` from anywhere.
#![no_main]
libfuzzer_sys::fuzz_target!(|file: &[u8]| {
    if let Ok(evidence) = xinyi_core::ForkEvidence::decode(file) {
        assert_eq!(evidence.encode().as_bytes(), file);
        let _ = evidence.verify(None);
    }
});
