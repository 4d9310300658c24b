//! A test key as the key file that `xinyi` opens: PKCS#8 in PEM, in clear (RFC 8410; spec: O-9).

use std::io::Write as _;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use xinyi_testkit::TestKey;

/// What stands before the 32 bytes of an Ed25519 secret.
const HEAD: [u8; 16] = [48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32];

/// Writes the key to a file that only its owner may read.
pub(super) fn write(path: &Path, key: &TestKey) {
    let der = [HEAD.as_slice(), &key.secret()].concat();
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(der));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut file| file.write_all(pem.as_bytes()));
    written.expect("a file to write");
}
