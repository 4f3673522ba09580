#!/usr/bin/env python3
"""Verifies a bundle (docs/bundle.md) with nothing but Python's standard library: verify.py BUNDLE --key VKEY [--checkpoint NOTE]

Written from the specification and independent of the register's own verifier, so that neither need be trusted alone.
Exit code 0: sound. 1: broken; the first fault is named with its position. 2: the input cannot be used.
"""
import base64, binascii, hashlib, json, os, re, struct, sys

MAGIC = b"securitycoop-bundle 1\n"
WIDTH = 256 * 32


class Broken(Exception):
    def __init__(self, position, what):
        super().__init__(f"position {position}: {what}" if position else what)


class Unusable(Exception):
    pass


def sha256(data):
    return hashlib.sha256(data).digest()


# ---- signatures: Ed25519 (RFC 8032, section 5.1.7) and ECDSA P-256 with SHA-256 ----

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def ed_add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def ed_multiply(k, p):
    q = (0, 1, 1, 0)
    while k:
        if k & 1:
            q = ed_add(q, p)
        p, k = ed_add(p, p), k >> 1
    return q


def ed_decode(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


ED_BASE = ed_decode(bytes([0x58]) + bytes([0x66]) * 31)


def ed25519_verifies(key, message, signature):
    a, s = ed_decode(key), int.from_bytes(signature[32:], "little")
    if a is None or len(signature) != 64 or s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    x, y, z, _ = ed_add(ed_multiply(s, ED_BASE), ed_multiply(k, (P - a[0], a[1], 1, P - a[3])))
    z = pow(z, P - 2, P)
    return (y * z % P | (x * z % P & 1) << 255).to_bytes(32, "little") == signature[:32]


Q = 2**256 - 2**224 + 2**192 + 2**96 - 1
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
P256_BASE = (0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
             0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5)
P256_SPKI = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200")


def p256_add(p, q):
    if p is None or q is None:
        return p or q
    if p[0] == q[0]:
        if (p[1] + q[1]) % Q == 0:
            return None
        slope = (3 * p[0] * p[0] - 3) * pow(2 * p[1], Q - 2, Q)
    else:
        slope = (q[1] - p[1]) * pow(q[0] - p[0], Q - 2, Q)
    x = (slope * slope - p[0] - q[0]) % Q
    return x, (slope * (p[0] - x) - p[1]) % Q


def p256_multiply(k, p):
    q = None
    while k:
        if k & 1:
            q = p256_add(q, p)
        p, k = p256_add(p, p), k >> 1
    return q


def p256_point(spki):
    if len(spki) != 91 or not spki.startswith(P256_SPKI) or spki[26] != 4:
        return None
    x, y = int.from_bytes(spki[27:59], "big"), int.from_bytes(spki[59:], "big")
    return (x, y) if x < Q and y < Q and (y * y - x * x * x + 3 * x - B) % Q == 0 else None


def ecdsa_verifies(spki, message, signature):
    # DER: 30 length 02 length r 02 length s, each number as short as it can be.
    whole = re.fullmatch(rb"\x30([\x00-\x7f])\x02([\x01-\x21])(.*)", signature, re.S)
    if not whole or whole[1][0] != len(signature) - 2:
        return False
    r, rest = whole[3][:whole[2][0]], whole[3][whole[2][0]:]
    if len(rest) < 3 or rest[0] != 2 or rest[1] != len(rest) - 2:
        return False
    for number in (r, rest[2:]):
        if number[0] >= 0x80 or (len(number) > 1 and number[0] == 0 and number[1] < 0x80):
            return False
    r, s, key = int.from_bytes(r, "big"), int.from_bytes(rest[2:], "big"), p256_point(spki)
    if key is None or not (0 < r < N and 0 < s < N):
        return False
    w = pow(s, N - 2, N)
    point = p256_add(p256_multiply(int.from_bytes(sha256(message), "big") * w % N, P256_BASE), p256_multiply(r * w % N, key))
    return point is not None and point[0] % N == r


# ---- keys, notes, checkpoints (C2SP signed-note, tlog-checkpoint) ----

def unbase64(text):
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if base64.b64encode(data).decode() == text else None


def is_name(name):
    return bool(name) and not any(c.isspace() or c == "+" or c < " " for c in name)


class Key:
    def __init__(self, text):
        self.text, parts = text, text.split("+", 2)
        data = unbase64(parts[2]) if len(parts) == 3 else None
        if not data or len(data) < 2 or not is_name(parts[0]) or not re.fullmatch("[0-9a-fA-F]{8}", parts[1]):
            raise ValueError("a verifier key has the form name+hash+base64")
        self.name, self.type, self.key = parts[0], data[0], data[1:]
        if self.type == 1 and len(self.key) == 32:
            self.id = sha256(self.name.encode() + b"\n" + data)[:4]
        elif self.type == 2 and p256_point(self.key):
            self.id = sha256(self.key)[:4]
        else:
            raise ValueError(f"the verifier key {self.name} is of no known type")
        if self.id.hex() != parts[1].lower():
            raise ValueError(f"the hash of the verifier key {self.name} is not that of its bytes")

    def verifies(self, text, signature):
        return (ed25519_verifies if self.type == 1 else ecdsa_verifies)(self.key, text.encode(), signature)


class Note:
    """A signed checkpoint. `signers` is filled in by `verify`."""

    def __init__(self, data):
        try:
            note = data.decode()
        except UnicodeDecodeError:
            raise ValueError("a note is not UTF-8")
        text, separator, signatures = note.rpartition("\n\n")
        if not separator or not signatures.endswith("\n") or any(c < " " and c != "\n" for c in note):
            raise ValueError("a note has no signatures after an empty line, or holds a control character")
        self.text, self.signatures, self.signers = text + "\n", [], []
        for line in signatures[:-1].split("\n"):
            parts = line[2:].split(" ", 1)
            data = unbase64(parts[1]) if line.startswith("\u2014 ") and len(parts) == 2 and is_name(parts[0]) else None
            if data is None or len(data) < 5:
                raise ValueError("a signature line of a note is malformed")
            self.signatures.append((parts[0], data[:4], data[4:]))
        lines = self.text.split("\n")
        root = unbase64(lines[2]) if len(lines) >= 4 else None
        if lines[-1] or not all(lines[:-1]) or root is None or len(root) != 32 or not re.fullmatch("0|[1-9][0-9]{0,18}", lines[1]):
            raise ValueError("a note is no checkpoint")
        self.origin, self.size, self.root = lines[0], int(lines[1]), root

    def verify(self, keys):
        for name, key_id, signature in self.signatures:
            for key in keys:
                if key.name == name and key.id == key_id and key not in self.signers:
                    if not key.verifies(self.text, signature):
                        raise Broken(0, f"the signature of {name} on the checkpoint of {self.size} events does not verify")
                    self.signers.append(key)
        if not self.signers or any(k.name != self.origin for k in self.signers):
            raise Broken(0, f"the checkpoint of {self.size} events ({self.origin}) is signed by none of the keys, or by one of another name")
        return self


# ---- canonical JSON: RFC 8785, integers up to 2^53 - 1 only, no U+0000 ----

def sorted_pairs(pairs):
    names = [n.encode("utf-16-be", "surrogatepass") for n, _ in pairs]
    if any(a >= b for a, b in zip(names, names[1:])):
        raise ValueError
    return dict(pairs)


def integer(text):
    if abs(int(text)) > 2**53 - 1:
        raise ValueError
    return int(text)


def refuse(_):
    raise ValueError


def has_nul(value):
    if isinstance(value, dict):
        return any("\0" in n or has_nul(v) for n, v in value.items())
    return any(map(has_nul, value)) if isinstance(value, list) else isinstance(value, str) and "\0" in value


def canonical(data):
    """The value, or None where the bytes are not canonical."""
    try:
        text = data.decode()
        value = json.loads(text, object_pairs_hook=sorted_pairs, parse_int=integer, parse_float=refuse, parse_constant=refuse)
        same = json.dumps(value, ensure_ascii=False, separators=(",", ":")) == text
    except (ValueError, RecursionError):
        return None
    return (value,) if same and not ("\\u0000" in text and has_nul(value)) else None


# ---- the history ----

class History:
    def __init__(self, trusted, keys, notes, kept):
        self.trusted, self.keys, self.kept = trusted, keys, kept
        known = keys + [trusted] if all(k.text != trusted.text for k in keys) else keys
        if not notes:
            raise Broken(0, "there is no checkpoint")
        self.notes = sorted((n.verify(known) for n in notes), key=lambda n: n.size)
        for key in keys:
            if not any(key in n.signers for n in notes):
                raise Broken(0, f"the key {key.name} signed no checkpoint")
        if kept:
            kept.verify(known)
        self.size, self.peaks, self.rows, self.filled = 0, [], [], {}
        self.versions, self.log, self.at, self.next = {}, None, "", 0
        self.missing, self.withheld, self.last_withheld = 0, 0, 0
        self.rotations, self.origins, self.erased, self.contradicted = [], [], [], []
        self.compare()

    def root(self):
        if not self.peaks:
            return sha256(b"")
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = sha256(b"\x01" + peak + root)
        return root

    def compare(self):
        if self.kept and self.kept.size == self.size and self.root() != self.kept.root:
            raise Broken(self.size, f"the tree is not the one of the checkpoint that was kept; expected {self.kept.root.hex()}, found {self.root().hex()}")
        while self.next < len(self.notes) and self.notes[self.next].size == self.size:
            if self.root() != self.notes[self.next].root:
                self.contradicted.append(self.notes[self.next])
            self.next += 1

    def grow(self, leaf):
        self.tiles_are_there()
        node, height, full = leaf, 0, self.size
        if not self.rows:
            self.rows.append([])
        self.rows[0].append(leaf)
        self.size += 1
        while full & 1:
            node, height, full = sha256(b"\x01" + self.peaks.pop() + node), height + 1, full >> 1
            if height % 8 == 0:
                level = height // 8 - 1
                self.filled[level, (self.size >> height) - 1] = b"".join(self.rows[level])
                self.rows[level] = []
                if len(self.rows) == level + 1:
                    self.rows.append([])
                self.rows[level + 1].append(node)
        self.peaks.append(node)
        self.compare()

    def tiles_are_there(self):
        for level, index in self.filled:
            raise Broken(self.size, f"tile {level}/{index} is missing")

    def tile(self, payload):
        level, index = payload[0], struct.unpack(">q", payload[1:9])[0]
        if self.filled.pop((level, index), None) != payload[9:]:
            raise Broken(self.size, f"tile {level}/{index} is not of the tree")

    def event(self, payload):
        """Header, leaf, body, stream; returns the header, and its protected values that are still to come."""
        position, length = self.size + 1, struct.unpack(">H", payload[:2])[0] if len(payload) > 2 else 0
        if len(payload) < 3 + length or payload[2] != 0:
            raise Broken(position, "the record is not a header and a body")
        header, body = payload[3:3 + length], payload[3 + length:]
        h, content = canonical(header), canonical(body)
        # What another program appended (v 2) may have no canonical form (v 3).
        if h is None or not isinstance(h[0], dict) or content is None and h[0].get("v") != 3:
            raise Broken(position, "header or body is not canonical JSON")
        h, content = h[0], content and content[0]
        places = h.get("protected", [])
        if (any(not isinstance(h.get(m), str) for m in ("body", "event_id", "log", "recorded_at", "stream", "type")) or type(h.get("version")) is not int or h.get("v") not in (1, 2, 3)
                or not isinstance(places, list) or any(not isinstance(p, list) or len(p) != 3 or not all(isinstance(x, str) for x in p) for p in places)
                or not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", h["recorded_at"])):
            raise Broken(position, "the header lacks a member that every header has, or one is of the wrong kind")
        if sha256(body).hex() != h["body"]:
            raise Broken(position, f"the body is not the one that was hashed; expected {h['body']}, found {sha256(body).hex()}")
        self.log = self.log or h["log"]
        if h["log"] != self.log or h["recorded_at"] < self.at:
            raise Broken(position, "the event is of another log, or recorded before the event before it")
        self.at = h["recorded_at"]
        stream, version = sha256(h["stream"].encode())[:16], h["version"]
        before = self.versions.get(stream, 0)
        self.missing += version - before - 1
        if version <= before or self.missing > self.withheld:
            raise Broken(position, f"the versions of stream {h['stream']} are not contiguous; expected {before + 1}, found {version}")
        self.versions[stream] = version
        if h["v"] == 1 and h["stream"] == "ledger-" + self.log and h["type"] in ("ledger_key_rotated", "ledger_origin_opened"):
            needs = {"from": str, "to": str} if h["type"] == "ledger_key_rotated" else {"origin": str, "key": str, "agreesTo": int}
            if not isinstance(content, dict) or any(type(content.get(m)) is not t for m, t in needs.items()):
                raise Broken(position, f"the body is not that of a {h['type']}")
            (self.rotations if h["type"] == "ledger_key_rotated" else self.origins).append((content, position))
        if h["v"] == 1 and h["type"] == "person_erased":
            self.erased = [e for e in self.erased if e[2] != h["stream"]]
        self.grow(sha256(payload[2:3 + length]))
        return h, list(places)

    def opening(self, h, place, payload):
        parts = [h["event_id"].encode(), place[0].encode()]
        found = sha256(b"pd-v1" + b"".join(struct.pack(">I", len(p)) + p for p in parts) + payload)
        if len(payload) < 33 or canonical(payload[32:]) is None or found.hex() != place[2]:
            raise Broken(self.size, f"the opening of {place[0]} is not what was committed to; expected {place[2]}, found {found.hex()}")

    def end(self):
        self.tiles_are_there()
        current = self.origins[-1][0]["origin"] if self.origins else self.notes[-1].origin
        newest = [n for n in self.notes if n.origin == current]
        for n in sorted([n for n in self.notes if n.size > self.size] + self.contradicted, key=lambda n: n.size):
            left = next((o for o, _ in self.origins if o["origin"] != n.origin), None)
            if left is None or n.origin == current or n.size <= left["agreesTo"]:
                raise Broken(n.size, f"the tree of {n.size} events is not the one of its checkpoint ({n.origin}), or the events end before it")
        if not newest or newest[-1].size != self.size or (self.kept and self.kept.size > self.size):
            raise Broken(self.size, "the events do not end where the newest checkpoint does, or end before the one that was kept")
        for position, pointer, subject in self.erased:
            if position > self.last_withheld:
                raise Broken(position, f"the value at {pointer} is neither opened nor withheld, and no erasure of {subject} follows")
        tied, before = {self.trusted.text}, 0
        while len(tied) > before:
            before = len(tied)
            for r, position in self.rotations:
                if r["to"] in tied:
                    tied.add(r["from"])
                elif r["from"] in tied and any(n.size >= position and any(k.text == r["from"] for k in n.signers) for n in self.notes):
                    tied.add(r["to"])
            tied |= {o["previousKey"] for o, _ in self.origins if o["key"] in tied and "previousKey" in o}
        for n in self.notes + ([self.kept] if self.kept else []):
            if not any(k.text in tied for k in n.signers):
                raise Broken(0, f"the checkpoint of {n.size} events ({n.origin}) is signed by a key that nothing ties to the one given")
        for o, position in self.origins:
            if "previous" in o and "previousKey" in o:
                Note(o["previous"].encode()).verify([Key(o["previousKey"])])
        return newest[-1]


# ---- the file ----

def records(file, length):
    done, told = len(MAGIC), 0
    if file.read(len(MAGIC)) != MAGIC:
        raise Unusable("the file is not a bundle of version 1")
    while prefix := file.read(5):
        size = struct.unpack(">I", prefix[1:])[0] if len(prefix) == 5 else 1 << 32
        if len(prefix) == 5 and size > 64 << 20:
            raise Broken(0, "a record is longer than any may be")
        payload = file.read(size) if len(prefix) == 5 else b""
        if len(payload) != size:
            raise Unusable("the bundle ends in the middle of a record: it is not whole")
        yield prefix, payload
        done += 5 + size
        if length > 50 << 20 and 10 * done // length > told:
            told = 10 * done // length
            print(f"Verifying: {10 * told} %", file=sys.stderr)


def check(path, trusted, kept):
    keys, notes, history, header, values, ended = [], [], None, None, [], None
    frame = hashlib.sha256(MAGIC)
    with open(path, "rb") as file:
        for prefix, payload in records(file, os.path.getsize(path)):
            kind = prefix[:1]
            if ended:
                raise Broken(0, "something follows after the end")
            if kind in b"KCWX":
                frame.update(prefix + payload)
            if kind in b"ELZ":
                history = history or History(trusted, keys, notes, kept)
                if values:
                    raise Broken(history.size, f"nothing is said of the value at {values[0][0]}")
            if kind == b"K" and not history and not notes:
                keys.append(Key(payload.decode()))
            elif kind == b"C" and not history:
                notes.append(Note(payload))
            elif kind == b"E":
                header, values = history.event(payload)
            elif kind == b"L" and len(payload) == 32:
                history.withheld, history.last_withheld = history.withheld + 1, history.size + 1
                history.grow(payload)
            elif kind in b"OWX" and values and (kind == b"O" or not payload):
                place = values.pop(0)
                if kind == b"O":
                    history.opening(header, place, payload)
                elif kind == b"X":
                    history.erased.append((history.size, place[0], place[1]))
            elif kind == b"T" and history and len(payload) == 9 + WIDTH:
                history.tile(payload)
            elif kind == b"Z" and len(payload) == 40:
                if struct.unpack(">q", payload[:8])[0] != history.size or payload[8:] != frame.digest():
                    raise Broken(0, "the number of events, keys, checkpoints, or what is said to be withheld or erased were changed")
                ended = history.end()
            else:
                raise Broken(history.size + 1 if history else 0, f"a record of type {prefix[0]} and {len(payload)} bytes cannot stand here")
    if not ended:
        raise Unusable("the bundle ends before its end record: it is not whole")
    return history, ended


def main(arguments):
    bundle = key = note = None
    while arguments:
        word = arguments.pop(0)
        if word == "--key" and arguments:
            key = arguments.pop(0)
        elif word == "--checkpoint" and arguments:
            note = arguments.pop(0)
        elif bundle is None and not word.startswith("-"):
            bundle = word
        else:
            raise Unusable(__doc__)
    if not bundle or not key:
        raise Unusable(__doc__)
    trusted = Key(open(key).read().strip() if os.path.exists(key) else key)
    kept = Note(open(note, "rb").read()) if note else None
    try:
        history, newest = check(bundle, trusted, kept)
    except Broken as fault:
        print(f"BROKEN: {fault}")
        return 1
    except ValueError as fault:
        print(f"BROKEN: {fault}")
        return 1
    print(f"SOUND: {newest.size} events of {newest.origin}, {len(history.notes)} checkpoints")
    print(f"root {base64.b64encode(newest.root).decode()}")
    if history.withheld:
        print(f"{history.withheld} events are withheld: only that they are there was checked")
    for o, position in history.origins:
        print(f"NOTE: at position {position} the log went on as {o['origin']}; it is known to agree with what was signed before up to {o['agreesTo']} events")
    print("no trusted time" + (f"; the newest event says {history.at}" if history.at else ""))
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (Unusable, OSError, ValueError) as e:
        print(e, file=sys.stderr)
        sys.exit(2)
