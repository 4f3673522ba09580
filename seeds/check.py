"""Checks the seed files against the documents they point into: python3 seeds/check.py FOLDER

FOLDER holds the documents, named as the seed files say. Nothing is written. The exit code is 0 when every digest agrees and no
wording is shared, 1 when something differs, 2 when FOLDER or a document is missing.
"""
import hashlib
import json
import pathlib
import re
import sys

# Words in a row that a text of ours may share with its document: names of bodies and fields of work are that long, sentences longer.
SHARED_WORDS = 6
OWN_WORDS = {"text", "note", "reason", "what", "description"}
FURNITURE = re.compile(r"^date \d{4}(-\d\d){1,2}( Partager Facebook)?(\s+|$)")


def sentences_of(document):
    """The document's sentences, a list for each paragraph (README.md says what counts as one)."""
    paragraphs = []
    for line in document.split("\n"):
        line = FURNITURE.sub("", line.strip()).strip()
        if not line or line.startswith("Lire aussi"):
            continue
        # "M." ends no sentence; "Mme" has no stop that could.
        paragraphs.append(re.split(r"(?<=[.!?])(?<!\bM\.)\s+", line))
    return paragraphs


def digest(data):
    return hashlib.sha256(data).hexdigest()


def walk(value, name=""):
    """Every (name, value) pair below value, the innermost property's name standing for the elements of an array."""
    yield name, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from walk(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from walk(inner, name)


def words(text):
    return re.findall(r"\w+(?:[’'-]\w+)*", text.lower())


def shared_run(text, document_words):
    """The first run of more than SHARED_WORDS words that text has in common with the document, or None."""
    ours, size = words(text), SHARED_WORDS + 1
    theirs = {tuple(document_words[i:i + size]) for i in range(len(document_words) - size + 1)}
    return next((" ".join(ours[i:i + size]) for i in range(len(ours) - size + 1) if tuple(ours[i:i + size]) in theirs), None)


def main(folder):
    seeds = [(path, json.loads(path.read_text(encoding="utf-8"))) for path in sorted(pathlib.Path(__file__).parent.glob("*.json"))]
    documents, faults, checked = {}, [], 0
    for path, seed in seeds:
        file = folder / (seed["document"] + ".txt")
        if not file.is_file():
            print(f"{path.name}: its document {file.name} is not in {folder}")
            return 2
        data = file.read_bytes()
        registered = [c for c in seed["commands"] if c["post"] == "/api/sources"]
        if len(registered) != 1:
            faults.append(f"{path.name}: registers {len(registered)} sources, not one")
            continue
        if registered[0]["body"].get("sha256") != digest(data):
            faults.append(f"{path.name}: the document's digest is {digest(data)}")
        documents[registered[0]["as"]] = data.decode("utf-8")

    paragraphs = {name: sentences_of(text) for name, text in documents.items()}
    document_words = [words(text) for text in documents.values()]
    for path, seed in seeds:
        for command in seed["commands"]:
            for name, value in walk(command["body"]):
                if isinstance(value, dict) and "paragraph" in value:
                    checked += 1
                    where = f"{command['key']}: {value['document']} {value['paragraph']}/{value['sentence']}"
                    # Counted from 1: a 0 must not be read as the last one.
                    if value["document"] not in paragraphs or value["paragraph"] < 1 or value["sentence"] < 1:
                        faults.append(f"{where} points nowhere")
                        continue
                    try:
                        found = paragraphs[value["document"]][value["paragraph"] - 1][value["sentence"] - 1]
                    except IndexError:
                        faults.append(f"{where} points nowhere")
                        continue
                    if digest(found.encode("utf-8")) != value["sha256"]:
                        faults.append(f"{where}: the sentence's digest is {digest(found.encode('utf-8'))}")
                if name in OWN_WORDS and isinstance(value, str):
                    for theirs in document_words:
                        if run := shared_run(value, theirs):
                            faults.append(f"{command['key']}: {name} shares “{run}” with a document")
    print("\n".join(faults + [f"{len(seeds)} documents, {checked} locators, {len(faults)} faults"]))
    return 1 if faults or not checked else 0


if __name__ == "__main__":
    if len(sys.argv) != 2 or not pathlib.Path(sys.argv[1]).is_dir():
        print(__doc__)
        sys.exit(2)
    sys.exit(main(pathlib.Path(sys.argv[1])))
