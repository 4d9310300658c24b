"""Lines and their replay, from the first one or after lines that were not seen (E, C, B, R, Q-6)."""

import re

from .register import Register
from .tree import leaf_of, root_of
from .values import KINDS, Refused, canonical, check_hex, check_object, check_offset, check_time, check_value, digest
from .values import parsed, sha, walk

WINDING_UP = {"fee", "refund", "held-out", "transfer", "reversal", "ratification", "audit-opinion", "handover"}
LINE = ["approvals", "content", "index", "prev", "recorded", "recorder", "sig"]
CONTENT = ["data", "date", "kind", "ledger", "ref"]


def named(value, names):
    if not isinstance(value, dict):
        raise Refused("type-wrong")
    if set(value) - set(names):
        raise Refused("field-unknown")
    if set(names) - set(value):
        raise Refused("field-missing")


def decode(raw):
    if raw.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")) or raw.endswith(b"\r"):
        raise Refused("file-converted")
    if len(raw) > 65535:
        raise Refused("line-too-long")
    line = parsed(raw)
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


def next_period(period):
    year, month = int(period[:4]), int(period[5:])
    return f"{year + month // 12:04}-{month % 12 + 1:02}"


def identity_of(content):
    return sha(b"xinyi/identity/v1\n" + canonical(content)).hex()


class Founding:
    """What genesis fixes, and what can be said of a line by that alone."""

    def __init__(self, line, expected):
        content, data = line["content"], line["content"]["data"]
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
        self.identity, self.origin = identity_of(content), data["origin"]
        if expected and expected != self.identity:
            raise Refused("identity-other")
        self.scale, self.first = data["unit"]["scale"], data["first"]
        self.offset = check_offset(data["offset"])
        self.check_scale(content)

    def check_scale(self, content):
        for shape, value in walk(content["data"], {"part": KINDS[content["kind"]]}):
            if shape in ("amount", "balance") and len(value.partition(".")[2]) != self.scale:
                raise Refused("amount-scale")

    def check_later(self, content):
        if content["kind"] == "genesis":
            raise Refused("genesis-place")
        if content["ledger"] != self.identity:
            raise Refused("ledger-other")
        if content["kind"] == "migration":
            raise Refused("unsupported")
        self.check_scale(content)

    def check_date(self, line):
        day = line["content"]["date"]
        if day[:7] < self.first:
            raise Refused("date-before-first")
        if day > (check_time(line["recorded"]) + self.offset).date().isoformat():
            raise Refused("date-in-future")


class Deeds:
    """The deeds so far (A-8, B-7)."""

    def __init__(self, deed):
        self.list = []
        self.take(deed, 0)

    def take(self, deed, index):
        self.list.append({"digest": digest(deed), "first": deed["first"], "index": index})

    def check(self, data, due):
        first = data["deed"]["first"]
        if not first.endswith("-01") or first[:7] < due:
            raise Refused("deed-start")
        if data["previous"] != self.list[-1]["digest"]:
            raise Refused("deed-stale")

    def digest_at(self, size):
        return digest([deed for deed in self.list if deed["index"] < size])


class Ledger:
    """What a verifier knows after the lines so far."""

    def __init__(self, expected=None):
        self.expected = expected
        self.leaves, self.dates, self.lines, self.objects = [], [], [], []
        self.closed, self.last, self.state = None, False, None
        self.taken, self.approvers = set(), None
        # Lines that were not seen: how many, their frontier, known leaves, the period their figures are stated for.
        self.base, self.edge, self.older, self.carried = 0, [], {}, None

    @property
    def size(self):
        return self.base + len(self.leaves)

    def root(self, size):
        return root_of(self.leaves[: size - self.base], self.base, self.edge)

    def leaf(self, index):
        if index < self.base:
            return self.older.get(index)
        return self.leaves[index - self.base] if index < self.size else None

    def objects_at(self, size):
        """The object of A-6 after the first `size` lines."""
        return [register for start, register in self.objects if start <= size][-1]

    def go_on(self, path, size, edge, older, period):
        """Q-6: goes on after `size` lines of which the authority path and some older ones are known."""
        self.founding, self.register, self.deeds = path.founding, path.register, path.deeds
        self.registers = path.registers
        self.base, self.edge, self.older, self.carried = size, edge, older, period

    def register_at(self, size):
        """The digest of the register after the first `size` lines."""
        return [value for start, value in self.registers if start <= size][-1]

    def push(self, raw):
        """One line, in the order of R-2."""
        line = decode(raw)
        content, index = line["content"], self.size
        if line["index"] != index:
            raise Refused("index-wrong")
        # The line before the first one may not have been seen.
        before = self.leaves[-1].hex() if self.leaves else "" if self.base == 0 else line["prev"]
        if line["prev"] != before:
            raise Refused("prev-wrong")
        data, kind = content["data"], content["kind"]
        if index == 0:
            self.founding = Founding(line, self.expected)
            self.register = Register(data)
            self.deeds, self.registers = Deeds(data["deed"]), [(1, self.register.digest())]
            self.objects = [(1, self.register.object())]
            self.founding.check_date(line)
        else:
            self.check_content(line, content, data, kind)
        voices = self.register.check_signers(line)
        self.register.check_needs(content, voices)
        if kind == "close":
            self.check_close(data, content["date"], index)
        if kind == "recovery" and (data["size"] != index or data["root"] != self.root(index).hex()):
            raise Refused("recovery-tip")
        register = self.register.after(content, index)
        self.take(raw, line, register, voices)
        return line

    def check_content(self, line, content, data, kind):
        self.founding.check_later(content)
        for shape, value in walk(data, {"part": KINDS[kind]}):
            if shape == "link":
                known = self.leaf(value["index"])
                if known is None or known.hex() != value["leaf"]:
                    raise Refused("link-mismatch")
        self.founding.check_date(line)
        if self.closed and content["date"][:7] <= self.closed:
            raise Refused("period-closed")
        if self.last and kind not in WINDING_UP:
            raise Refused("after-last-close")
        if (content["date"][:7], content["ref"]) in self.taken:
            raise Refused("reference-taken")
        if kind == "deed":
            self.deeds.check(data, self.due())

    def due(self):
        return next_period(self.closed) if self.closed else self.founding.first

    def check_close(self, data, day, index):
        period, size = data["period"], data["size"]
        if self.carried and not self.closed:
            fits = period <= min([self.carried] + [day[:7] for day in self.dates])
        else:
            fits = period == self.due()
        if not fits:
            raise Refused("close-order")
        if day[:7] <= period:
            raise Refused("close-date")
        if not index - 4096 <= size <= index:
            raise Refused("close-size")
        if size >= self.base and data["root"] != self.root(size).hex():
            raise Refused("close-root")
        places = list(enumerate(self.dates, self.base))
        if any(day[:7] == period for place, day in places if place >= size):
            raise Refused("close-late-entry")
        later = [place for place, day in places if place < size and day[:7] > period]
        if not (self.carried and period < self.carried) and data["next"] != (later[0] if later else size):
            raise Refused("close-next")
        if not (self.carried and not self.closed) and data.get("previous") != self.state:
            raise Refused("close-previous")
        if data["register"] != self.register_at(size):
            raise Refused("close-register")
        if data["deeds"] != self.deeds.digest_at(size):
            raise Refused("close-deeds")

    def take(self, raw, line, register, voices):
        content, index = line["content"], self.size
        data, kind = content["data"], content["kind"]
        self.leaves.append(leaf_of(raw))
        self.lines.append(line)
        self.dates.append(content["date"])
        self.taken.add((content["date"][:7], content["ref"]))
        if register is not self.register:
            self.register = register
            self.registers.append((index + 1, register.digest()))
            self.objects.append((index + 1, register.object()))
        if kind == "deed":
            self.deeds.take(data["deed"], index)
        if kind == "close":
            self.closed, self.state, self.last = data["period"], data["state"], data.get("last", False)
            self.approvers = {key for _, _, key in voices}


def lines_of(file):
    """The lines of a file, each with its line feed if it has one."""
    return re.findall(rb"[^\n]*\n|[^\n]+", file)


def verdict(file):
    """None if the ledger is good, else the entry and code at which it stops."""
    ledger = Ledger()
    for raw in lines_of(file):
        try:
            if not raw.endswith(b"\n"):
                raise Refused("file-cut")
            ledger.push(raw[:-1])
        except Refused as refused:
            return ledger.size, str(refused)
    return None


def replayed(file, size=None):
    """A ledger known to be good, or its first lines."""
    ledger = Ledger()
    for raw in lines_of(file)[:size]:
        ledger.push(raw[:-1])
    return ledger
