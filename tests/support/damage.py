"""Damage that a file that lasts may take: cut, binary, of other types, deep, vast, ambiguous."""

import json
import random

VALUES = (
    "null",
    "-1",
    "1e999",
    "NaN",
    "9" * 5_000,
    '"\\ud800"',
    '"../../x"',
    '"' + "x" * 300 + '"',
    "[]",
    "{}",
    "true",
)
MARK = "#damaged#"
DEEP = 100_000


def whole_damages(content):
    """What may become of a file as a whole, by name."""
    half = len(content) // 2
    return {
        "empty": b"",
        "cut": content[:half],
        "binary": b"\xff\xfe\x00" + content[:half] + bytes(range(256)),
        "deep": b"[" * DEEP,
        "deep object": b'{"a":' * DEEP,
        "a number": b"5",
        "vast": b"9" * 10_000,
        "NaN": b"NaN",
        "null": b"null",
        "a list": b"[]",
        "an object": b"{}",
        "a byte order mark": b"\xef\xbb\xbf" + content,
        "a zero byte": content[:half] + b"\0" + content[half:],
    }


def leaves(content, path=()):
    """The paths of all values within JSON."""
    items = {dict: dict.items, list: enumerate}.get(type(content))
    for key, value in items(content) if items else ():
        yield (*path, key)
        yield from leaves(value, (*path, key))


def replaced(text, path, value):
    """JSON of which the value at a path is another, written as it stands."""
    content = json.loads(text)
    place = content
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = MARK
    return json.dumps(content, ensure_ascii=False).replace(json.dumps(MARK), value)


def doubled(text):
    """JSON of which the first key is there twice, with another value first."""
    key = next(iter(json.loads(text)))
    return text.replace("{", "{" + json.dumps(key) + ": [5],", 1)


def damages(content, seed, fields):
    """Damaged forms of a file of JSON, of JSON lines or of text, by name.

    fields: in how many places one value is another.
    """
    chance = random.Random(seed)
    found = whole_damages(content)
    lines = content.decode().splitlines()
    try:
        json.loads(content)
        place, text = None, content.decode()
    except ValueError:
        place = chance.randrange(len(lines))
        text = lines[place]
    try:
        paths = list(leaves(json.loads(text)))
    except ValueError:
        return found | {"a line": content + b"?\n", "a line twice": content + content}

    def put(changed):
        if place is None:
            return changed.encode("utf-8", "surrogatepass")
        return "\n".join([*lines[:place], changed, *lines[place + 1 :], ""]).encode()

    if isinstance(json.loads(text), dict):
        found["a key twice"] = put(doubled(text))
    for _ in range(fields if paths else 0):
        path, value = chance.choice(paths), chance.choice(VALUES)
        name = f"{'.'.join(map(str, path))} is {value[:12]}"
        found[name] = put(replaced(text, path, value))
    return found
