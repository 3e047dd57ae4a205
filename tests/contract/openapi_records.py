"""Records against the official OpenAPI document, with corrected schemas: generated ones must come back from the
Rust types unchanged, and those that the Rust types generate must be valid."""

import json
import math
import random
import string
import struct
import subprocess
import sys

from jsonschema import Draft202012Validator

import operations
import records

COUNT = 2_000
DEEPEST = 16

with open(sys.argv[1]) as file:
    official = json.load(file)
document, corrections = records.corrected(official)


def validator(document):
    root = {"$ref": "#/components/schemas/GetRecordResponse", "components": document["components"]}
    return Draft202012Validator(root)


class Generator:
    """Generates values from schemas, and notes which fields and values it has used."""

    def __init__(self, schemas, seed):
        self.schemas, self.random, self.used, self.turns = schemas, random.Random(seed), set(), {}

    def next(self, name, values):
        """Each of the values in turn, so that rare ones occur too."""
        turn = self.turns[name] = self.turns.get(name, -1) + 1
        return values[turn % len(values)]

    def of(self, schema, depth=0, name=""):
        if "$ref" in schema:
            name = schema["$ref"].rsplit("/")[-1]
            return self.of(self.schemas[name], depth, name)
        if name == "Value":
            return self.anything(depth)
        if "enum" in schema:
            value = self.next(name, schema["enum"])
            self.used.add((name, value))
            return value
        return getattr(self, schema["type"])(schema, depth, name)

    def object(self, schema, depth, name):
        if name == "Struct":
            count = 0 if depth > DEEPEST else self.random.choice((0, 1, 3))
            return {self.text(): self.anything(depth + 1) for _ in range(count)}
        kinds = [arm["required"][0] for arm in schema.get("oneOf", []) if "required" in arm]
        chance = self.random.choice((0.4, 0.7, 1.0)) if depth <= DEEPEST else 0
        fields = [field for field in schema.get("properties", {}) if field not in kinds and self.random.random() < chance]
        if kinds and self.random.random() < min(chance * 2, 0.95):
            fields.append(self.next(name, kinds))
        self.random.shuffle(fields)
        self.used.update((name, field) for field in fields)
        return {field: self.of(schema["properties"][field], depth + 1, f"{name}.{field}") for field in fields}

    def array(self, schema, depth, name):
        count = 0 if depth > DEEPEST else self.random.choice((0, 1, 2, 2))
        return [self.of(schema["items"], depth + 1, name) for _ in range(count)]

    def string(self, schema, depth, name):
        format = schema.get("format")
        if format == "date-time":
            fraction = self.random.choice(("", ".5", ".010", ".123456789"))
            offset = self.random.choice(("Z", "+00:00", "-07:30"))
            return f"20{self.random.randrange(10, 99)}-0{self.random.randrange(1, 9)}-28T23:59:59{fraction}{offset}"
        if format == "byte":
            return self.random.choice(("", "aGVsbG8=", "/+8A"))
        assert format is None, format
        return self.text()

    def text(self):
        symbols = self.random.choice((string.ascii_letters, string.printable, "\0\u2028\"\\é🔑\ufeff\U0010ffff"))
        return "".join(self.random.choices(symbols, k=self.random.choice((0, 1, 5, 12))))

    def integer(self, schema, depth, name):
        low, high = schema["minimum"], schema["maximum"]
        return self.random.choice((low, high, 0, 1, self.random.randint(low, high)))

    def number(self, schema=None, depth=0, name=""):
        bits = self.random.getrandbits(64)
        (double,) = struct.unpack("<d", bits.to_bytes(8, "little"))
        (single,) = struct.unpack("<f", (bits & 0xFFFF_FFFF).to_bytes(4, "little"))
        cents = round(self.random.uniform(-1e6, 1e6), 2)
        edges = (0, -0.0, 1, -1, 5e-324, 1.7976931348623157e308, 2**53 + 1, 1e22, 0.1 + 0.2)
        value = self.random.choice((double, single, cents, self.random.choice(edges)))
        return value if math.isfinite(value) else 0.0

    def boolean(self, schema=None, depth=0, name=""):
        return self.random.random() < 0.5

    def anything(self, depth):
        whole = lambda: self.random.choice((-(2**63), 2**64 - 1, 7))
        kinds = [lambda: None, self.boolean, self.number, self.text, whole]
        if depth <= DEEPEST:
            kinds.append(lambda: [self.anything(depth + 1) for _ in range(self.random.randrange(3))])
            kinds.append(lambda: {self.text(): self.anything(depth + 1) for _ in range(self.random.randrange(3))})
        return self.random.choice(kinds)()


def same(a, b):
    """Whether two JSON values are the same. `1` and `1.0` are the same number."""
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return float(a) == float(b) if isinstance(a, float) or isinstance(b, float) else a == b
    if type(a) is not type(b):
        return False
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[name], b[name]) for name in a)
    if isinstance(a, list):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b


# The document itself forbids every record: also an empty one, and one of each kind.
for record in ({}, {"id": "1"}, {"document": {}}, {"spreadsheet": {}}):
    assert not validator(official).is_valid(record), f"the document allows {record}: validate against it"
strict, open_ = validator(document), validator(records.extended(document))
for record, valid in (
    ({"document": {}}, True),
    ({}, True),
    ({"document": {}, "spreadsheet": {}}, False),
    ({"x_new": {}}, False),
    ({"document": {"record": {"blocks": [{"paragraph": {}, "heading": {}}]}}}, False),
    ({"document": {"record": {"blocks": [{"paragraph": {"texts": ""}}]}}}, False),
):
    assert strict.is_valid(record) == valid, record

# Every field and every value of every schema is used.
schemas = {name: schema for name, schema in document["components"]["schemas"].items() if records.is_of_records(name)}
generator = Generator(schemas, seed=2026)
generated = [generator.of({"$ref": "#/components/schemas/GetRecordResponse"}) for _ in range(COUNT)]
wanted = {
    (name, one) for name, schema in schemas.items() for one in [*schema.get("properties", {}), *schema.get("enum", [])]
}
assert not wanted - generator.used, f"never generated: {sorted(wanted - generator.used)}"
for record in generated:
    strict.validate(record)

# The Rust types read them and write them again.
lines = "".join(json.dumps(record) + "\n" for record in generated)
done = subprocess.run([*operations.RUN, "records"], input=lines, capture_output=True, text=True)
assert done.returncode == 0, done.stderr
written = [json.loads(line) for line in done.stdout.split("\n")[:-1]]
assert len(written) == COUNT, len(written)
for record, again in zip(generated, written):
    assert same(record, again), f"{json.dumps(record)}\n{json.dumps(again)}"

# What they generate has only documented names, beside values and kinds that the API may add.
own = operations.lines("records", str(COUNT))
for record in own:
    open_.validate(record)
strictly = sum(strict.is_valid(record) for record in own)

print("corrections:", *corrections, sep="\n  ")
print(
    f"{COUNT} records of {sum(map(len, lines.splitlines())) / 1e6:.1f} MB come back unchanged, "
    f"with all {len(wanted)} fields and values of {len(schemas)} schemas; "
    f"{len(own)} generated by the types are valid, {strictly} of them without additions"
)
