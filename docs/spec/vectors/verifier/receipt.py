"""Receipts: one entry with its proof (H, X)."""

import base64
import binascii
import json

from .ledger import decode, identity_of
from .notes import Checkpoint, Note, keys_of, number, plain64, open_of_ledger
from .path import PROVEN, hashes, opened, path_in_tree
from .tree import check_inclusion, leaf_of
from .values import KINDS, Refused, check_text, list_of, part, read_object, sha

CLOSE = part({"entry": list_of("digest"), "line": "string", "path": list_of("digest")})
EXTRA = part(
    {
        "authority": list_of(PROVEN),
        "close": CLOSE,
        "disclosures": list_of("string"),
        "line": "string",
        "xinyi": "string",
    },
    optional=["close"],
)


class Receipt:
    """H-1: a tlog-proof with a receipt in it."""

    def __init__(self, raw):
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            raise Refused("receipt-form") from None
        proof, blank, self.checkpoint = text.partition("\n\n")
        lines = proof.split("\n")
        if not blank or lines[0] != "c2sp.org/tlog-proof@v1" or len(lines) < 2 or not lines[1].startswith("extra "):
            raise Refused("receipt-form")
        extra = plain64(lines[1][6:])
        if extra is None or not is_text(extra):
            raise Refused("receipt-form")
        self.extra = read_object(extra, EXTRA["part"])
        index = lines[2] if len(lines) > 2 else ""
        self.index = number(index[6:]) if index.startswith("index ") else None
        self.path = [plain64(line) for line in lines[3:]]
        bad_hash = any(item is None or len(item) != 32 for item in self.path)
        if self.index is None or bad_hash or len(self.path) > 63 or self.extra["xinyi"] != "receipt-v1":
            raise Refused("receipt-form")


def is_text(raw):
    try:
        raw.decode()
        return True
    except UnicodeDecodeError:
        return False


def check_receipt(file, case):
    receipt, asked = Receipt(file), case["with"].get("identity")
    witnesses = keys_of(case, "witnesses")
    claimed = Checkpoint(Note(receipt.checkpoint).text)
    raw = receipt.extra["line"].encode()
    line = decode(raw)
    content = line["content"]
    identity = content["ledger"] or identity_of(content)
    if asked and asked != identity:
        raise Refused("identity-other")
    if line["index"] != receipt.index:
        raise Refused("receipt-other")
    check_inclusion(leaf_of(raw), receipt.index, receipt.path, claimed.size, claimed.root)
    path = path_in_tree(receipt.extra["authority"], identity, claimed.size, claimed.root)
    path.entry(line)
    open_of_ledger(Note(receipt.checkpoint), path.register, path.founding.origin, witnesses)
    if "close" in receipt.extra:
        check_close(receipt.extra["close"], line, leaf_of(raw), path, claimed)
    for disclosure in receipt.extra["disclosures"]:
        check_disclosure(disclosure, content)


def check_close(item, entry, leaf, path, claimed):
    """H-5."""
    close = opened(item["line"].encode(), hashes(item["path"]), claimed.size, claimed.root)
    voices = path.entry(close)
    content, data = close["content"], close["content"]["data"]
    if content["kind"] != "close":
        raise Refused("receipt-close")
    path.register_for(close["index"]).check_needs(content, voices)
    check_inclusion(leaf, entry["index"], hashes(item["entry"]), data["size"], bytes.fromhex(data["root"]))
    named = (data["register"], data["deeds"])
    if named != (path.register_at(data["size"]), path.deeds.digest_at(data["size"])):
        raise Refused("receipt-close")
    if data["size"] > close["index"]:
        raise Refused("receipt-close")


def sealed(value, shape):
    """Every sealed field's name and commitment."""
    if isinstance(shape, dict) and "list" in shape:
        for item in value:
            yield from sealed(item, shape["list"])
    elif isinstance(shape, dict) and "part" in shape:
        for name, inner in value.items():
            of = shape["part"][name]["value"]
            if of == "sealed value":
                yield name, inner
            else:
                yield from sealed(inner, of)


def url64(text):
    """The bytes of base64url without padding (X-1)."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise Refused("disclosure-form") from None
    if base64.urlsafe_b64encode(raw).decode().rstrip("=") != text:
        raise Refused("disclosure-form")
    return raw


def check_disclosure(encoded, content):
    try:
        parts = json.loads(url64(encoded))
    except ValueError:
        raise Refused("disclosure-form") from None
    if not isinstance(parts, list) or len(parts) != 3 or not all(isinstance(item, str) for item in parts):
        raise Refused("disclosure-form")
    salt, name, value = parts
    if len(url64(salt)) < 16:
        raise Refused("disclosure-salt")
    try:
        check_text(value, 1000)
    except Refused:
        raise Refused("disclosure-value") from None
    fields = sealed(content["data"], {"part": KINDS[content["kind"]]})
    # A forget names commitments of other lines.
    if content["kind"] == "forget" or (name, sha(encoded.encode()).hex()) not in fields:
        raise Refused("receipt-disclosed")
