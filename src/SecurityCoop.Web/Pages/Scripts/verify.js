// Checks one event in the browser: body → header → leaf → inclusion path → root → checkpoint's signature → fingerprint of the key.
// It came from the server whose history it checks, and says so; a proof that needs no such trust is the bundle with the offline verifier.

const place = document.getElementById('verify');
const words = JSON.parse(place.dataset.words);
const position = Number(place.dataset.position);

const fromBase64 = text => Uint8Array.from(atob(text), c => c.charCodeAt(0));
const hex = bytes => Array.from(bytes, b => b.toString(16).padStart(2, '0')).join('');
const utf8 = text => new TextEncoder().encode(text);
const join = (...parts) => Uint8Array.from(parts.flatMap(p => Array.from(p)));
const sha256 = async bytes => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
const same = (a, b) => hex(a) === hex(b);
const node = (left, right) => sha256(join([1], left, right));

// RFC 9162, section 2.1.3.2. Positions may pass 2^32: no bit operators.
async function rootOf(index, size, leaf, path) {
  let [fn, sn, hash] = [index, size - 1, leaf];
  for (const sibling of path) {
    if (sn === 0) return null;
    if (fn % 2 === 1 || fn === sn) {
      hash = await node(sibling, hash);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
    } else hash = await node(hash, sibling);
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  return sn === 0 ? hash : null;
}

// RFC 9162, section 2.1.4.2.
async function isBeginning(from, to, fromRoot, toRoot, proof) {
  if (from === to) return proof.length === 0 && same(fromRoot, toRoot);
  if (from === 0) return proof.length === 0;
  const path = Number.isInteger(Math.log2(from)) ? [fromRoot, ...proof] : [...proof];
  let [fn, sn] = [from - 1, to - 1];
  while (fn % 2 === 1) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  if (path.length === 0) return false;
  let [fr, sr] = [path[0], path[0]];
  for (const c of path.slice(1)) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      [fr, sr] = [await node(c, fr), await node(c, sr)];
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
    } else sr = await node(sr, c);
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  return sn === 0 && same(fr, fromRoot) && same(sr, toRoot);
}

// A note: its text, and the signatures of those keys that have this name.
function readNote(note) {
  const end = note.lastIndexOf('\n\n');
  if (end < 0) return null;
  const text = note.slice(0, end + 1);
  const [origin, size, root] = text.split('\n');
  const signatures = note.slice(end + 2).split('\n').filter(l => l.startsWith('\u2014 ')).map(l => l.slice(2).split(' '))
    .map(([name, encoded]) => ({ name, bytes: fromBase64(encoded) }));
  return { text, origin, size: Number(size), root: fromBase64(root), signatures };
}

async function isSigned(note, key) {
  const [name, hash, encoded] = [key.slice(0, key.indexOf('+')), key.split('+')[1], key.slice(key.indexOf('+') + 10)];
  const bytes = fromBase64(encoded);
  if (bytes[0] !== 1) return null; // Another kind of key than Ed25519 is left to the offline verifier.
  const signature = note.signatures.find(s => s.name === name && hex(s.bytes.slice(0, 4)) === hash);
  if (!signature) return false;
  const made = await crypto.subtle.importKey('raw', bytes.slice(1), { name: 'Ed25519' }, false, ['verify']);
  return crypto.subtle.verify({ name: 'Ed25519' }, made, signature.bytes.slice(4), utf8(note.text));
}

async function get(address) {
  const answer = await fetch(address, { headers: { Accept: 'application/json, text/plain' } });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer;
}

function step(name, outcome, expected, found) {
  const row = document.createElement('tr');
  row.dataset.outcome = outcome;
  const cell = (tag, text, ltr) => {
    const made = document.createElement(tag);
    made.textContent = text;
    if (tag === 'th') made.scope = 'row';
    if (ltr) made.dir = 'ltr';
    row.append(made);
  };
  cell('th', words.steps[name]);
  cell('td', words[outcome]);
  cell('td', expected ?? '', true);
  cell('td', found ?? '', true);
  place.querySelector('tbody').append(row);
}

const compare = (name, expected, found) => step(name, expected === found ? 'agrees' : 'differs', expected, found);

async function verify() {
  place.querySelector('tbody').replaceChildren();
  place.querySelector('table').hidden = false;
  const note = readNote(await (await get('/api/audit/checkpoint')).text());
  const event = await (await get(`/api/audit/events/${position}?proof=true`)).json();
  if (!event.headerBytes) {
    for (const name of ['body', 'leaf']) step(name, 'unchecked', '', words.withheld);
  } else {
    const [header, body] = [fromBase64(event.headerBytes), fromBase64(event.bodyBytes)];
    compare('body', JSON.parse(new TextDecoder().decode(header)).body, hex(await sha256(body)));
    compare('leaf', hex(fromBase64(event.proof.leaf)), hex(await sha256(join([0], header))));
  }
  if (note.size < position) {
    for (const name of ['root', 'signature']) step(name, 'unchecked', '', words.unsigned);
  } else {
    const proof = await (await get(`/api/audit/events/${position}/proof?size=${note.size}`)).json();
    const root = await rootOf(position - 1, note.size, fromBase64(proof.leaf), proof.proof.map(fromBase64));
    compare('root', hex(note.root), root === null ? '' : hex(root));
    const signed = await isSigned(note, place.dataset.key);
    if (signed === null) step('signature', 'unchecked', '', words.otherkey);
    else step('signature', signed ? 'agrees' : 'differs', place.dataset.key, note.origin);
  }
  const mine = document.getElementById('mykey').value.trim();
  const fingerprint = hex(await sha256(utf8(place.dataset.key)));
  if (mine === '') step('key', 'unchecked', words.nokey, place.dataset.key);
  else compare('key', mine, mine.length === 64 ? fingerprint : place.dataset.key);
  const earlier = document.getElementById('mynote').value;
  if (earlier.trim() === '') return;
  const before = readNote(earlier.endsWith('\n') ? earlier : `${earlier}\n`);
  if (!before || before.size > note.size) step('consistency', 'differs', '', words.nonote);
  else {
    const proof = await (await get(`/api/audit/consistency?from=${before.size}&to=${note.size}`)).json();
    const fits = await isBeginning(before.size, note.size, before.root, note.root, proof.proof.map(fromBase64));
    step('consistency', fits ? 'agrees' : 'differs', hex(before.root), proof.fromRoot ? hex(fromBase64(proof.fromRoot)) : '');
  }
}

if (!globalThis.crypto?.subtle) {
  document.getElementById('verify-plain').hidden = false;
} else {
  const button = place.querySelector('button');
  place.querySelector('form').hidden = false;
  place.querySelector('form').addEventListener('submit', async e => {
    e.preventDefault();
    button.disabled = true;
    try {
      await verify();
      place.querySelector('[role=status]').textContent = words.done;
    } catch (fault) {
      place.querySelector('[role=status]').textContent = `${words.unchecked}: ${fault.message}`;
    }
    button.disabled = false;
  });
}
