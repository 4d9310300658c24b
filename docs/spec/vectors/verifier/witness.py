"""What a witness answers (W-2 to W-5)."""

from .notes import Checkpoint, Note, keys_of, number, plain64
from .tree import NOTHING, check_consistency
from .values import Refused

STATUS = {
    "witness-malformed": 400,
    "witness-unsigned": 403,
    "witness-log-unknown": 404,
    "witness-conflict": 409,
    "witness-inconsistent": 422,
}


def asked(raw):
    """W-2: old size, proof, note and checkpoint."""
    try:
        head, blank, note = raw.decode().partition("\n\n")
        first, *proof = head.split("\n")
        note = Note(note)
        checkpoint = Checkpoint(note.text)
    except (UnicodeDecodeError, Refused):
        raise Refused("witness-malformed") from None
    old, proof = number(first[4:]) if first.startswith("old ") else None, [plain64(line) for line in proof]
    bad_hash = any(item is None or len(item) != 32 for item in proof)
    too_large = len(raw) > 65536 or len(proof) > 63
    if not blank or old is None or bad_hash or too_large or old > checkpoint.size:
        raise Refused("witness-malformed")
    return old, proof, note, checkpoint


def judge(raw, case):
    old, proof, note, checkpoint = asked(raw)
    trusted = [key for key in keys_of(case, "logs") if key.name == checkpoint.origin]
    if not trusted:
        raise Refused("witness-log-unknown")
    try:
        note.verify(trusted)
    except Refused:
        raise Refused("witness-unsigned") from None
    latest = case["with"].get("latest")
    size, root = (0, NOTHING) if latest is None else (Checkpoint(latest).size, Checkpoint(latest).root)
    if old != size:
        raise Refused("witness-conflict")
    try:
        check_consistency(size, root, proof, checkpoint.size, checkpoint.root)
    except Refused:
        raise Refused("witness-inconsistent") from None


def check_witness(file, case):
    status, refused = 200, None
    try:
        judge(file, case)
    except Refused as found:
        status, refused = STATUS[str(found)], found
    if status != case["with"]["status"]:
        raise Refused(f"status {status}")
    if refused:
        raise refused
