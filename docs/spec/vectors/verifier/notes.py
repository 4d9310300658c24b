"""Signed notes, verifier keys, checkpoints, a witness's answer (N, P, W-10)."""

import base64
import binascii
import re

from .keys import verifies
from .values import Refused, admissible, sha

LOG, COSIGNER = 0x01, 0x04


def plain64(text):
    """The bytes of canonical base64 with padding, or None."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if base64.b64encode(raw).decode() == text else None


def number(text):
    """A number in decimal without leading zeros up to 2^53 − 1, or None."""
    if re.fullmatch(r"0|[1-9][0-9]*", text, re.ASCII) and int(text) < 2**53:
        return int(text)
    return None


def is_name(text):
    return bool(text) and not re.search(r"[\s+]", text)


class VerifierKey:
    """N-3, N-8: a name, what it signs, a raw key."""

    def __init__(self, name, kind, raw):
        self.name, self.kind, self.raw = name, kind, raw
        self.id = sha(name.encode() + b"\n" + bytes([kind]) + raw)[:4]

    def __eq__(self, other):
        return (self.name, self.kind, self.raw) == (other.name, other.kind, other.raw)

    @staticmethod
    def parse(text):
        name, _, rest = text.partition("+")
        identifier, _, encoded = rest.partition("+")
        typed = plain64(encoded) or b""
        if not is_name(name) or len(typed) != 33 or typed[0] not in (LOG, COSIGNER) or not admissible(typed[1:]):
            raise Refused("vkey-invalid")
        key = VerifierKey(name, typed[0], typed[1:])
        if key.id.hex() != identifier:
            raise Refused("vkey-invalid")
        return key

    def time(self, text, signature):
        """(whether the signature is this key's over the text, the time it names)."""
        seconds = None
        if self.kind == COSIGNER:
            seconds, signature = int.from_bytes(signature[:8], "big"), signature[8:]
            if seconds >= 2**63:
                return False, None
            text = f"cosignature/v1\ntime {seconds}\n{text}"
        return len(signature) == 64 and verifies(self.raw.hex(), signature, text.encode()), seconds


class Note:
    """N-1, N-2, N-5: a text and signature lines that nobody has verified."""

    def __init__(self, file):
        text, blank, rest = file.rpartition("\n\n")
        if not blank or not rest.endswith("\n") or re.search(r"[\x00-\x09\x0b-\x1f]", file):
            raise Refused("note-malformed")
        self.text, self.lines = text + "\n", []
        lines = rest[:-1].split("\n")
        if len(lines) > 100:
            raise Refused("note-malformed")
        for line in lines:
            name, _, encoded = line.removeprefix("— ").partition(" ")
            payload = plain64(encoded) or b""
            if not line.startswith("— ") or not is_name(name) or len(payload) < 5:
                raise Refused("note-malformed")
            self.lines.append((name, payload[:4], payload[4:]))
        signers = [(name, identifier) for name, identifier, _ in self.lines]
        if len(set(signers)) != len(signers):
            raise Refused("note-signature-twice")

    def verify(self, keys):
        """N-6, N-7: the keys that signed, each with the time it names."""
        signers = []
        for name, identifier, signature in self.lines:
            known = next((key for key in keys if (key.name, key.id) == (name, identifier)), None)
            if known:
                good, time = known.time(self.text, signature)
                if not good:
                    raise Refused("note-signature-bad")
                signers.append((known, time))
        if not signers:
            raise Refused("note-unsigned")
        return signers


def read_note(raw):
    try:
        return Note(raw.decode())
    except UnicodeDecodeError:
        raise Refused("note-malformed") from None


class Checkpoint:
    """P-1, P-3: origin, size and root; then extension lines that are not empty."""

    def __init__(self, text):
        lines = text.split("\n")
        if len(lines) < 4 or lines[-1] or not all(lines[:-1]):
            raise Refused("note-malformed")
        self.origin, self.size, self.root = lines[0], number(lines[1]), plain64(lines[2])
        if self.size is None or self.root is None or len(self.root) != 32:
            raise Refused("note-malformed")


class OpenCheckpoint(Checkpoint):
    """P-2: a checkpoint that a log key of its own origin has signed."""

    def __init__(self, note, keys):
        signers = note.verify(keys)
        super().__init__(note.text)
        logs = [key for key, _ in signers if key.kind == LOG and key.name == self.origin]
        if not logs:
            raise Refused("note-unsigned")
        self.logs, self.cosigners = logs, [key for key, time in signers if time is not None]


def note_keys(register, origin, size):
    """P-2, P-5: the keys of the register that may sign or cosign a checkpoint of this size."""
    logs = [grant for grant in register.active_for("log", size) if grant["party"] == register.recorder_at(size)]
    keys = [VerifierKey(origin, LOG, bytes.fromhex(grant["key"])) for grant in logs]
    for grant in register.active_for("cosign", size):
        name = f"{origin}/{grant['party']}/{grant['holder']}"
        keys.append(VerifierKey(name, COSIGNER, bytes.fromhex(grant["key"])))
    return keys


def open_of_ledger(note, register, origin, witnesses):
    """P-2: a checkpoint of this origin, by the keys of the size that it claims and the reader's own."""
    keys = note_keys(register, origin, Checkpoint(note.text).size)
    checkpoint = OpenCheckpoint(note, keys + witnesses)
    if checkpoint.origin != origin:
        raise Refused("note-unsigned")
    return checkpoint


def keys_of(case, name):
    return [VerifierKey.parse(text) for text in case["with"].get(name, [])]


def check_checkpoint(file, case):
    keys = keys_of(case, "keys")
    OpenCheckpoint(read_note(file), keys)


def check_cosignature(file, case):
    """W-10: the answer is taken for signature lines under the note's own text."""
    note = Note(case["with"]["checkpoint"])
    answer = read_note(note.text.encode() + b"\n" + file)
    if answer.text != note.text:
        raise Refused("note-malformed")
    answer.verify([VerifierKey.parse(case["with"]["key"])])
