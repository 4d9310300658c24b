"""Who may act, and whose signatures a line carries (A, S-4 to S-6)."""

import copy

from .keys import key_id, pae, verifies
from .values import Refused, canonical, digest


MAX_KEYS, MAX_PARTIES = 1024, 64


class Register:
    """Parties and keys after some lines."""

    def __init__(self, genesis):
        self.keys, self.recorders, self.recovery = {}, [(0, genesis["recorder"])], genesis["recovery"]
        self.parties = {party["party"]: party for party in genesis["parties"]}
        self.check_parties()
        if any(party not in self.parties for party in self.recovery["parties"]):
            raise Refused("party-unknown")
        if self.recovery["parties"] != sorted(set(self.recovery["parties"])):
            raise Refused("list-not-sorted")
        if not 2 <= self.recovery["needed"] <= len(self.recovery["parties"]):
            raise Refused("quorum-too-small")
        self.admit(genesis["keys"], 0)
        self.check_reach()

    @property
    def recorder(self):
        return self.recorders[-1][1]

    def recorder_at(self, size):
        """P-2: the party that recorded at this size."""
        return [party for start, party in self.recorders if start <= size][-1]

    def object(self):
        """The object of A-6."""
        keys = [self.keys[name] for name in sorted(self.keys)]
        parties = [self.parties[name] for name in sorted(self.parties)]
        return {"keys": keys, "parties": parties, "recorder": self.recorder, "recovery": self.recovery}

    def digest(self):
        return digest(self.object())

    def active(self, name, index):
        key = self.keys.get(name)
        if key and key["from"] <= index and ("end" not in key or index < key["end"]["until"]):
            return key["grant"]
        return None

    def active_for(self, use, index):
        grants = [self.active(name, index) for name in sorted(self.keys)]
        return [grant for grant in grants if grant and use in grant["uses"]]

    def role(self, role):
        return next(name for name in sorted(self.parties) if self.parties[name]["role"] == role)

    def check_parties(self):
        """A-10."""
        if len(self.parties) > MAX_PARTIES:
            raise Refused("parties-too-many")

    def admit(self, grants, start):
        ids = [key_id(grant["key"]) for grant in grants]
        if ids != sorted(set(ids)):
            raise Refused("list-not-sorted")
        if len(self.keys) + len(ids) > MAX_KEYS:
            raise Refused("keys-too-many")
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

    def check_signers(self, line):
        """S-4 to S-6, A-3: those whose approval counts, as (party, holder, key id)."""
        content, index = line["content"], line["index"]
        data, kind = content["data"], content["kind"]
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
            if not verifies(known["key"], bytes.fromhex(approval["sig"]), pae("content", canonical(content))):
                raise Refused("approval-signature")
            if grant:
                voices.append((grant["party"], grant["holder"], approval["key"]))
        grant = self.active(line["recorder"], index)
        recorder = data.get("recorder", self.recorder) if kind == "recovery" else self.recorder
        known = grant or (admitted.get(line["recorder"]) if kind == "recovery" else None)
        if not known or "record" not in known["uses"] or known["party"] != recorder:
            raise Refused("recorder-key")
        body = canonical({name: value for name, value in line.items() if name != "sig"})
        if not verifies(known["key"], bytes.fromhex(line["sig"]), pae("record", body)):
            raise Refused("recorder-signature")
        if grant and "approve" in grant["uses"]:
            voices.append((grant["party"], grant["holder"], line["recorder"]))
        if set(admitted) - set(ids) - {line["recorder"]}:
            raise Refused("key-unproven")
        return voices

    def check_needs(self, content, voices):
        """A-4."""
        parties, needed = self.needs(content["kind"], content["data"])

        def met(party):
            holders = {holder for of, holder, _ in voices if of == party}
            return party in self.parties and len(holders) >= self.parties[party]["threshold"]

        if sum(met(party) for party in parties) < needed:
            raise Refused("approvals-missing")

    def after(self, content, index):
        """The register after a line; itself if the line changes nothing."""
        data, kind = content["data"], content["kind"]
        if kind not in ("keys", "recovery", "party"):
            return self
        if data["register"] != self.digest():
            raise Refused("register-stale")
        changed = copy.deepcopy(self)
        if kind == "party":
            changed.parties[data["party"]["party"]] = data["party"]
            changed.check_parties()
        else:
            changed.change_keys(data, kind, index + 1)
        changed.check_reach()
        return changed

    def change_keys(self, data, kind, start):
        revoked = data.get("revoke", [])
        for names in (data["retire"], [end["key"] for end in revoked]):
            if kind == "keys" and names != sorted(set(names)):
                raise Refused("list-not-sorted")
        if any(grant["party"] != data["party"] for grant in data["add"]):
            raise Refused("key-of-other-party")
        if data.get("recorder", self.recorder) != self.recorder:
            self.recorders.append((start, data["recorder"]))
        self.admit(data["add"], start)
        ends = [(name, None) for name in data["retire"]] + [(end["key"], end.get("from", start)) for end in revoked]
        for name, doubt in ends:
            key = self.keys.get(name)
            if not key or "end" in key:
                raise Refused("key-not-active")
            if key["grant"]["party"] != data["party"]:
                raise Refused("key-of-other-party")
            key["end"] = {"until": start} | ({} if doubt is None else {"doubt_from": doubt})
