"""How entries become figures, and figures state documents (M, B-8)."""

from collections import defaultdict
from datetime import date, timedelta

from .ledger import next_period

GROUPS = ("base", "budgeted", "contract", "held", "invoice", "left", "own", "rounded", "series", "spent", "taken")
REMAINDERS = {"advances": "advance", "held": "held", "losses": "loss", "orders": "order", "refunds": "refund", "sources": "source"}
# Kinds with one amount in one place: what it does to own and held (M-2).
COLUMNS = {
    "income": (1, 0),
    "expense": (-1, 0),
    "fee": (-1, 0),
    "distribution": (-1, 0),
    "held-in": (0, 1),
    "held-out": (0, -1),
    "advance": (0, 1),
    "repayment": (0, -1),
}


def fraction(rate):
    num, den = rate.split("/")
    return int(num), int(den)


def rounded(num, den):
    """Half away from zero (V-7)."""
    sign = -1 if num < 0 else 1
    return sign * ((2 * abs(num) + den) // (2 * den))


class Figures:
    """Running figures, or the change of them in one period."""

    def __init__(self):
        self.of = {group: defaultdict(int) for group in GROUPS}
        self.back = {}

    def add(self, group, key, amount):
        self.of[group][key] += amount

    def move_back(self, index, whole, amount):
        net, _ = self.back.get(index, (0, whole))
        self.back[index] = (net + amount, whole)

    def merge(self, later):
        for group, changes in later.of.items():
            for key, amount in changes.items():
                if group == "budgeted":
                    self.of[group][key] = amount
                elif group == "series":
                    self.of[group][key] = max(self.of[group][key], amount)
                else:
                    self.of[group][key] += amount
        for index, (net, whole) in later.back.items():
            left = self.of["left"][("refund", index)]
            left = (whole if left == 0 and net > 0 else left) - net
            self.of["left"][("refund", index)] = 0 if left == whole else left


class Books:
    """The figures of a ledger after the lines taken in, and the documents of its closes."""

    def __init__(self):
        self.carried, self.months, self.lines = Figures(), defaultdict(Figures), {}
        self.deeds, self.closed, self.documents = [], None, {}

    # Amounts are whole numbers of the smallest unit.

    def units(self, text):
        return int(text.replace(".", ""))

    def written(self, units):
        digits = f"{abs(units):0{self.scale + 1}}"
        text = f"{digits[:-self.scale]}.{digits[-self.scale:]}" if self.scale else digits
        return f"-{text}" if units < 0 else text

    def take(self, line, ledger):
        content, index = line["content"], line["index"]
        data, kind, day = content["data"], content["kind"], content["date"]
        if kind == "genesis":
            self.scale = data["unit"]["scale"]
        if kind in ("genesis", "deed"):
            self.deeds.append(data["deed"])
        month = self.months[day[:7]]
        effects = list(self.effects(data, kind, day, index))
        for group, key, amount in effects:
            month.add(group, key, amount)
            if group == "base" and self.rounds_each(key[0]):
                num, den = fraction(key[1])
                month.add("rounded", key[0], rounded(amount * num, den))
        self.note(month, data, kind)
        amount = self.units(data["amount"]) if isinstance(data.get("amount"), str) else 0
        target = data["target"]["index"] if isinstance(data.get("target"), dict) else None
        self.lines[index] = {
            "amount": amount, "date": day, "effects": effects, "kind": kind,
            "category": data.get("category"), "fund": data.get("fund"), "occurred": data.get("occurred", day), "target": target,
        }
        if kind == "refund":
            self.move_back(month, target, amount)
        if kind == "reversal" and self.lines[target]["kind"] == "refund":
            self.move_back(month, self.lines[target]["target"], -self.lines[target]["amount"])
        if kind == "close":
            self.close(data, ledger)

    def move_back(self, month, target, amount):
        month.move_back(target, self.lines[target]["amount"], amount)

    def note(self, month, data, kind):
        """Invoices, budgets and receipt series: refunds and reversals do not undo them."""
        shares = data.get("invoices", []) if kind == "expense" else [data["invoice"]] if "invoice" in data else []
        for share in shares:
            month.add("invoice", (share["number"], share["total"]), self.units(share["amount"]))
        if kind == "budget":
            for line in data["lines"]:
                month.of["budgeted"][(data["fund"], data["year"], line["line"])] = self.units(line["amount"])
        if kind == "opening":
            for line in data.get("budgets", []):
                key = (data["holdings"][0]["fund"], line["year"], line["line"])
                month.of["budgeted"][key] = self.units(line["budgeted"])
                month.add("spent", key, self.units(line["spent"]))
        if kind in ("income", "held-in") and "receipt" in data:
            series, number = data["receipt"]["series"], data["receipt"]["number"]
            month.of["series"][series] = max(month.of["series"][series], number)

    # Effects (M-2 to M-8)

    def effects(self, data, kind, day, index):
        amount = self.units(data["amount"]) if isinstance(data.get("amount"), str) else 0
        if kind in COLUMNS:
            place = (data["account"], data["fund"])
            own, held = COLUMNS[kind]
            yield from [("own", place, own * amount)] if own else [("held", place, held * amount)]
        if kind in ("income", "expense") and "contract" in data:
            yield "contract", data["contract"], amount
        target = data["target"]["index"] if isinstance(data.get("target"), dict) else None
        if kind == "income":
            yield from self.earning(data, day, amount, index)
        elif kind == "expense":
            yield from self.spending(data, day, amount)
        elif kind == "fee":
            yield "taken", (data["taker"], data["periods"][-1]), amount
        elif kind == "transfer":
            yield "own", (data["from"]["account"], data["from"]["fund"]), -amount
            yield "own", (data["to"]["account"], data["to"]["fund"]), amount
        elif kind in ("held-in", "advance", "order", "loss"):
            yield "left", ({"held-in": "held"}.get(kind, kind), index), amount
        elif kind == "held-out" and target is not None:
            yield "left", ("held", target), -amount
        elif kind == "repayment":
            yield "left", ("advance", target), -amount
        elif kind == "forfeit":
            yield from self.forfeit(data, day, amount, target)
        elif kind == "restoration":
            yield "left", ("loss", target), -amount
            if "account" in data:
                yield "own", (data["account"], self.lines[target]["fund"]), amount
        elif kind == "opening":
            yield from self.opening(data)
        elif kind == "service":
            yield "own", (data["giver"], data["fund"]), amount
            yield "own", (data["receiver"], data["fund"]), -amount
        elif kind == "refund":
            for group, key, before in self.lines[target]["effects"]:
                back = amount if before < 0 else -amount
                yield group, (data["account"], data["fund"]) if group in ("own", "held") else key, back
        elif kind == "reversal":
            for group, key, before in self.lines[target]["effects"]:
                yield group, key, -before

    def deed_on(self, day):
        return [deed for deed in self.deeds if deed["first"] <= day][-1]

    def original(self, data, day):
        """M-7: the date and rate day of the line that the named reversal undid."""
        if "replaces" not in data:
            return day, data.get("occurred", day)
        line = self.lines[self.lines[data["replaces"]["index"]]["target"]]
        return line["date"], line["occurred"]

    def measures(self, term, category):
        return [base["measure"] for base in term["base"] if base["category"] == category]

    def bases(self, category, day, occurred):
        """M-4: the terms that list the category, each with its rate."""
        for term in self.deed_on(day)["fees"]:
            rates = [rate["rate"] for rate in term["rates"] if rate["from"] <= occurred]
            if self.measures(term, category) and rates:
                yield term, (term["taker"], rates[-1])

    def earning(self, data, day, amount, index):
        found = list(self.bases(data["category"], *self.original(data, day)))
        for _, key in found:
            yield "base", key, amount
        if any(term["net_floor"] == "source" and self.measures(term, data["category"])[0] == "net" for term, _ in found):
            yield "left", ("source", index), amount

    def spending(self, data, day, amount):
        if "budget" in data:
            year = int(self.original(data, day)[0][:4])
            yield "spent", (data["fund"], year, data["budget"]), amount
        if "order" in data:
            yield "left", ("order", data["order"]["index"]), -amount
        if "cost_of" in data:
            yield from self.linked_cost(data["cost_of"]["index"], amount)

    def linked_cost(self, source, amount):
        """M-5."""
        income = self.lines[source]
        for group, key, _ in income["effects"]:
            terms = [term for term in self.deed_on(income["date"])["fees"] if group == "base" and term["taker"] == key[0]]
            if not terms or self.measures(terms[0], income["category"])[:1] != ["net"]:
                continue
            if terms[0]["net_floor"] == "total":
                yield "base", key, -amount
            else:
                figures = [self.carried, *self.months.values()]
                left = sum(figure.of["left"].get(("source", source), 0) for figure in figures)
                deducted = min(amount, max(left, 0))
                yield "base", key, -deducted
                yield "left", ("source", source), -deducted

    def forfeit(self, data, day, amount, target):
        yield "left", ("held", target), -amount
        for group, key, _ in self.lines[target]["effects"]:
            if group == "held":
                yield "held", key, -amount
                yield "own", key, amount
        for _, key in self.bases(data["category"], day, day):
            yield "base", key, amount

    def opening(self, data):
        for holding in data["holdings"]:
            place = (holding["account"], holding["fund"])
            yield "own", place, self.units(holding["balance"])
            yield "held", place, self.units(holding["held"])
        for fee in data.get("fees", []):
            yield "base", (fee["taker"], fee["rate"]), self.units(fee["base"])
            yield "taken", (fee["taker"], ""), self.units(fee["taken"])

    def rounds_each(self, taker):
        terms = [term for term in self.deeds[-1]["fees"] if term["taker"] == taker]
        return bool(terms) and terms[0]["rounding"] == "entry"

    # Documents (B-8, M-10)

    def close(self, data, ledger):
        self.carried.merge(self.months.pop(data["period"], Figures()))
        document = self.document(data, ledger)
        self.documents[data["period"]] = document
        self.carry()

    def carry(self):
        """Only what the document states carries on."""
        of = self.carried.of
        for key in [key for key, left in of["left"].items() if left == 0]:
            del of["left"][key]
        for key in [key for key, paid in of["invoice"].items() if paid == self.units(key[1])]:
            del of["invoice"][key]

    def document(self, data, ledger):
        of, period, size = self.carried.of, data["period"], data["size"]
        year, write = int(period[:4]), self.written
        document = {
            name: [
                {"index": index, "left": write(left)}
                for (what, index), left in sorted(of["left"].items())
                if what == remainder and left
            ]
            for name, remainder in REMAINDERS.items()
        }
        lines = sorted(key for key in of["budgeted"].keys() | of["spent"].keys() if key[1] >= year - 1)
        document["budgets"] = [
            {
                "budgeted": write(of["budgeted"].get(key, 0)), "fund": key[0], "line": key[2],
                "spent": write(of["spent"].get(key, 0)), "year": key[1],
            }
            for key in lines
        ]
        document["contracts"] = [
            {"contract": contract, "moved": write(moved)} for contract, moved in sorted(of["contract"].items())
        ]
        document["fees"] = [self.fee(taker) for taker in sorted({key[0] for key in of["base"].keys() | of["taken"].keys()})]
        places = sorted(of["own"].keys() | of["held"].keys())
        document["holdings"] = [
            {
                "account": place[0], "balance": write(of["own"].get(place, 0)), "fund": place[1],
                "held": write(of["held"].get(place, 0)),
            }
            for place in places
        ]
        document["invoices"] = [
            {"number": number, "paid": write(paid), "total": total}
            for (number, total), paid in sorted(of["invoice"].items(), key=lambda item: (item[0][0], self.units(item[0][1])))
            if paid != self.units(total)
        ]
        document["series"] = [{"last": last, "series": series} for series, last in sorted(of["series"].items())]
        upto = date.fromisoformat(next_period(period) + "-01") - timedelta(days=1)
        document |= {
            "deeds": [deed for deed in ledger.deeds.list if deed["index"] < size],
            "format": 1, "identity": ledger.founding.identity, "next": data["next"], "period": period,
            "register": ledger.objects_at(size), "size": size, "upto": upto.isoformat(),
        }
        return document | ({"previous": data["previous"]} if "previous" in data else {})

    def fee(self, taker):
        of = self.carried.of
        bases = [(fraction(rate), rate, base) for (name, rate), base in of["base"].items() if name == taker]
        return {
            "bases": [{"base": self.written(base), "rate": rate} for _, rate, base in sorted(bases)],
            "rounded": self.written(of["rounded"].get(taker, 0)),
            "taken": self.written(sum(amount for (name, _), amount in of["taken"].items() if name == taker)),
            "taker": taker,
        }


def documents_of(ledger):
    """What follows from the lines of a whole ledger, by period."""
    books = Books()
    for line in ledger.lines:
        books.take(line, ledger)
    return books.documents
