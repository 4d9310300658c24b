"""Single values, objects and canonical JSON (K-2, V, E-3 to E-7)."""

import functools
import hashlib
import json
import pathlib
import re
from datetime import date, datetime, timedelta, timezone

KINDS = json.loads((pathlib.Path(__file__).parent.parent / "kinds.json").read_text("utf-8"))
PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493


class Refused(Exception):
    """The code of what is wrong."""


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


@functools.cache
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
    "string": lambda text: None,
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
    for name in list(value):
        if name not in fields:
            raise Refused("field-unknown")
        if fields[name]["optional"] and value[name] is None:
            del value[name]  # E-7: absent, never null, so the text is not canonical
        else:
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


# --- E: text ------------------------------------------------------------------------------------------------------


def pairs(items):
    names = [name for name, _ in items]
    if len(set(names)) != len(names):
        raise Refused("field-duplicate")
    return dict(items)


def parsed(raw):
    """JSON in UTF-8, every field once."""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        raise Refused("not-utf8") from None
    try:
        return json.loads(text, object_pairs_hook=pairs)
    except json.JSONDecodeError:
        raise Refused("json-malformed") from None


def read_object(raw, fields):
    """An object with these fields in its canonical form."""
    value = parsed(raw)
    check_object(value, fields)
    if canonical(value) != raw:
        raise Refused("not-canonical")
    return value


def part(fields, optional=()):
    """The shape of an object with these fields, as in kinds.json."""
    return {"part": {name: {"optional": name in optional, "value": shape} for name, shape in fields.items()}}


def list_of(shape):
    return {"list": shape}
