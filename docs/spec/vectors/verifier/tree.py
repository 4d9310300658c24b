"""Leaf hashes, frontiers, inclusion and consistency (T)."""

from .values import Refused, sha

NOTHING = sha(b"")


def leaf_of(line):
    return sha(b"\x00" + line)


def node(left, right):
    return sha(b"\x01" + left + right)


def pushed(size, edge, leaf):
    """The frontier of `size` lines with one more."""
    edge = list(edge)
    while size & 1:
        leaf, size = node(edge.pop(), leaf), size >> 1
    return edge + [leaf]


def root_of_frontier(edge):
    if not edge:
        return NOTHING
    root = edge[-1]
    for left in reversed(edge[:-1]):
        root = node(left, root)
    return root


def root_of(leaves, size=0, edge=()):
    """The root after these leaves, that come after `size` lines with this frontier."""
    for leaf in leaves:
        size, edge = size + 1, pushed(size, edge, leaf)
    return root_of_frontier(edge)


def check_inclusion(leaf, index, path, size, root):
    """T-7, by RFC 9162 §2.1.3.2."""
    if index >= size:
        raise Refused("proof-range")
    inner = (index ^ (size - 1)).bit_length()
    if len(path) != inner + bin(index >> inner).count("1"):
        raise Refused("proof-length")
    found = leaf
    for level, sibling in enumerate(path):
        is_right = level >= inner or index >> level & 1
        found = node(sibling, found) if is_right else node(found, sibling)
    if found != root:
        raise Refused("proof-root")


def check_consistency(old_size, old_root, path, new_size, new_root):
    """T-8, by RFC 6962 §2.1.2: the proof is taken apart as it is put together there."""
    if old_size > new_size:
        raise Refused("proof-range")
    if old_size in (0, new_size):
        if path:
            raise Refused("proof-length")
        if old_root != (new_root if old_size == new_size else NOTHING):
            raise Refused("proof-root")
        return
    rest = list(path)

    def take():
        if not rest:
            raise Refused("proof-length")
        return rest.pop(0)

    def roots(known, size, whole):
        """The roots of the first `known` and of all `size` leaves of a subtree; proofs begin at the bottom."""
        if known == size:
            root = old_root if whole else take()
            return root, root
        split = 1 << (size - 1).bit_length() - 1
        if known <= split:
            old, left = roots(known, split, whole)
            return old, node(left, take())
        old, right = roots(known - split, size - split, False)
        left = take()
        return node(left, old), node(left, right)

    old, new = roots(old_size, new_size, True)
    if rest:
        raise Refused("proof-length")
    if (old, new) != (old_root, new_root):
        raise Refused("proof-root")
