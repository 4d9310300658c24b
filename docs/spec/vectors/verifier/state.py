"""The form of state documents (B-8, B-9)."""

from .values import KINDS, Refused, list_of, part, read_object

KEY = part(
    {
        "end": part({"doubt_from": "index", "until": "index"}, optional=["doubt_from"]),
        "from": "index",
        "grant": KINDS["keys"]["add"]["value"]["list"],
    },
    optional=["end"],
)
REGISTER = part(
    {
        "keys": list_of(KEY),
        "parties": KINDS["genesis"]["parties"]["value"],
        "recorder": "label",
        "recovery": KINDS["genesis"]["recovery"]["value"],
    }
)
LEFT = list_of(part({"index": "index", "left": "balance"}))
BUDGET = part({"budgeted": "amount", "fund": "label", "line": "label", "spent": "balance", "year": "count"})
BASE = part({"base": "balance", "rate": "rate"})
DOCUMENT = part(
    {
        "advances": LEFT,
        "budgets": list_of(BUDGET),
        "contracts": list_of(part({"contract": "label", "moved": "balance"})),
        "deeds": list_of(part({"digest": "digest", "first": "date", "index": "index"})),
        "fees": list_of(part({"bases": list_of(BASE), "rounded": "balance", "taken": "balance", "taker": "label"})),
        "format": "small number",
        "held": LEFT,
        "holdings": list_of(part({"account": "label", "balance": "balance", "fund": "label", "held": "balance"})),
        "identity": "digest",
        "invoices": list_of(part({"number": "text", "paid": "balance", "total": "amount"})),
        "losses": LEFT,
        "next": "size",
        "orders": LEFT,
        "period": "period",
        "previous": "digest",
        "refunds": LEFT,
        "register": REGISTER,
        "series": list_of(part({"last": "count", "series": "label"})),
        "size": "size",
        "sources": LEFT,
        "upto": "date",
    },
    optional=["previous"],
)


def read_state(raw):
    if len(raw) > 1_048_576:
        raise Refused("line-too-long")
    return read_object(raw, DOCUMENT["part"])


def check_state(file, case, documents):
    """M-11: a document of the right form that differs from what the lines give."""
    document = read_state(file)
    if document != documents[case["with"]["ledger"]][case["with"]["period"]]:
        raise Refused("ST-01")
