"""Key ids, pre-authentication encoding, Ed25519 (K, S-3)."""

from .values import ORDER, sha

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    Ed25519PublicKey = None

CAN_VERIFY = Ed25519PublicKey is not None


def key_id(key):
    return sha(b"ed25519\n" + bytes.fromhex(key)).hex()[:16]


def pae(kind, body):
    name = f"application/vnd.xinyi.{kind}+json;version=1".encode()
    return b"DSSEv1 %d %s %d %s" % (len(name), name, len(body), body)


def verifies(key, signature, message):
    """Whether 64 bytes are the signature of the key in hexadecimal; always, if that cannot be told here."""
    if not CAN_VERIFY:
        return True
    if int.from_bytes(signature[32:], "little") >= ORDER:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(signature, message)
        return True
    except InvalidSignature:
        return False
