"""Lines that were taken out of a ledger: the authority path, older lines (Q-2, Q-3, Q-5)."""

from .ledger import Ledger, decode
from .tree import check_inclusion, leaf_of
from .values import Refused, list_of, part

PROVEN = part({"line": "string", "path": list_of("digest")})
AUTHORITY = {"deed", "genesis", "keys", "party", "recovery"}


def hashes(path):
    return [bytes.fromhex(text) for text in path]


def opened(raw, path, size, root):
    """The line, if it lies below `size` in the tree with this root."""
    line = decode(raw)
    if line["index"] >= size:
        raise Refused("path-order")
    check_inclusion(leaf_of(raw), line["index"], path, size, root)
    return line


def proven(item, size, root):
    return opened(item["line"].encode(), hashes(item["path"]), size, root)


class AuthorityPath:
    """Who may act and by which deeds, as far as lines of authority were followed."""

    def __init__(self, lines, identity):
        """`lines` gives (line, its bytes) one by one, each opened only when it is due."""
        first = next(lines, None)
        if first is None:
            raise Refused("path-order")
        ledger = Ledger(identity)
        ledger.push(first[1])
        self.founding, self.register, self.deeds = ledger.founding, ledger.register, ledger.deeds
        self.registers = ledger.registers
        self.entries = [(first[0]["index"], self.register)]
        for line, _ in lines:
            self.follow(line)

    def follow(self, line):
        content, index = line["content"], line["index"]
        if index <= self.entries[-1][0]:
            raise Refused("path-order")
        if content["kind"] not in AUTHORITY:
            raise Refused("path-kind")
        voices = self.judged(line, self.register)
        self.register.check_needs(content, voices)
        if content["kind"] == "deed":
            self.deeds.check(content["data"], self.founding.first)
        if content["kind"] == "recovery" and content["data"]["size"] != index:
            raise Refused("recovery-tip")
        self.register = self.register.after(content, index)
        if content["kind"] == "deed":
            self.deeds.take(content["data"]["deed"], index)
        else:
            self.registers.append((index + 1, self.register.digest()))
        self.entries.append((index, self.register))

    def judged(self, line, register):
        """What the line alone and the register of its place can tell; whose approval counts."""
        self.founding.check_later(line["content"])
        self.founding.check_date(line)
        return register.check_signers(line)

    def register_for(self, index):
        below = [register for place, register in self.entries if place < index]
        return below[-1] if below else self.register

    def entry(self, line):
        """Any line of the ledger, by the register of its place; the genesis was judged with the path."""
        return [] if line["index"] == 0 else self.judged(line, self.register_for(line["index"]))

    def register_at(self, size):
        return [value for start, value in self.registers if start <= size][-1]


def path_in_tree(items, identity, size, root):
    return AuthorityPath(((proven(item, size, root), item["line"].encode()) for item in items), identity)


def path_of_lines(lines, identity):
    return AuthorityPath(((decode(line.encode()), line.encode()) for line in lines), identity)
