//! Vectors for single values: each type's spellings, good and bad.

use serde_json::json;

/// Type, clause, good spellings, and bad ones with their code.
type Row = (&'static str, &'static str, &'static [&'static str], &'static [(&'static str, &'static str)]);

const ROWS: &[Row] = &[
    (
        "amount",
        "V-5",
        &["1234.50"],
        &[
            ("", "amount-spelling"),
            ("-1.00", "amount-spelling"),
            ("+1.00", "amount-spelling"),
            ("01.00", "amount-spelling"),
            (".50", "amount-spelling"),
            ("1.", "amount-spelling"),
            ("1_000.00", "amount-spelling"),
            ("1,000.00", "amount-spelling"),
            ("1e2", "amount-spelling"),
            (" 1.00", "amount-spelling"),
            ("１.00", "amount-spelling"),
            ("1.000000000", "amount-spelling"),
            ("10000000000000.00", "amount-too-large"),
            ("99999999999999999999999999999.00", "amount-too-large"),
        ],
    ),
    (
        "balance",
        "V-5",
        &[],
        &[("-0.00", "amount-spelling"), ("--1.00", "amount-spelling"), ("-", "amount-spelling")],
    ),
    (
        "rate",
        "V-7",
        &[],
        &[
            ("2/1", "rate-invalid"),
            ("1/0", "rate-invalid"),
            ("01/10", "rate-invalid"),
            ("1/1000001", "rate-invalid"),
            ("0.15", "rate-invalid"),
            ("15 / 100", "rate-invalid"),
            ("-1/2", "rate-invalid"),
            ("+1/2", "rate-invalid"),
        ],
    ),
    (
        "date",
        "V-8",
        &["2024-02-29"],
        &[
            ("2026-02-29", "date-invalid"),
            ("2026-2-09", "date-invalid"),
            ("2026-13-01", "date-invalid"),
            ("0000-01-01", "date-invalid"),
            ("2026-02-09T00:00:00Z", "date-invalid"),
        ],
    ),
    (
        "period",
        "V-9",
        &[],
        &[("2026-3", "period-invalid"), ("2026-00", "period-invalid"), ("2026-03-01", "period-invalid")],
    ),
    (
        "time",
        "V-10",
        &[],
        &[
            ("2026-03-31T16:30:00+00:00", "time-invalid"),
            ("2026-03-31t16:30:00z", "time-invalid"),
            ("2026-03-31T24:00:00Z", "time-invalid"),
            ("2026-03-31T16:30:60Z", "time-invalid"),
            ("2026-03-31T16:30:00.5Z", "time-invalid"),
        ],
    ),
    (
        "offset",
        "V-10",
        &[],
        &[("-00:00", "offset-invalid"), ("+8:00", "offset-invalid"), ("+15:00", "offset-invalid")],
    ),
    (
        "label",
        "V-11",
        &["property-fee.2026_q1"],
        &[
            ("", "label-invalid"),
            ("-a", "label-invalid"),
            ("A", "label-invalid"),
            ("物业", "label-invalid"),
            ("a b", "label-invalid"),
        ],
    ),
    (
        "text",
        "V-12",
        &["业委会 2026 (一)"],
        &[
            ("", "text-length"),
            (" a", "text-length"),
            ("a ", "text-length"),
            ("a\u{202E}b", "text-forbidden"),
            ("a\nb", "text-forbidden"),
            ("\u{FEFF}a", "text-forbidden"),
            ("a\u{FFFF}", "text-forbidden"),
            ("a\u{200D}b", "text-forbidden"),
            ("a\u{7F}", "text-forbidden"),
        ],
    ),
    (
        "public key",
        "K-2",
        &["d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"],
        &[
            ("0100000000000000000000000000000000000000000000000000000000000000", "key-inadmissible"),
            ("0000000000000000000000000000000000000000000000000000000000000000", "key-inadmissible"),
            ("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "key-inadmissible"),
            ("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "key-inadmissible"),
            ("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a", "key-inadmissible"),
            ("cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d", "key-inadmissible"),
            ("D75A980182B10AB7D54BFED3C964073A0EE172F3DAA62325AF021A68F707511A", "hex-invalid"),
            ("d75a98", "hex-invalid"),
        ],
    ),
];

/// docs/spec/vectors/values.json.
pub(crate) fn document() -> String {
    let mut cases = Vec::new();
    for (kind, clause, good, bad) in ROWS {
        cases.extend(
            good.iter().map(|text| json!({"clauses": [clause], "text": text, "type": kind, "valid": true})),
        );
        let bad = bad.iter().map(|(text, code)| json!({"clauses": [clause], "error": code, "text": text, "type": kind, "valid": false}));
        cases.extend(bad);
    }
    serde_json::to_string_pretty(&cases).expect("JSON") + "\n"
}
