//! Files of the kind `receipt` from anywhere.
#![no_main]
libfuzzer_sys::fuzz_target!(|file: &[u8]| {
    let Ok(text) = std::str::from_utf8(file) else { return };
    if let Ok(receipt) = text.parse::<xinyi_core::Receipt>() {
        assert_eq!(receipt.to_string(), text);
        let _ = receipt.verify(None, &[]);
    }
});
