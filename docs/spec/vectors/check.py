#!/usr/bin/env python3
"""A second verifier, written from docs/spec alone: it must agree with every vector on verdict, entry and code.

Standard library, and the package `cryptography` for Ed25519; without it signatures are not checked and cases
about signatures are skipped, which is said in one line.
"""

import hashlib
import json
import pathlib
import re
import sys
from datetime import date, datetime, timedelta, timezone

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    Ed25519PublicKey = None

HERE = pathlib.Path(__file__).parent
KINDS = json.loads((HERE / "kinds.json").read_text("utf-8"))
SIGNATURE_CODES = {"approval-signature", "recorder-signature"}
WINDING_UP = {"fee", "refund", "held-out", "transfer", "reversal", "ratification", "audit-opinion", "handover"}
PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493


class Refused(Exception):
    """The code of the first error of a line."""


def sha(data):
    return hashlib.sha256(data).digest()


def canonical(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def digest(value):
    return sha(canonical(value)).hex()


# --- K-2: a point of prime order, in its canonical encoding -------------------------------------------------------


def recover(encoded):
    """The point behind 32 bytes, or None (RFC 8032 §5.1.3)."""
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= PRIME:
        return None
    d = -121665 * pow(121666, -1, PRIME) % PRIME
    x2 = (y * y - 1) * pow(d * y * y + 1, -1, PRIME) % PRIME
    x = pow(x2, (PRIME + 3) // 8, PRIME)
    if (x * x - x2) % PRIME:
        x = x * pow(2, (PRIME - 1) // 4, PRIME) % PRIME
    if (x * x - x2) % PRIME or (x == 0 and sign):
        return None
    return (PRIME - x if x & 1 != sign else x, y)


def add(p, q):
    d = -121665 * pow(121666, -1, PRIME) % PRIME
    (x1, y1), (x2, y2) = p, q
    k = d * x1 * x2 * y1 * y2 % PRIME
    x = (x1 * y2 + x2 * y1) * pow(1 + k, -1, PRIME) % PRIME
    y = (y1 * y2 + x1 * x2) * pow(1 - k, -1, PRIME) % PRIME
    return (x, y)


def times(number, point):
    result = (0, 1)
    while number:
        if number & 1:
            result = add(result, point)
        point, number = add(point, point), number >> 1
    return result


def admissible(encoded):
    point = recover(encoded)
    return point is not None and point != (0, 1) and times(ORDER, point) == (0, 1)


# --- V: values ----------------------------------------------------------------------------------------------------

FORBIDDEN = re.compile(
    "[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufdd0-\ufdef"
    + "".join(chr(plane * 0x10000 + end) for plane in range(17) for end in (0xFFFE, 0xFFFF)) + "]"
)


def check_amount(text, signed):
    body = text[1:] if signed and text.startswith("-") else text
    if not re.fullmatch(r"(0|[1-9][0-9]*)(\.[0-9]{1,8})?", body, re.ASCII):
        raise Refused("amount-spelling")
    units = int(body.replace(".", ""))
    if units >= 10**15:
        raise Refused("amount-too-large")
    if body != text and units == 0:
        raise Refused("amount-spelling")


def check_text(text, limit):
    if FORBIDDEN.search(text):
        raise Refused("text-forbidden")
    if not text or len(text.encode()) > limit or text.strip(" ") != text:
        raise Refused("text-length")


def check_date(text):
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII):
        raise Refused("date-invalid")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused("date-invalid") from None


def check_time(text):
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", text, re.ASCII):
        raise Refused("time-invalid")
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
    except ValueError:
        raise Refused("time-invalid") from None


def check_offset(text):
    match = re.fullmatch(r"([+-])([0-9]{2}):([0-9]{2})", text, re.ASCII)
    minutes = match and int(match[2]) * 60 + int(match[3])
    if not match or int(match[3]) > 59 or minutes > 14 * 60 or text == "-00:00":
        raise Refused("offset-invalid")
    return timedelta(minutes=-minutes if match[1] == "-" else minutes)


def check_rate(text):
    match = re.fullmatch(r"(0|[1-9][0-9]*)/([1-9][0-9]*)", text, re.ASCII)
    if not match or int(match[1]) > int(match[2]) or int(match[2]) > 1_000_000:
        raise Refused("rate-invalid")


def check_period(text):
    if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", text, re.ASCII) or text < "0001":
        raise Refused("period-invalid")


def check_hex(text, digits):
    if not re.fullmatch(f"[0-9a-f]{{{digits}}}", text, re.ASCII):
        raise Refused("hex-invalid")


def check_key(text):
    check_hex(text, 64)
    if not admissible(bytes.fromhex(text)):
        raise Refused("key-inadmissible")


def check_label(text):
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,63}", text, re.ASCII):
        raise Refused("label-invalid")


SPELLED = {
    "amount": lambda text: check_amount(text, False),
    "balance": lambda text: check_amount(text, True),
    "date": check_date,
    "digest": lambda text: check_hex(text, 64),
    "key id": lambda text: check_hex(text, 16),
    "label": check_label,
    "offset": check_offset,
    "period": check_period,
    "public key": check_key,
    "rate": check_rate,
    "reference": lambda text: check_text(text, 128),
    "sealed value": lambda text: check_hex(text, 64),
    "text": lambda text: check_text(text, 1000),
    "time": check_time,
}
OBJECTS = {
    "link": {"index": {"optional": False, "value": "index"}, "leaf": {"optional": False, "value": "digest"}},
    "unit": {"code": {"optional": False, "value": "label"}, "scale": {"optional": False, "value": "small number"}},
}


def check_value(value, shape):
    """One value against its shape in kinds.json."""
    if isinstance(shape, dict) and "list" in shape:
        if not isinstance(value, list):
            raise Refused("type-wrong")
        for item in value:
            check_value(item, shape["list"])
    elif isinstance(shape, dict) and "part" in shape:
        check_object(value, shape["part"])
    elif isinstance(shape, dict):
        if not isinstance(value, str):
            raise Refused("type-wrong")
        if value not in shape["words"]:
            raise Refused("word-unknown")
    elif shape in OBJECTS:
        check_object(value, OBJECTS[shape])
    elif shape == "truth":
        if not isinstance(value, bool):
            raise Refused("type-wrong")
    elif shape in ("count", "index", "size", "small number"):
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise Refused("type-wrong")
        if value > (255 if shape == "small number" else 2**53 - 1):
            raise Refused("integer-too-large")
    elif not isinstance(value, str):
        raise Refused("type-wrong")
    else:
        SPELLED[shape](value)


def check_object(value, fields):
    if not isinstance(value, dict):
        raise Refused("type-wrong")
    for name in value:
        if name not in fields:
            raise Refused("field-unknown")
        if fields[name]["optional"] and value[name] is None:
            raise Refused("not-canonical")  # E-7: absent, never null
        check_value(value[name], fields[name]["value"])
    for name, field in fields.items():
        if name not in value and not field["optional"]:
            raise Refused("field-missing")


def walk(value, shape):
    """Every single value with its shape's name."""
    if isinstance(shape, dict) and "list" in shape:
        for item in value:
            yield from walk(item, shape["list"])
    elif isinstance(shape, dict) and "part" in shape:
        for name, inner in value.items():
            yield from walk(inner, shape["part"][name]["value"])
    else:
        yield shape, value


# --- E: lines -----------------------------------------------------------------------------------------------------

LINE = ["approvals", "content", "index", "prev", "recorded", "recorder", "sig"]
CONTENT = ["data", "date", "kind", "ledger", "ref"]


def pairs(items):
    names = [name for name, _ in items]
    if len(set(names)) != len(names):
        raise Refused("field-duplicate")
    return dict(items)


def named(value, names):
    if not isinstance(value, dict):
        raise Refused("type-wrong")
    if set(value) - set(names):
        raise Refused("field-unknown")
    if set(names) - set(value):
        raise Refused("field-missing")


def decode(raw):
    if raw.startswith(b"\xef\xbb\xbf") or raw.endswith(b"\r"):
        raise Refused("file-converted")
    if len(raw) > 65535:
        raise Refused("line-too-long")
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        raise Refused("not-utf8") from None
    try:
        line = json.loads(text, object_pairs_hook=pairs)
    except json.JSONDecodeError:
        raise Refused("json-malformed") from None
    named(line, LINE)
    for approval in line["approvals"]:
        named(approval, ["key", "sig"])
        check_hex(approval["key"], 16)
        check_hex(approval["sig"], 128)
    check_value(line["index"], "index")
    for name, digits in (("recorder", 16), ("sig", 128)):
        check_hex(line[name], digits)
    if line["prev"]:
        check_hex(line["prev"], 64)
    check_value(line["recorded"], "time")
    content = line["content"]
    named(content, CONTENT)
    check_value(content["date"], "date")
    if content["kind"] not in KINDS:
        raise Refused("word-unknown")
    if content["ledger"]:
        check_hex(content["ledger"], 64)
    check_value(content["ref"], "reference")
    check_object(content["data"], KINDS[content["kind"]])
    if canonical(line) != raw:
        raise Refused("not-canonical")
    return line


# --- T: tree ------------------------------------------------------------------------------------------------------


def root_of(leaves):
    if not leaves:
        return sha(b"")
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha(b"\x01" + root_of(leaves[:split]) + root_of(leaves[split:]))


# --- S, A, B: the replay ------------------------------------------------------------------------------------------


def key_id(key):
    return sha(b"ed25519\n" + bytes.fromhex(key)).hex()[:16]


def pae(kind, body):
    name = f"application/vnd.xinyi.{kind}+json;version=1".encode()
    return b"DSSEv1 %d %s %d %s" % (len(name), name, len(body), body)


def verifies(key, signature, message):
    if Ed25519PublicKey is None:
        return True
    raw = bytes.fromhex(signature)
    if int.from_bytes(raw[32:], "little") >= ORDER:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(raw, message)
        return True
    except InvalidSignature:
        return False


def next_period(period):
    year, month = int(period[:4]), int(period[5:])
    return f"{year + month // 12:04}-{month % 12 + 1:02}"


class Ledger:
    """What a verifier knows after the lines so far."""

    def __init__(self):
        self.leaves, self.closed, self.last, self.state = [], None, False, None
        self.taken, self.dates, self.deeds, self.registers = set(), [], [], []
        self.identity = None

    # Register (A)

    def register(self):
        keys = [self.keys[name] for name in sorted(self.keys)]
        parties = [self.parties[name] for name in sorted(self.parties)]
        return {"keys": keys, "parties": parties, "recorder": self.recorder, "recovery": self.recovery}

    def active(self, name, index):
        key = self.keys.get(name)
        if key and key["from"] <= index and ("end" not in key or index < key["end"]["until"]):
            return key["grant"]
        return None

    def role(self, role):
        return next(name for name in sorted(self.parties) if self.parties[name]["role"] == role)

    def met(self, party, voices):
        return len({holder for of, holder in voices if of == party}) >= self.parties[party]["threshold"]

    def admit(self, grants, start):
        ids = [key_id(grant["key"]) for grant in grants]
        if ids != sorted(set(ids)):
            raise Refused("list-not-sorted")
        for name, grant in zip(ids, grants):
            if grant["party"] not in self.parties:
                raise Refused("party-unknown")
            if not grant["uses"] or grant["uses"] != sorted(set(grant["uses"])):
                raise Refused("list-not-sorted")
            present = [key["grant"] for key in self.keys.values() if "end" not in key]
            if any(o["holder"] == grant["holder"] and o["party"] != grant["party"] for o in present):
                raise Refused("holder-of-two-parties")
            if name in self.keys:
                raise Refused("key-reused")
            self.keys[name] = {"from": start, "grant": grant}

    def check_reach(self):
        for role in ("trustee", "agent"):
            if sum(party["role"] == role for party in self.parties.values()) != 1:
                raise Refused("role-not-one")
        live = [key["grant"] for key in self.keys.values() if "end" not in key]
        for name in sorted(self.parties):
            party = self.parties[name]
            if party.get("counter") == name:
                raise Refused("counter-own")
            if party.get("counter", name) not in self.parties:
                raise Refused("party-unknown")
            holders = {g["holder"] for g in live if g["party"] == name and "approve" in g["uses"]}
            acts = party["role"] in ("trustee", "agent") or any(g["party"] == name for g in live)
            if party["threshold"] == 0 or acts and len(holders) < party["threshold"]:
                raise Refused("threshold-out-of-reach")
        uses = {use for g in live if g["party"] == self.recorder for use in g["uses"]}
        if not {"record", "log"} <= uses:
            raise Refused("recorder-without-key")

    def needs(self, kind, data):
        """The parties of A-4 and how many of them."""
        both = {self.role("trustee"), self.role("agent")}
        if kind in ("close", "deed", "party"):
            return both, 2
        if kind == "genesis":
            parties = {key["grant"]["party"] for key in self.keys.values()}
            return parties, len(parties)
        if kind == "keys":
            party = self.parties.get(data["party"])
            default = self.role("trustee" if party and party["role"] == "agent" else "agent")
            parties = {data["party"], (party or {}).get("counter", default)} if party else {data["party"]}
            return parties, len(parties)
        if kind == "recovery":
            return set(self.recovery["parties"]) - {data["party"]}, self.recovery["needed"]
        return set(), 0

    # One line (R-2)

    def push(self, raw):
        line = decode(raw)
        content, index = line["content"], len(self.leaves)
        if line["index"] != index:
            raise Refused("index-wrong")
        if line["prev"] != (self.leaves[-1].hex() if self.leaves else ""):
            raise Refused("prev-wrong")
        data, kind = content["data"], content["kind"]
        if index == 0:
            self.check_founding(line, content, data)
        else:
            self.check_content(line, content, data, kind)
        self.check_signers(line, content, data, kind, index)
        if kind == "close":
            self.check_close(data, content["date"], index)
        if kind == "recovery" and (data["size"] != index or data["root"] != root_of(self.leaves).hex()):
            raise Refused("recovery-tip")
        if kind in ("keys", "recovery", "party"):
            self.change(data, kind, index)
        self.take(raw, content, data, kind, index)

    def day(self, line):
        return (check_time(line["recorded"]) + self.offset).date().isoformat()

    def check_scale(self, data, kind):
        for shape, value in walk(data, {"part": KINDS[kind]}):
            if shape in ("amount", "balance"):
                if len(value.partition(".")[2]) != self.scale:
                    raise Refused("amount-scale")

    def check_date(self, content, line):
        if content["date"][:7] < self.first:
            raise Refused("date-before-first")
        if content["date"] > self.day(line):
            raise Refused("date-in-future")
        if self.closed and content["date"][:7] <= self.closed:
            raise Refused("period-closed")

    def check_founding(self, line, content, data):
        if content["kind"] != "genesis":
            raise Refused("genesis-place")
        if data["format"] != 1:
            raise Refused("unsupported")
        if content["ledger"]:
            raise Refused("ledger-other")
        for group, name in (("accounts", "account"), ("funds", "fund"), ("parties", "party")):
            labels = [item[name] for item in data[group]]
            if len(set(labels)) != len(labels):
                raise Refused("label-twice")
        if re.search(r"[\s+]", data["origin"]):
            raise Refused("origin-invalid")
        if data["unit"]["scale"] > 8:
            raise Refused("unit-invalid")
        if data["deed"]["first"] != data["first"] + "-01":
            raise Refused("deed-start")
        self.identity = sha(b"xinyi/identity/v1\n" + canonical(content)).hex()
        self.scale, self.first = data["unit"]["scale"], data["first"]
        self.offset = check_offset(data["offset"])
        self.check_scale(data, "genesis")
        self.keys, self.recorder, self.recovery = {}, data["recorder"], data["recovery"]
        self.parties = {party["party"]: party for party in data["parties"]}
        if any(party not in self.parties for party in self.recovery["parties"]):
            raise Refused("party-unknown")
        if self.recovery["parties"] != sorted(set(self.recovery["parties"])):
            raise Refused("list-not-sorted")
        if not 2 <= self.recovery["needed"] <= len(self.recovery["parties"]):
            raise Refused("quorum-too-small")
        self.admit(data["keys"], 0)
        self.check_reach()
        self.check_date(content, line)

    def check_content(self, line, content, data, kind):
        if kind == "genesis":
            raise Refused("genesis-place")
        if content["ledger"] != self.identity:
            raise Refused("ledger-other")
        if kind == "migration":
            raise Refused("unsupported")
        self.check_scale(data, kind)
        for shape, value in walk(data, {"part": KINDS[kind]}):
            if shape == "link":
                known = value["index"] < len(self.leaves) and self.leaves[value["index"]].hex()
                if known != value["leaf"]:
                    raise Refused("link-mismatch")
        self.check_date(content, line)
        if self.last and kind not in WINDING_UP:
            raise Refused("after-last-close")
        if (content["date"][:7], content["ref"]) in self.taken:
            raise Refused("reference-taken")
        if kind == "deed":
            first = data["deed"]["first"]
            if not first.endswith("-01") or first[:7] < self.due():
                raise Refused("deed-start")
            if data["previous"] != self.deeds[-1]["digest"]:
                raise Refused("deed-stale")

    def check_signers(self, line, content, data, kind, index):
        ids = [approval["key"] for approval in line["approvals"]]
        if ids != sorted(set(ids)) or line["recorder"] in ids:
            raise Refused("approval-order")
        admitted = {key_id(g["key"]): g for g in (data["keys"] if kind == "genesis" else data.get("add", []))}
        if kind not in ("genesis", "keys", "recovery"):
            admitted = {}
        voices = []
        for approval in line["approvals"]:
            grant = self.active(approval["key"], index)
            grant = grant if grant and "approve" in grant["uses"] else None
            known = grant or admitted.get(approval["key"])
            if not known:
                raise Refused("approval-key")
            if not verifies(known["key"], approval["sig"], pae("content", canonical(content))):
                raise Refused("approval-signature")
            if grant:
                voices.append((grant["party"], grant["holder"]))
        grant = self.active(line["recorder"], index)
        recorder = data.get("recorder", self.recorder) if kind == "recovery" else self.recorder
        known = grant or (admitted.get(line["recorder"]) if kind == "recovery" else None)
        if not known or "record" not in known["uses"] or known["party"] != recorder:
            raise Refused("recorder-key")
        body = canonical({name: value for name, value in line.items() if name != "sig"})
        if not verifies(known["key"], line["sig"], pae("record", body)):
            raise Refused("recorder-signature")
        if grant and "approve" in grant["uses"]:
            voices.append((grant["party"], grant["holder"]))
        if set(admitted) - set(ids) - {line["recorder"]}:
            raise Refused("key-unproven")
        parties, needed = self.needs(kind, data)
        if sum(party in self.parties and self.met(party, voices) for party in parties) < needed:
            raise Refused("approvals-missing")

    def due(self):
        return next_period(self.closed) if self.closed else self.first

    def check_close(self, data, day, index):
        if data["period"] != self.due():
            raise Refused("close-order")
        if day[:7] <= data["period"]:
            raise Refused("close-date")
        size = data["size"]
        if not index - 4096 <= size <= index:
            raise Refused("close-size")
        if data["root"] != root_of(self.leaves[:size]).hex():
            raise Refused("close-root")
        if any(day[:7] == data["period"] for day in self.dates[size:]):
            raise Refused("close-late-entry")
        later = [place for place, day in enumerate(self.dates[:size]) if day[:7] > data["period"]]
        if data["next"] != (later[0] if later else size):
            raise Refused("close-next")
        if data.get("previous") != self.state:
            raise Refused("close-previous")
        if data["register"] != [value for start, value in self.registers if start <= size][-1]:
            raise Refused("close-register")
        if data["deeds"] != digest([deed for deed in self.deeds if deed["index"] < size]):
            raise Refused("close-deeds")

    def change(self, data, kind, index):
        before = json.dumps([self.keys, self.parties, self.recorder])
        try:
            if data["register"] != digest(self.register()):
                raise Refused("register-stale")
            if kind == "party":
                self.parties[data["party"]["party"]] = data["party"]
            else:
                self.change_keys(data, kind, index + 1)
            self.check_reach()
        except Refused:
            self.keys, self.parties, self.recorder = json.loads(before)
            raise

    def change_keys(self, data, kind, start):
        revoked = data.get("revoke", [])
        for names in (data["retire"], [end["key"] for end in revoked]):
            if kind == "keys" and names != sorted(set(names)):
                raise Refused("list-not-sorted")
        if any(grant["party"] != data["party"] for grant in data["add"]):
            raise Refused("key-of-other-party")
        self.recorder = data.get("recorder", self.recorder)
        self.admit(data["add"], start)
        ends = [(name, None) for name in data["retire"]] + [(end["key"], end.get("from", start)) for end in revoked]
        for name, doubt in ends:
            key = self.keys.get(name)
            if not key or "end" in key:
                raise Refused("key-not-active")
            if key["grant"]["party"] != data["party"]:
                raise Refused("key-of-other-party")
            key["end"] = {"until": start} | ({} if doubt is None else {"doubt_from": doubt})

    def take(self, raw, content, data, kind, index):
        self.leaves.append(sha(b"\x00" + raw))
        self.dates.append(content["date"])
        self.taken.add((content["date"][:7], content["ref"]))
        if kind in ("genesis", "keys", "recovery", "party"):
            self.registers.append((index + 1, digest(self.register())))
        if kind in ("genesis", "deed"):
            deed = data["deed"]
            self.deeds.append({"digest": digest(deed), "first": deed["first"], "index": index})
        if kind == "close":
            self.closed, self.state, self.last = data["period"], data["state"], data.get("last", False)


def verdict(file):
    """None if the ledger is good, else the entry and code at which it stops."""
    ledger = Ledger()
    for raw in file.splitlines(keepends=True) if b"\r" not in file else [part + b"\n" for part in file.split(b"\n")[:-1]]:
        try:
            if not raw.endswith(b"\n"):
                raise Refused("file-cut")
            ledger.push(raw[:-1])
        except Refused as refused:
            return len(ledger.leaves), str(refused)
    return None


def main():
    wrong = skipped = 0
    cases = json.loads((HERE / "replay.json").read_text("utf-8"))
    for case in cases:
        if Ed25519PublicKey is None and case.get("error") in SIGNATURE_CODES:
            skipped += 1
            continue
        file = bytes.fromhex(case["file_hex"]) if "file_hex" in case else case["file"].encode()
        expected = None if case["valid"] else (case["index"], case["error"])
        found = verdict(file)
        if found != expected:
            wrong += 1
            print(f"{case['id']}: {found}, not {expected}")
    values = json.loads((HERE / "values.json").read_text("utf-8"))
    for case in values:
        try:
            SPELLED[case["type"]](case["text"])
            found = None
        except Refused as refused:
            found = str(refused)
        if found != case.get("error"):
            wrong += 1
            print(f"{case['type']} {case['text']!r}: {found}, not {case.get('error')}")
    if skipped:
        print(f"skipped: {skipped} cases about signatures, for the package `cryptography` is not installed")
    print(f"{len(cases) + len(values) - wrong - skipped} passed, {wrong} failed")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
