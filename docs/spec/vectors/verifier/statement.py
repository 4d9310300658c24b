"""Statements, in the order of trust (Q)."""

from .ledger import Ledger, lines_of, next_period
from .notes import Note, keys_of, open_of_ledger
from .path import PROVEN, hashes, path_in_tree, proven
from .state import DOCUMENT
from .tree import check_consistency, leaf_of, root_of_frontier
from .values import Refused, digest, list_of, part, read_object

HEADER = part(
    {
        "authority": list_of(PROVEN),
        "bridge": part({"path": list_of("digest"), "root": "digest", "size": "size"}),
        "checkpoint": "string",
        "evidence": list_of(PROVEN),
        "from": "size",
        "frontier": list_of("digest"),
        "identity": "digest",
        "origin": "text",
        "period": "period",
        "previous": DOCUMENT,
        "xinyi": "string",
    },
    optional=["bridge", "previous"],
)


def read_header(raw):
    if not raw.endswith(b"\n"):
        raise Refused("statement-header")
    if len(raw) > 16_777_217:
        raise Refused("line-too-long")
    header = read_object(raw[:-1], HEADER["part"])
    if header["xinyi"] != "statement-v1":
        raise Refused("statement-header")
    return header


def older_lines(items, path, size, root):
    """Q-5: leaf hashes by index."""
    found = {}
    for item in items:
        line = proven(item, size, root)
        if found and line["index"] <= max(found):
            raise Refused("path-order")
        path.entry(line)
        found[line["index"]] = leaf_of(item["line"].encode())
    return found


def begin(header, identity):
    """The ledger before the statement's first line."""
    if identity and identity != header["identity"]:
        raise Refused("identity-other")
    ledger, start = Ledger(header["identity"]), header["from"]
    if start == 0:
        if any(header.get(name) for name in ("authority", "bridge", "evidence", "frontier", "previous")):
            raise Refused("statement-header")
        return ledger
    edge, document = hashes(header["frontier"]), header.get("previous")
    if len(edge) != bin(start).count("1") or document is None:
        raise Refused("statement-header")
    fits = (next_period(document["period"]), document["next"], document["identity"])
    if fits != (header["period"], start, header["identity"]):
        raise Refused("statement-header")
    root = root_of_frontier(edge)
    if "bridge" in header:
        bridge = header["bridge"]
        check_consistency(bridge["size"], bytes.fromhex(bridge["root"]), hashes(bridge["path"]), start, root)
    path = path_in_tree(header["authority"], header["identity"], start, root)
    older = older_lines(header["evidence"], path, start, root)
    of_path = {index: leaf_of(item["line"].encode()) for (index, _), item in zip(path.entries, header["authority"])}
    ledger.go_on(path, start, edge, of_path | older, document["period"])
    return ledger


def check_statement(file, case):
    raw = lines_of(file)
    header = read_header(raw[0] if raw else b"")
    ledger = begin(header, case["with"].get("identity"))
    document, is_closed = header.get("previous"), False
    for line in raw[1:]:
        if not line.endswith(b"\n"):
            raise Refused("file-cut")
        if is_closed:
            raise Refused("statement-end")
        content = ledger.push(line[:-1])["content"]
        if content["kind"] == "close":
            close = content["data"]
            if document and close["period"] == document["period"]:
                if (close["state"], close["next"]) != (digest(document), header["from"]):
                    raise Refused("statement-previous")
            elif next_period(close["period"]) == header["period"] and close["next"] != header["from"]:
                raise Refused("statement-previous")
            is_closed = close["period"] == header["period"]
    if not is_closed:
        raise Refused("file-cut")
    origin = ledger.founding.origin
    checkpoint = open_of_ledger(Note(header["checkpoint"]), ledger.register, origin, keys_of(case, "witnesses"))
    if (checkpoint.size, checkpoint.root, header["origin"]) != (ledger.size, ledger.root(ledger.size), origin):
        raise Refused("checkpoint-other")
