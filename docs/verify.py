#!/usr/bin/env python3
"""Verifies a bundle (docs/bundle.md) with nothing but Python's standard library: verify.py BUNDLE --key VKEY [--checkpoint NOTE] [--witness VKEY]...

Written from the specification and independent of the register's own verifier, so that neither need be trusted alone. Of time stamps it checks what they are of, not who
signed them: that needs certificates (SecurityCoop.Verify --tsa, or openssl ts -verify).
Exit code 0: sound. 1: broken; the first fault is named with its position. 2: the input cannot be used.
"""
import argparse, base64, datetime, hashlib, json, os, re, struct, sys, time

MAGICS = b"securitycoop-bundle 1\n", b"securitycoop-bundle 2\n"  # the first holds no time stamps

class Broken(ValueError):
    def __init__(self, position, what):
        super().__init__(f"position {position}: {what}" if position else what)

class Unusable(Exception): """What was given cannot be checked at all."""

def fault_if(wrong, position, what):
    if wrong:
        raise Broken(position, what)

def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()

# ---- signatures: Ed25519 (RFC 8032, section 5.1.7) and ECDSA P-256 with SHA-256 (FIPS 186-5, section 6.4.2), ----
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
Q = 2**256 - 2**224 + 2**192 + 2**96 - 1
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
P256_BASE = (0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296, 0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5)
P256_SPKI = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")

def ed_add(p, q):  # extended coordinates x, y, z, t: RFC 8032, section 5.1.4
    a, b, c, d = (p[1] - p[0]) * (q[1] - q[0]), (p[1] + p[0]) * (q[1] + q[0]), 2 * p[3] * q[3] * D, 2 * p[2] * q[2]
    e, f, g, h = (b - a) % P, (d - c) % P, (d + c) % P, (b + a) % P
    return e * f % P, g * h % P, f * g % P, e * h % P

def p256_add(p, q):
    if p is None or q is None:
        return p or q
    if p[0] == q[0] and (p[1] + q[1]) % Q == 0:
        return None
    slope = ((3 * p[0] * p[0] - 3) * pow(2 * p[1], -1, Q) if p == q else (q[1] - p[1]) * pow(q[0] - p[0], -1, Q)) % Q
    x = (slope * slope - p[0] - q[0]) % Q
    return x, (slope * (p[0] - x) - p[1]) % Q

def multiply(add, k, p, sum_):
    while k:
        sum_, p, k = add(sum_, p) if k & 1 else sum_, add(p, p), k >> 1
    return sum_

def ed_decode(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P

ED_BASE = ed_decode(bytes([0x58]) + bytes([0x66]) * 31)

def ed25519_verifies(key, message, signature):
    a, s = ed_decode(key), int.from_bytes(signature[32:], "little")
    if a is None or len(signature) != 64 or s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    none = (0, 1, 1, 0)
    x, y, z, _ = ed_add(multiply(ed_add, s, ED_BASE, none), multiply(ed_add, k, (P - a[0], a[1], 1, P - a[3]), none))
    z = pow(z, -1, P)
    return (y * z % P | (x * z % P & 1) << 255).to_bytes(32, "little") == signature[:32]

def p256_point(spki):
    x, y = int.from_bytes(spki[27:59], "big"), int.from_bytes(spki[59:], "big")
    return (x, y) if len(spki) == 91 and spki.startswith(P256_SPKI) and x < Q and y < Q and (y * y - x * x * x + 3 * x - B) % Q == 0 else None

def der(number):
    data = number.to_bytes(number.bit_length() // 8 + 1, "big")
    return bytes([2, len(data)]) + data

def ecdsa_verifies(spki, message, signature):
    # DER: 30 length 02 length r 02 length s. Written again it must be the same: each number has one form only.
    found = re.fullmatch(rb"\x30.\x02([\x01-\x21])(.*)", signature, re.S)
    if not found:
        return False
    length, key = found[1][0], p256_point(spki)
    r, s = int.from_bytes(found[2][:length], "big"), int.from_bytes(found[2][length + 2:], "big")
    content = der(r) + der(s)
    if key is None or not (0 < r < N and 0 < s < N) or signature != bytes([0x30, len(content)]) + content:
        return False
    w = pow(s, -1, N)
    point = p256_add(multiply(p256_add, int.from_bytes(sha256(message), "big") * w % N, P256_BASE, None), multiply(p256_add, r * w % N, key, None))
    return point is not None and point[0] % N == r

# ---- keys, notes, checkpoints (C2SP signed-note, tlog-checkpoint) ----
NAME = r"([^\s+\x00-\x1f]+)"

def unbase64(text):
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        return b""
    return data if base64.b64encode(data).decode() == text else b""

class Key:
    def __init__(self, text):
        parts = re.fullmatch(NAME + r"\+([0-9a-f]{8})\+(.*)", text)
        data = unbase64(parts[3]) if parts else b""
        if len(data) < 2:
            raise ValueError("a verifier key has the form name+hash+base64")
        self.text, self.name, self.type, self.key = text, parts[1], data[0], data[1:]
        if self.type in (1, 4) and len(self.key) == 32 and ed_decode(self.key):
            self.id = sha256(self.name.encode(), b"\n", data)[:4]
        elif self.type == 2 and p256_point(self.key):
            self.id = sha256(self.key)[:4]
        else:
            raise ValueError(f"the verifier key {self.name} is of no known type, or no point of its curve")
        if self.id.hex() != parts[2]:
            raise ValueError(f"the hash of the verifier key {self.name} is not that of its bytes")

    def __eq__(self, other):
        return isinstance(other, Key) and self.text == other.text

    def __hash__(self):
        return hash(self.text)

    def verifies(self, text, signature):
        if self.type == 4:  # C2SP tlog-cosignature: a time in seconds, up to the year 9999, and a signature that is over it too
            at, signature = int.from_bytes(signature[:8], "big"), signature[8:]
            return len(signature) == 64 and at < 253402300800 and ed25519_verifies(self.key, b"cosignature/v1\ntime %d\n" % at + text, signature)
        return (ed25519_verifies if self.type == 1 else ecdsa_verifies)(self.key, text, signature)

class Note:
    """A signed checkpoint. `signers`, keys with their signatures, is filled in by `verify`."""

    def __init__(self, data):
        note = len(data) <= 1_000_000 and re.fullmatch(r"((.+)\n(0|[1-9][0-9]{0,18})\n(.+)\n(?:.+\n)*)\n((?:.+\n)+)", data.decode())
        if not note or any(c < " " and c != "\n" for c in note[0]) or int(note[3]) >= 2**63 or len(unbase64(note[4])) != 32 or note[5].count("\n") > 100:
            raise ValueError("a note is no checkpoint with up to a hundred signatures after an empty line, or holds a control character")
        self.text, self.origin, self.size, self.root = note[1], note[2], int(note[3]), unbase64(note[4])
        self.signatures, self.signers, self.stamps = [], {}, []
        for line in note[5].split("\n")[:-1]:
            parts = re.fullmatch("\u2014 " + NAME + " (.*)", line)
            if not parts or len(unbase64(parts[2])) < 5:
                raise ValueError("a signature line of a note is malformed")
            self.signatures.append((parts[1], unbase64(parts[2])[:4], unbase64(parts[2])[4:]))

    def verify(self, keys, witnesses=()):
        for name, key_id, signature in self.signatures:
            for key in [*keys, *witnesses]:
                if (key.name, key.id) == (name, key_id):
                    fault_if(not key.verifies(self.text.encode(), signature), 0, f"the signature of {name} on the checkpoint of {self.size} events does not verify")
                    self.signers.setdefault(key, signature)
        fault_if({k.name for k in self.signers if k.type != 4} != {self.origin}, 0, f"the checkpoint of {self.size} events ({self.origin}) is signed by none of the keys, or by one of another name")
        return self

# ---- time stamps (RFC 3161): what was stamped, and when; DER elements on the way there, others are left aside ----
INTEGER, OCTETS, NULL, OID, TIME, SEQUENCE, SET, EXPLICIT0 = 2, 4, 5, 6, 0x18, 0x30, 0x31, 0xA0
SIGNED_DATA, TST_INFO, SHA256_OID = bytes.fromhex("2a864886f70d010702"), bytes.fromhex("2a864886f70d0109100104"), bytes.fromhex("608648016503040201")

def elements(data, *tags, only=True):
    """The contents of the first DER elements, which have these tags; `only`: nothing follows."""
    contents = []
    for tag in tags:
        length, at = data[1], 2
        if length >= 0x80:
            at += length - 0x80
            length = int.from_bytes(data[2:at], "big")
            if not 2 < at <= 5 or length < 0x80 or data[2] == 0:
                raise ValueError("a length is not in its shortest form")
        if data[0] != tag or len(data) < at + length:
            raise ValueError("another element")
        contents.append(data[at:at + length])
        data = data[at + length:]
    if only and data:
        raise ValueError("something follows")
    return contents

def stamped_at(token, text):
    try:
        kind, content = elements(*elements(token, SEQUENCE), OID, EXPLICIT0)
        _, _, encapsulated = elements(*elements(content, SEQUENCE), INTEGER, SET, SEQUENCE, only=False)
        info_kind, content = elements(encapsulated, OID, EXPLICIT0)
        _, _, imprint, _, at = elements(*elements(*elements(content, OCTETS), SEQUENCE), INTEGER, OID, SEQUENCE, INTEGER, TIME, only=False)
        algorithm, digest = elements(imprint, SEQUENCE, OCTETS)
        hashed_by, *null = elements(algorithm, *([OID, NULL] if algorithm[-2:] == bytes([NULL, 0]) else [OID]))
        right = (kind, info_kind, hashed_by, digest) == (SIGNED_DATA, TST_INFO, SHA256_OID, sha256(text)) and not any(null)
        at = re.fullmatch(r"([0-9]{14})(\.[0-9]+)?Z", at.decode("ascii"))
        at = right and at and datetime.datetime.strptime(at[1], "%Y%m%d%H%M%S").isoformat() + (at[2] or "") + "Z"
    except (IndexError, ValueError):
        at = None
    fault_if(not at, 0, "a time stamp is not one of its checkpoint")
    return at

# ---- canonical JSON: RFC 8785, integers up to 2^53 - 1 only, no U+0000, at most 64 deep ----
def members(pairs):
    names = [n.encode("utf-16-be", "surrogatepass") for n, _ in pairs]
    fault_if(any(a >= b for a, b in zip(names, names[1:])), 0, "names out of order")
    return dict(pairs)

def integer(text):
    fault_if(abs(int(text)) >= 2**53, 0, "a number too large to be exact")
    return int(text)

def depth(text):
    deep = deepest = 0
    for bracket in re.findall(r"[][{}]", re.sub(r'"(?:[^"\\]|\\.)*"', "", text)):
        deep += 1 if bracket in "[{" else -1
        deepest = max(deep, deepest)
    return deepest

def canonical(data):
    """The value in a tuple, or None where the bytes are not canonical."""
    try:
        text, no = data.decode(), lambda _: fault_if(True, 0, "not an integer")
        value = json.loads(text, object_pairs_hook=members, parse_int=integer, parse_float=no, parse_constant=no)
    except (ValueError, RecursionError):
        return None
    nul = re.search(r"(?<!\\)(?:\\\\)*\\u0000", text)
    return (value,) if not nul and depth(text) <= 64 and json.dumps(value, ensure_ascii=False, separators=(",", ":")) == text else None

def has(value, needed, optional={}):
    """An object with these members, and no others, of these types: a type, or what says whether a value is right."""
    known = {**needed, **optional}
    return (isinstance(value, dict) and needed.keys() <= value.keys() <= known.keys()
            and all(type(v) is known[m] if isinstance(known[m], type) else known[m](v) for m, v in value.items()))

# ---- headers ----
def text(value):
    return type(value) is str and value != ""

def number(value):
    return type(value) is int and value > 0

def objects(value):
    return type(value) is list and value != [] and all(type(v) is dict for v in value)

def groups(value):
    return type(value) is list and value != [] and all(map(text, value)) and all(a.encode("utf-16-be") < b.encode("utf-16-be") for a, b in zip(value, value[1:]))

def places(value):
    return (type(value) is list and value != [] and all(type(p) is list and [*map(type, p)] == [str] * 3 for p in value)
            and all(p[0].startswith("/") and p[1] and re.fullmatch("[0-9a-f]{64}", p[2]) for p in value) and len({p[0] for p in value}) == len(value))

NEEDED = dict(body=text, event_id=text, log=text, recorded_at=text, stream=text, type=text, v=number, version=number)
EVERY = dict(actor=str, causation=str, command_id=str, correlation=str, corrects=str, marking=str, on_behalf_of=str, reason=str, schema=number)
OWN = dict(credibility=number, effective=str, groups=groups, protected=places, reference=str, source=objects)
OTHER = dict(bdata=str, folded=bool, metadata=str)

def is_instant(at):
    try:
        return re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z", at) and datetime.datetime.fromisoformat(at[:26])
    except ValueError:
        return False

NOTHING = object()

def at_pointer(value, pointer):  # RFC 6901
    for part in pointer.split("/")[1:]:
        if isinstance(value, dict) and not re.search("~(?![01])", part):
            value = value.get(part.replace("~1", "/").replace("~0", "~"), NOTHING)
        elif isinstance(value, list) and re.fullmatch("0|[1-9][0-9]{0,8}", part) and int(part) < len(value):
            value = value[int(part)]
        else:
            return NOTHING
    return value

# ---- the history ----
class History:
    def __init__(self, trusted, keys, notes, kept, witnesses=(), form=2):
        self.trusted, self.kept, self.witnesses, self.form = trusted, kept, witnesses, form
        fault_if(not keys, 0, "there is no key")
        fault_if(len(set(keys)) < len(keys), 0, "a key stands twice")
        known = {*keys, trusted}
        fault_if(len({(k.name, k.id) for k in known}) < len(known), 0, "two keys have the same name and hash")
        fault_if(not notes, 0, "there is no checkpoint")
        self.notes = [n.verify(known, witnesses) for n in notes]
        fault_if(any(a.size > b.size for a, b in zip(notes, notes[1:])), 0, "a checkpoint stands after a larger one")
        fault_if(len({(n.origin, n.size) for n in notes}) < len(notes), 0, "two checkpoints of an origin are of the same size")
        self.signed = {n.size: [m for m in self.notes if m.size == n.size] for n in self.notes}
        for key in keys:
            fault_if(not any(key in n.signers for n in notes), 0, f"the key {key.name} signed no checkpoint")
        if kept:
            kept.verify(known, witnesses)
        self.size, self.peaks, self.rows, self.filled, self.versions, self.log, self.at = 0, [], [[] for _ in range(9)], {}, {}, None, ""
        self.missing, self.withheld, self.rotations, self.origins, self.waiting, self.contradicted = 0, 0, [], [], {}, []
        self.compare()

    def root(self):
        root = self.peaks[-1] if self.peaks else sha256()
        for peak in reversed(self.peaks[:-1]):
            root = sha256(b"\x01", peak, root)
        return root

    def compare(self):
        if self.kept and self.kept.size == self.size and self.root() != self.kept.root:
            raise Broken(self.size, f"the tree is not the one of the checkpoint that was kept; expected {self.kept.root.hex()}, found {self.root().hex()}")
        self.contradicted += [n for n in self.signed.get(self.size, []) if n.root != self.root()]

    def grow(self, leaf):
        self.tiles_are_there()
        self.size += 1
        self.rows[0].append(leaf)
        node, height, full = leaf, 0, self.size - 1
        while full & 1:
            node, height, full = sha256(b"\x01", self.peaks.pop(), node), height + 1, full >> 1
            if height % 8 == 0:
                level = height // 8
                self.filled[level - 1, (self.size >> height) - 1] = b"".join(self.rows[level - 1])
                self.rows[level - 1] = []
                self.rows[level].append(node)
        self.peaks.append(node)
        self.compare()

    def tiles_are_there(self):
        if self.filled:
            raise Broken(self.size, "tile {}/{} is missing".format(*next(iter(self.filled))))

    def tile(self, payload):
        place = struct.unpack(">Bq", payload[:9])
        fault_if(next(iter(self.filled), None) != place or self.filled.pop(place) != payload[9:], self.size, "tile {}/{} is not of the tree".format(*place))

    def event(self, payload):
        """Header, leaf, body, stream; returns the header, and its protected values that are still to come."""
        position, length = self.size + 1, 3 + int.from_bytes(payload[:2], "big")
        body = payload[length:]
        fault_if(len(payload) < length or payload[2] != 0, position, "the record is not a header and a body")
        h, content = canonical(payload[3:length]), canonical(body)
        # What another program appended (v 2) may have no canonical form (v 3).
        fault_if(h is None or not isinstance(h[0], dict) or content is None and h[0].get("v") != 3, position, "header or body is not canonical JSON")
        h, content = h[0], content and content[0]
        fault_if(not has(h, NEEDED, {**EVERY, **(OWN if h.get("v") == 1 else OTHER)}) or h["v"] > 3, position, "the header lacks a member, has one too many, or one of the wrong kind")
        fault_if(not re.fullmatch("[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", h["log"]) or not is_instant(h["recorded_at"]), position, "log is no UUID, or recorded_at no instant")
        fault_if(sha256(body).hex() != h["body"], position, f"the body is not the one that was hashed; expected {h['body']}, found {sha256(body).hex()}")
        for pointer, _, _ in h.get("protected", []):
            there = at_pointer(content, pointer)
            fault_if(there is not None and (there is not NOTHING or self.form > 1), position, f"the body does not hold null at {pointer}, which is protected")
        self.log = self.log or h["log"]
        fault_if(h["log"] != self.log or h["recorded_at"] < self.at, position, "the event is of another log, or recorded before the event before it")
        self.at = h["recorded_at"]
        stream, version = sha256(h["stream"].encode())[:16], h["version"]
        before = self.versions.get(stream, 0)
        self.missing += version - before - 1
        fault_if(version <= before or self.missing > self.withheld, position, f"the versions of stream {h['stream']} are not contiguous; expected {before + 1}, found {version}")
        if version > before + 1 and h["stream"] in self.waiting:
            # One of the withheld events may be both the missing version and the erasure.
            at, pointer, withheld, missing = self.waiting[h["stream"]]
            self.waiting[h["stream"]] = at, pointer, withheld, missing or self.withheld > withheld
        self.versions[stream] = version
        if h["v"] == 1 and h["stream"] == "ledger-" + self.log:
            self.own(h["type"], content, position)
        if h["v"] == 1 and h["type"] in ("person_erased", "user_erased"):
            self.waiting.pop(h["stream"], None)
        self.grow(sha256(payload[2:length]))
        return h, list(h.get("protected", []))

    def own(self, kind, body, position):
        """An event of the ledger's own that may tie keys."""
        if kind == "ledger_key_rotated":
            fault_if(not has(body, {"from": str, "to": str}), position, f"the body is not that of a {kind}")
            old, new = Key(body["from"]), Key(body["to"])
            fault_if(old.name != new.name or old == new, position, "a rotation leads from one key to another of the same name")
            self.rotations.append((old, new, position))
        elif kind == "ledger_origin_opened":
            fault_if(not has(body, {"origin": str, "key": str, "agreesTo": int}, {"previousKey": str, "previous": str}), position, f"the body is not that of a {kind}")
            key, before = Key(body["key"]), Key(body["previousKey"]) if "previousKey" in body else None
            wrong = key.name != body["origin"] or before and before.name == key.name or not 0 <= body["agreesTo"] < position
            fault_if(wrong, position, "the new origin is not its key's name, or the one before it, or does not agree with events before this one")
            if "previous" in body:
                cited = Note(body["previous"].encode())
                if before:
                    cited.verify([before])
            self.origins.append((key.name, key, body["agreesTo"], before, position))

    def value(self, kind, h, place, payload):
        """One that is opened (O), withheld (W), or erased (X), so that its erasure must follow."""
        if kind != b"O":
            if kind == b"X":
                first = self.waiting.get(place[1], (self.size, place[0]))[:2]  # the one that is named
                self.waiting[place[1]] = *first, self.withheld, False
            return
        found = sha256(b"pd-v1", *(struct.pack(">I", len(p)) + p for p in (h["event_id"].encode(), place[0].encode())), payload)
        if len(payload) < 33 or canonical(payload[32:]) is None or found.hex() != place[2]:
            raise Broken(self.size, f"the opening of {place[0]} is not what was committed to; expected {place[2]}, found {found.hex()}")

    def end(self):
        self.tiles_are_there()
        fault_if(self.kept and self.kept.size > self.size, self.size, "the events end before the checkpoint that was kept")
        # What others said counts where it is of this history, not of one that was left behind.
        self.fitting = [n for n in self.notes if n.size <= self.size and n not in self.contradicted]
        current = self.origins[-1][0] if self.origins else self.notes[-1].origin
        trusted = self.tied()
        for n in self.notes + ([self.kept] if self.kept else []):
            if not trusted & n.signers.keys():
                new = self.origins and n.origin == current and self.origins[-1][1] != self.trusted
                raise Broken(self.origins[-1][4] if new else 0, f"the checkpoint of {n.size} events ({n.origin}) is signed by a key that nothing ties to the one given"
                             + (": the log went on under a new origin here, and its operator must give the new key" if new else ""))
        for n in self.notes:
            # Beyond what both agree on, checkpoints of an origin that was left are those that the next one does not continue.
            following = max((i for i, o in enumerate(self.origins) if o[0] == n.origin), default=-1) + 1
            left = following < len(self.origins) and n.size > self.origins[following][2]
            fault_if(n not in self.fitting and not left, n.size, f"the tree of {n.size} events is not the one of its checkpoint ({n.origin}), or the events end before it")
        newest = [n for n in self.fitting if n.origin == current]
        fault_if(not newest or newest[-1].size != self.size, self.size, "the events do not end where the newest checkpoint does")
        fault_if(self.vouched(newest[-1:], trusted) is None, 0, f"the newest checkpoint, of {self.size} events ({current}), is signed only by a key that the log has replaced")
        self.erasures_are_there()
        for w in self.witnesses:
            fault_if(not any(w in n.signers for n in self.fitting), 0, f"no checkpoint is cosigned by {w.name}")
        return newest[-1]

    def vouched(self, notes, keys):
        """The size up to which these keys vouch by these notes, or None. A key that was replaced does up to the first checkpoint that covers its replacement."""
        def last(key):
            replaced = min([p for old, _, p in self.rotations if old == key] + [p for _, _, _, old, p in self.origins if old == key], default=2**63)
            return min((n.size for n in self.fitting if n.size >= replaced), default=2**63)
        return max((n.size for n in notes for k in keys & n.signers.keys() if n.size <= last(k)), default=None)

    def tied(self):
        """The keys that are trusted: an event ties keys where a checkpoint of this tree covers it that a trusted key signed."""
        keys, before = {self.trusted}, 0
        while len(keys) > before:
            before, covered = len(keys), self.vouched(self.fitting, keys) or 0
            for old, new, position in self.rotations:
                if position <= covered and (old in keys or new in keys):
                    keys |= {old, new}
            keys |= {o[3] for o in self.origins if o[3] and o[1] in keys and o[4] <= covered}
        return keys

    def erasures_are_there(self):
        """Each subject whose values are erased needs a withheld event after the last of them; each such event stands for one missing version or one erasure."""
        total, needed = self.missing, 0
        for subject, (position, pointer, withheld, missing) in sorted(self.waiting.items(), key=lambda w: -w[1][2]):
            needed, total = needed + 1, total + (not missing)
            fault_if(self.withheld - withheld < needed or self.withheld < total, position, f"the value at {pointer} is neither opened nor withheld, and no erasure of {subject} follows")

# ---- the file ----
def records(file, length):
    told = 0
    file.seek(len(MAGICS[0]))
    while prefix := file.read(5):
        size = int.from_bytes(prefix[1:], "big")
        fault_if(len(prefix) == 5 and size > 64 << 20, 0, "a record is longer than any may be")
        payload = file.read(size)
        if len(prefix) < 5 or len(payload) < size:
            raise Unusable("the bundle ends in the middle of a record: it is not whole")
        yield prefix, payload
        if length > 50 << 20 and 10 * file.tell() // length > told:
            told = 10 * file.tell() // length
            print(f"Verifying: {10 * told} %", file=sys.stderr)

def check(path, trusted, kept, witnesses=()):
    keys, notes, history, header, values, newest = [], [], None, None, [], None
    with open(path, "rb") as file:
        magic = file.read(len(MAGICS[0]))
        if magic not in MAGICS:
            raise Unusable("the file is not a bundle of version 1 or 2")
        frame = hashlib.sha256(magic)
        for prefix, payload in records(file, os.path.getsize(path)):
            kind = prefix[:1]
            fault_if(newest, 0, "something follows after the end")
            frame.update(prefix + payload if kind in b"KCSWX" else b"")
            if kind in b"ELZ":
                history = history or History(trusted, keys, notes, kept, witnesses, form=1 + MAGICS.index(magic))
                fault_if(values, history.size, f"nothing is said of the value at {values[:1]}")
            if kind == b"K" and not history and not notes:
                keys.append(Key(payload.decode()))
                fault_if(keys[-1].type == 4, 0, "a witness's key is not for the bundle to give")
            elif kind == b"C" and not history:
                notes.append(Note(payload))
            elif kind == b"S" and magic == MAGICS[1] and not history and notes:
                notes[-1].stamps.append(stamped_at(payload, notes[-1].text.encode()))
            elif kind == b"E":
                header, values = history.event(payload)
            elif kind == b"L" and len(payload) == 32:
                history.withheld += 1
                history.grow(payload)
            elif kind in b"OWX" and values and (kind == b"O" or not payload):
                history.value(kind, header, values.pop(0), payload)
            elif kind == b"T" and history and not values and len(payload) == 9 + 256 * 32:
                history.tile(payload)
            elif kind == b"Z" and len(payload) == 40:
                fault_if(payload != struct.pack(">q", history.size) + frame.digest(), 0, "the number of events, keys, checkpoints, time stamps, or what is said to be withheld or erased were changed")
                newest = history.end()
            else:
                raise Broken(history.size + 1 if history else 0, f"a record of type {prefix[0]} and {len(payload)} bytes cannot stand here")
    if not newest:
        raise Unusable("the bundle ends before its end record: it is not whole")
    return history, newest

def given_key(text, of_witness):
    key = Key(open(text).read().strip() if os.path.exists(text) else text)
    if (key.type == 4) == of_witness:
        return key
    raise Unusable(f"a log's key is given with --key, a witness's with --witness, which {key.name} is not")

def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle")
    parser.add_argument("--key", required=True, help="the public key, or a file that holds it")
    parser.add_argument("--checkpoint", help="a file with a checkpoint that was kept")
    parser.add_argument("--witness", action="append", default=[], help="the public key of a witness, or a file that holds it: it must have cosigned this history")
    given = parser.parse_args()
    trusted, witnesses = given_key(given.key, False), [given_key(w, True) for w in given.witness]
    kept = Note(open(given.checkpoint, "rb").read()) if given.checkpoint else None
    try:
        history, newest = check(given.bundle, trusted, kept, witnesses)
    except ValueError as fault:
        print(f"BROKEN: {fault}")
        return 1
    print(f"SOUND: {newest.size} events of {newest.origin}, {len(history.notes)} checkpoints\nroot {base64.b64encode(newest.root).decode()}")
    if history.withheld:
        print(f"{history.withheld} events are withheld: only that they are there was checked")
    for name, _, agrees, _, position in history.origins:
        print(f"NOTE: at position {position} the log went on as {name}; it is known to agree with what was signed before up to {agrees} events")
    for w in witnesses:
        n = [n for n in history.fitting if w in n.signers][-1]
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(int.from_bytes(n.signers[w][:8], "big")))
        print(f"cosigned by {w.name}: {n.size} events, at {at} by its clock")
    for n in [n for n in history.fitting if n.stamps][-1:]:
        print(f"time stamp, not trusted because its signature is not checked here: {n.size} events were there at {min(n.stamps)}")
    print("no trusted time" + (f"; the newest event says {history.at}" if history.at else ""))
    return 0

def run():
    try:
        return main()
    except (Unusable, OSError, ValueError) as e:
        print(e, file=sys.stderr)
        return 2

if __name__ == "__main__":
    sys.exit(run())
