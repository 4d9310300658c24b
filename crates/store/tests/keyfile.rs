//! Key files: what we write `openssl` opens, what it writes we open, and nobody else reads them.

#![allow(
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

use std::fs;
use std::path::Path;
use std::process::Command;

use proptest::prelude::*;
use xinyi_core::{Sign as _, Signature};
use xinyi_store::{KeyFileError, Passphrase, SecretKey, Strength};

fn passphrase(text: &str) -> Passphrase {
    Passphrase::new(text.into()).unwrap()
}

fn openssl(arguments: &[&str], dir: &Path) -> Option<bool> {
    match Command::new("openssl").args(arguments).current_dir(dir).output() {
        Ok(output) => Some(output.status.success()),
        Err(_) => {
            println!("skipped: openssl is not installed");
            None
        }
    }
}

#[test]
fn a_key_comes_back_with_its_passphrase_and_with_no_other() {
    let temporary = tempfile::tempdir().unwrap();
    let path = temporary.path().join("key.pem");
    let key = SecretKey::generate().unwrap();
    key.write(&path, Some(&passphrase("correct horse")), Strength::Portable).unwrap();
    let again = SecretKey::read(&path, || Ok(passphrase("correct horse"))).unwrap();
    assert_eq!(again.public_key(), key.public_key());
    let wrong = SecretKey::read(&path, || Ok(passphrase("battery staple"))).unwrap_err();
    assert_eq!(wrong.code(), "passphrase-wrong");
    let overwritten = key.write(&path, None, Strength::Portable).unwrap_err();
    assert_eq!(overwritten.code(), "file-exists");
    assert!(matches!(Passphrase::new("short".into()), Err(KeyFileError::PassphraseShort)));
}

#[test]
#[cfg(unix)]
fn a_key_file_is_its_owner_s_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let temporary = tempfile::tempdir().unwrap();
    let path = temporary.path().join("key.pem");
    SecretKey::generate().unwrap().write(&path, None, Strength::Portable).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let refused = SecretKey::read(&path, || Err(KeyFileError::PassphraseMissing)).unwrap_err();
    assert_eq!(refused.code(), "key-file-readable");
}

#[test]
fn openssl_opens_our_keys_and_verifies_our_signatures_and_the_reverse() {
    let temporary = tempfile::tempdir().unwrap();
    let dir = temporary.path();
    let key = SecretKey::generate().unwrap();
    key.write(&dir.join("ours.pem"), Some(&passphrase("correct horse")), Strength::Portable).unwrap();
    let public = ["pkey", "-in", "ours.pem", "-passin", "pass:correct horse", "-pubout", "-out", "ours.pub"];
    let Some(opened) = openssl(&public, dir) else { return };
    assert!(opened, "openssl opens a key we wrote");
    fs::write(dir.join("message"), b"DSSEv1 and so on").unwrap();
    fs::write(dir.join("ours.sig"), key.sign(b"DSSEv1 and so on").as_bytes()).unwrap();
    let verify = [
        "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", "ours.pub", "-in", "message", "-sigfile",
        "ours.sig",
    ];
    assert_eq!(openssl(&verify, dir), Some(true), "openssl verifies our signature");

    assert_eq!(openssl(&["genpkey", "-algorithm", "ed25519", "-out", "plain.pem"], dir), Some(true));
    let encrypt = [
        "pkcs8",
        "-topk8",
        "-v2",
        "aes-256-cbc",
        "-scrypt",
        "-in",
        "plain.pem",
        "-out",
        "theirs.pem",
        "-passout",
        "pass:correct horse",
    ];
    assert_eq!(openssl(&encrypt, dir), Some(true));
    let pem = fs::read_to_string(dir.join("theirs.pem")).unwrap();
    let theirs = SecretKey::from_pem(&pem, || Ok(passphrase("correct horse"))).unwrap();
    let sign = ["pkeyutl", "-sign", "-rawin", "-inkey", "plain.pem", "-in", "message", "-out", "theirs.sig"];
    assert_eq!(openssl(&sign, dir), Some(true));
    let signature: [u8; 64] = fs::read(dir.join("theirs.sig")).unwrap().try_into().unwrap();
    assert!(theirs.public_key().verifies(b"DSSEv1 and so on", &Signature::from_bytes(signature)));
}

#[test]
fn a_stronger_key_opens_here_too() {
    let key = SecretKey::generate().unwrap();
    let pem = key.to_pem(Some(&passphrase("correct horse")), Strength::Strong).unwrap();
    let again = SecretKey::from_pem(&pem, || Ok(passphrase("correct horse"))).unwrap();
    assert_eq!(again.public_key(), key.public_key());
    assert!(!format!("{key:?}").contains("PRIVATE"));
}

/// The private key of RFC 8410 §10.3.
const RFC_8410: &str = "-----BEGIN PRIVATE KEY-----\n\
    MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n\
    -----END PRIVATE KEY-----\n";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_damaged_key_file_is_an_error_or_another_key_and_never_a_panic(at in 0..RFC_8410.len(), byte in 0_u8..0x80) {
        let ask = || Err(KeyFileError::PassphraseMissing);
        let honest = SecretKey::from_pem(RFC_8410, ask).unwrap();
        let mut bytes = RFC_8410.as_bytes().to_vec();
        bytes[at] = byte;
        let damaged = SecretKey::from_pem(std::str::from_utf8(&bytes).unwrap(), ask);
        // Only a change of the base64 line can yield a key at all, and then another one.
        if let Ok(key) = damaged {
            prop_assert!(key.public_key() == honest.public_key() || (28..92).contains(&at), "at {}", at);
        }
    }
}
