"""Signatures, chain and tree of a ledger file in bounded memory, as docs/spec says; no authority, months or rules.

Keys are those that genesis and later lines grant. Every line must be canonical JSON.
"""

import functools
import hashlib
import json
import sys

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

CONTENT = b"application/vnd.xinyi.content+json;version=1"
RECORD = b"application/vnd.xinyi.record+json;version=1"


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def signed(kind, body):
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(body), body)


@functools.cache
def key_of(raw):
    return Ed25519PublicKey.from_public_bytes(bytes.fromhex(raw))


def key_id(raw):
    return hashlib.sha256(b"ed25519\n" + bytes.fromhex(raw)).hexdigest()[:16]


class Tree:
    """The roots of the whole trees to the left, largest first (RFC 6962)."""

    def __init__(self):
        self.edge, self.size = [], 0

    def add(self, leaf):
        self.size += 1
        self.edge.append(leaf)
        size = self.size
        while size % 2 == 0:
            right, left = self.edge.pop(), self.edge.pop()
            self.edge.append(hashlib.sha256(b"\x01" + left + right).digest())
            size //= 2

    def root(self):
        root = self.edge[-1]
        for left in reversed(self.edge[:-1]):
            root = hashlib.sha256(b"\x01" + left + root).digest()
        return root


def verify(file):
    keys, tree, prev = {}, Tree(), ""
    for index, raw in enumerate(file):
        raw = raw.rstrip(b"\n")
        line = json.loads(raw)
        assert canonical(line) == raw, f"{index}: not canonical"
        assert (line["index"], line["prev"]) == (index, prev), f"{index}: not in its place"
        content = line["content"]
        granted = content["data"].get({"genesis": "keys", "keys": "add"}.get(content["kind"]), [])
        keys.update((key_id(grant["key"]), grant["key"]) for grant in granted)
        approved = signed(CONTENT, canonical(content))
        for approval in line["approvals"]:
            key_of(keys[approval["key"]]).verify(bytes.fromhex(approval["sig"]), approved)
        sig = bytes.fromhex(line.pop("sig"))
        key_of(keys[line["recorder"]]).verify(sig, signed(RECORD, canonical(line)))
        leaf = hashlib.sha256(b"\x00" + raw).digest()
        tree.add(leaf)
        prev = leaf.hex()
    print(tree.size, tree.root().hex())


with open(sys.argv[1], "rb") as ledger:
    verify(ledger)
