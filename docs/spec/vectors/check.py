#!/usr/bin/env python3
"""A second verifier, written from docs/spec alone: it must agree with every vector on verdict, entry and code.

Standard library, and the package `cryptography` for Ed25519; without it signatures are not checked and cases
about signatures are skipped, which is said in one line.
"""

import functools
import json
import pathlib
import sys

from verifier import books, evidence, keys, ledger, notes, receipt, state, statement, trust, values, witness
from verifier.values import Refused

HERE = pathlib.Path(__file__).parent
SIGNATURE_CODES = {"approval-signature", "note-signature-bad", "recorder-signature", "witness-unsigned"}


def vectors(name):
    return json.loads((HERE / f"{name}.json").read_text("utf-8"))


def file_of(case, good):
    """The bytes of a case's file, in whichever way it is written (README.md)."""
    if "file_hex" in case:
        return bytes.fromhex(case["file_hex"])
    if "file_parts" in case:
        return b"".join(text.encode() * times for text, times in case["file_parts"])
    if "file_like" in case:
        like = case["file_like"]
        other = good[like["good"]]
        return other[: like["head"]] + like["middle"].encode() + other[len(other) - like["tail"] :]
    return case["file"].encode()


@functools.cache
def ledger_file(name):
    return next(case["file"].encode() for case in vectors("ledgers") if case["id"] == name)


@functools.cache
def ledger_of(name, size=None):
    return ledger.replayed(ledger_file(name), size)


@functools.cache
def documents(name):
    return books.documents_of(ledger_of(name))


class Documents:
    """The state documents that follow from a ledger of ledgers.json."""

    def __getitem__(self, name):
        return documents(name)


CHECKS = {
    "anchors": lambda file, case: trust.check_anchor(file, case, ledger_of),
    "checkpoints": notes.check_checkpoint,
    "cosignatures": notes.check_cosignature,
    "evidence": evidence.check_evidence,
    "keys": lambda file, case: trust.check_keys(file, case, ledger_of),
    "policies": lambda file, case: trust.check_policy(file, case, ledger_of),
    "receipts": receipt.check_receipt,
    "statements": statement.check_statement,
    "states": lambda file, case: state.check_state(file, case, Documents()),
    "witness": witness.check_witness,
}


def code(check, *given):
    """None if the check passes, else its code."""
    try:
        check(*given)
        return None
    except Refused as refused:
        return str(refused)


class Run:
    """Counts what agrees."""

    def __init__(self):
        self.passed, self.skipped, self.wrong = 0, 0, 0

    def compare(self, name, found, expected):
        if found == expected:
            self.passed += 1
        else:
            self.wrong += 1
            print(f"{name}: {found}, not {expected}")

    def skips(self, case):
        skips = not keys.CAN_VERIFY and case.get("error") in SIGNATURE_CODES
        self.skipped += skips
        return skips


def check_replay(run):
    for case in vectors("replay"):
        if not run.skips(case):
            expected = None if case["valid"] else (case["index"], case["error"])
            run.compare(case["id"], ledger.verdict(file_of(case, {})), expected)
    for case in vectors("values"):
        found = code(values.SPELLED[case["type"]], case["text"])
        run.compare(f"{case['type']} {case['text']!r}", found, case.get("error"))


def check_ledgers(run):
    """Every ledger is good, and its closes name the documents that follow from its lines."""
    for case in vectors("ledgers"):
        run.compare(case["id"], ledger.verdict(case["file"].encode()), None)
        if case["documents"]:
            closes = [line["content"]["data"] for line in ledger_of(case["id"]).lines if line["content"]["kind"] == "close"]
            for close, text in zip(closes, case["documents"], strict=True):
                name, period = case["id"], close["period"]
                found = values.canonical(documents(name)[period])
                run.compare(f"{name} {period}", found.decode(), text)
                run.compare(f"{name} {period}", values.sha(found).hex(), close["state"])


def check_files(run, name):
    good, valid = {}, 0
    for case in vectors(name):
        file = file_of(case, good)
        if case["valid"]:
            good[case["id"]], valid = file, valid + 1
        if not run.skips(case):
            run.compare(f"{name} {case['id']}", code(CHECKS[name], file, case), case.get("error"))
    return valid, len(vectors(name)) - valid


def main():
    run = Run()
    check_replay(run)
    check_ledgers(run)
    for name in CHECKS:
        valid, invalid = check_files(run, name)
        print(f"{name}: {valid} good, {invalid} bad")
    if run.skipped:
        print(f"skipped: {run.skipped} cases about signatures, for the package `cryptography` is not installed")
    print(f"{run.passed} passed, {run.wrong} failed")
    sys.exit(1 if run.wrong else 0)


if __name__ == "__main__":
    main()
