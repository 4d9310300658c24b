//! Files of the kind `statement` from anywhere.
#![no_main]
libfuzzer_sys::fuzz_target!(|file: &[u8]| {
    if let Ok(read) = xinyi_core::read_statement(file, None, &[]) {
        assert_eq!(read.replay.root(), read.stated.checkpoint.checkpoint.root);
    }
});
