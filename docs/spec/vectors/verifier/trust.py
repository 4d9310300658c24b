"""What a reader brings: anchors, policies, files of keys (G)."""

import re

from .keys import key_id
from .notes import COSIGNER, LOG, Note, VerifierKey, number, open_of_ledger
from .values import Refused, check_hex, check_key, check_label, list_of, part, read_object

ANCHOR = part(
    {
        "checkpoints": list_of(part({"root": "digest", "size": "size"})),
        "identity": "digest",
        "origin": "text",
        "register": "digest",
        "xinyi": "string",
    }
)


class Trust:
    """What is known from elsewhere."""

    anchor = policy = None
    keys = ()


def shown(trust, case, ledgers):
    """G-3, G-5, G-6, G-8: a whole ledger or its first lines, with a checkpoint of its size or without."""
    given = case["with"]
    if "ledger" not in given:
        return
    ledger = ledgers(given["ledger"], given.get("size"))
    founding = ledger.founding
    witnesses = trust.policy.witnesses() if trust.policy else []
    witnesses = witnesses + [key for key in trust.keys if key.kind == COSIGNER]
    note = Note(given["checkpoint"]) if "checkpoint" in given else None
    checkpoint = note and open_of_ledger(note, ledger.register, founding.origin, witnesses)
    for asked in (given.get("identity"), trust.policy and trust.policy.identity):
        if asked and asked != founding.identity:
            raise Refused("identity-other")
    if trust.anchor and (trust.anchor["identity"], trust.anchor["origin"]) != (founding.identity, founding.origin):
        raise Refused("anchor-other")
    raw = [key.raw.hex() for key in trust.keys if key.kind == LOG]
    if raw and not admits(ledger.register, raw):
        raise Refused("keys-other")
    if trust.policy:
        trust.policy.check_parties(ledger)
    if trust.anchor:
        check_anchored(trust.anchor, ledger)
    if trust.policy:
        trust.policy.check_met(checkpoint)


def check_anchored(anchor, ledger):
    known = anchor["checkpoints"]
    if known and known[-1]["size"] > ledger.size:
        raise Refused("anchor-shorter")
    if any(ledger.root(item["size"]).hex() != item["root"] for item in known):
        raise Refused("anchor-fork")
    if known and ledger.register_at(known[-1]["size"]) != anchor["register"]:
        raise Refused("anchor-fork")


def party_of(register, raw):
    key = register.keys.get(key_id(raw))
    return key["grant"]["party"] if key and key["grant"]["key"] == raw else None


def admits(register, keys):
    parties = {party_of(register, key) for key in keys}
    return None not in parties and {register.role("trustee"), register.role("agent")} <= parties


def check_anchor(file, case, ledgers):
    try:
        file.decode()
    except UnicodeDecodeError:
        raise Refused("anchor-form") from None
    if not file.endswith(b"\n"):
        raise Refused("anchor-form")
    anchor = read_object(file[:-1], ANCHOR["part"])
    sizes = [item["size"] for item in anchor["checkpoints"]]
    if anchor["xinyi"] != "anchor-v1" or sizes != sorted(set(sizes)):
        raise Refused("anchor-form")
    trust = Trust()
    trust.anchor = anchor
    shown(trust, case, ledgers)


def check_keys(file, case, ledgers):
    """G-3: a verifier key or a raw key a line."""
    keys = []
    for line in file.decode(errors="replace").splitlines():
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        try:
            keys.append(VerifierKey.parse(line))
        except Refused:
            try:
                check_key(line)
            except Refused:
                raise Refused("key-inadmissible") from None
            keys.append(VerifierKey("raw", LOG, bytes.fromhex(line)))
    trust = Trust()
    trust.keys = keys
    shown(trust, case, ledgers)


class Policy:
    """G-4: C2SP tlog-policy with `ledger` and `party` lines."""

    def __init__(self, raw):
        self.identity, self.logs, self.quorum = None, [], None
        # A member is a witness's key, or the members of a group and how many of them are needed.
        self.members, self.placed, self.raw, self.parties = {}, set(), set(), []
        if len(raw) > 65536:
            raise Refused("policy-line")
        for line in raw.split(b"\n"):
            if re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", line):
                raise Refused("policy-line")
            words = [word for word in re.split(rb"[ \t]+", line) if word]
            if words and not words[0].startswith(b"#"):
                self.take(words[0], words[1:])
        if self.quorum is None:
            raise Refused("policy-quorum")

    def take(self, keyword, words):
        count = len(words)
        if keyword == b"log" and count in (1, 2):
            self.logs.append(self.key(words[0], LOG))
        elif keyword == b"witness" and count in (2, 3):
            self.define(words[0], self.key(words[1], COSIGNER))
        elif keyword == b"group" and count > 1:
            self.group(words[0], words[1], words[2:])
        elif keyword == b"quorum" and count == 1:
            if words[0] != b"none" and words[0] not in self.members:
                raise Refused("policy-unknown")
            if self.quorum is not None:
                raise Refused("policy-quorum")
            self.quorum = words[0]
        elif keyword == b"ledger" and count == 1:
            identity = spelled(words[0], lambda text: check_hex(text, 64))
            if self.identity:
                raise Refused("policy-twice")
            self.identity = identity
        elif keyword == b"party" and count > 1:
            self.party(words[0], words[1], words[2:])
        else:
            raise Refused("policy-line")

    def key(self, word, kind):
        key = verifier_key(word)
        if key.kind != kind:
            raise Refused("policy-line")
        if key.raw in self.raw:
            raise Refused("policy-twice")
        self.raw.add(key.raw)
        return key

    def define(self, name, member):
        if name == b"none" or name in self.members:
            raise Refused("policy-twice")
        self.members[name] = member

    def group(self, name, needed, members):
        count = {b"all": len(members), b"any": 1}.get(needed) or number(needed.decode(errors="replace"))
        if not members or not count or count > len(members):
            raise Refused("policy-line")
        for member in members:
            if member not in self.members:
                raise Refused("policy-unknown")
            if member in self.placed:
                raise Refused("policy-twice")
            self.placed.add(member)
        self.define(name, (members, count))

    def party(self, label, needed, words):
        label, needed = spelled(label, check_label), number(needed.decode(errors="replace"))
        if not needed or needed > len(words):
            raise Refused("policy-line")
        keys = []
        for word in words:
            raw = verifier_key(word).raw.hex()
            if raw in keys or any(raw in others for _, _, others in self.parties):
                raise Refused("policy-twice")
            keys.append(raw)
        if any(label == other for other, _, _ in self.parties):
            raise Refused("policy-twice")
        self.parties.append((label, needed, keys))

    def witnesses(self):
        return [member for member in self.members.values() if isinstance(member, VerifierKey)]

    def has_signed(self, name, cosigners):
        member = self.members[name]
        if isinstance(member, VerifierKey):
            return member in cosigners
        names, needed = member
        return sum(self.has_signed(name, cosigners) for name in names) >= needed

    def check_parties(self, ledger):
        for label, needed, keys in self.parties:
            if sum(party_of(ledger.register, key) == label for key in keys) < needed:
                raise Refused("policy-party")
        for _, needed, keys in self.parties:
            if ledger.approvers is not None and sum(key_id(key) in ledger.approvers for key in keys) < needed:
                raise Refused("policy-party")

    def check_met(self, checkpoint):
        asks = self.quorum != b"none"
        if checkpoint is None:
            if asks or self.logs:
                raise Refused("policy-unmet")
            return
        if self.logs and not any(log in self.logs for log in checkpoint.logs):
            raise Refused("policy-log")
        if asks and not self.has_signed(self.quorum, checkpoint.cosigners):
            raise Refused("policy-unmet")


def spelled(word, check):
    try:
        text = word.decode()
        check(text)
    except (UnicodeDecodeError, Refused):
        raise Refused("policy-line") from None
    return text


def verifier_key(word):
    try:
        return VerifierKey.parse(word.decode())
    except (UnicodeDecodeError, Refused):
        raise Refused("policy-line") from None


def check_policy(file, case, ledgers):
    trust = Trust()
    trust.policy = Policy(file)
    shown(trust, case, ledgers)
