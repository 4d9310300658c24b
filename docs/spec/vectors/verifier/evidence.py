"""Evidence of a fork (J-1 to J-4)."""

from .ledger import decode
from .notes import Note, open_of_ledger
from .path import hashes, path_of_lines
from .tree import check_inclusion, leaf_of
from .values import Refused, canonical, check_object, check_value, list_of, parsed, part

LEAF = part({"checkpoint": "string", "leaf": "digest", "path": list_of("digest")})
SIDES = {
    "checkpoints": list_of("string"),
    "leaves": part({"index": "index", "leaves": list_of(LEAF)}),
    "lines": list_of("string"),
}
FIELDS = {"authority": list_of("string"), "contradiction": SIDES, "identity": "digest", "xinyi": "string"}


def read_evidence(raw):
    try:
        raw.decode()
    except UnicodeDecodeError:
        raise Refused("evidence-form") from None
    if not raw.endswith(b"\n"):
        raise Refused("evidence-form")
    evidence = parsed(raw[:-1])
    if not isinstance(evidence, dict):
        raise Refused("type-wrong")
    found = evidence.get("contradiction")
    kind = next(iter(found)) if isinstance(found, dict) and len(found) == 1 else None
    shape = part(FIELDS | {"contradiction": part({kind: SIDES.get(kind)})})
    check_object(evidence, shape["part"])
    if canonical(evidence) != raw[:-1]:
        raise Refused("not-canonical")
    if evidence["xinyi"] != "evidence-v1":
        raise Refused("evidence-form")
    return evidence, kind, found[kind]


def check_evidence(file, case):
    evidence, kind, found = read_evidence(file)
    if case["with"].get("identity", evidence["identity"]) != evidence["identity"]:
        raise Refused("identity-other")
    path = path_of_lines(evidence["authority"], evidence["identity"])
    {"checkpoints": two_checkpoints, "leaves": two_leaves, "lines": two_lines}[kind](found, path)


def two_lines(texts, path):
    one, other = [decode(text.encode()) for text in texts]
    contested = one["index"]
    if contested != other["index"] or texts[0] == texts[1]:
        raise Refused("evidence-compatible")
    if any(index >= contested for index, _ in path.entries):
        raise Refused("evidence-compatible")
    if recovers(one, path) != recovers(other, path):
        raise Refused("evidence-recovered")
    check_one_key([one["recorder"]], [other["recorder"]])


def recovers(line, path):
    """J-4: a recovery of its place that the quorum approved."""
    voices = path.entry(line)
    content = line["content"]
    if content["kind"] != "recovery" or content["data"]["size"] != line["index"]:
        return False
    try:
        path.register_for(line["index"]).check_needs(content, voices)
    except Refused:
        return False
    return True


def check_one_key(one, other):
    if not any(key in other for key in one):
        raise Refused("evidence-keys")


def opened(text, path):
    return open_of_ledger(Note(text), path.register, path.founding.origin, [])


def two_checkpoints(notes, path):
    one, other = [opened(note, path) for note in notes]
    if one.size != other.size or one.root == other.root:
        raise Refused("evidence-compatible")
    check_one_key(one.logs, other.logs)


def two_leaves(found, path):
    one, other = found["leaves"]
    if one["leaf"] == other["leaf"]:
        raise Refused("evidence-compatible")
    logs = []
    for side in (one, other):
        checkpoint = opened(side["checkpoint"], path)
        leaf = bytes.fromhex(side["leaf"])
        check_inclusion(leaf, found["index"], hashes(side["path"]), checkpoint.size, checkpoint.root)
        logs.append(checkpoint.logs)
    check_one_key(*logs)
