"""The schemas of records, corrected: those of the official document forbid every record."""

import copy

NAMES = ("GetRecordResponse", "DocumentBundle", "SpreadsheetBundle", "Struct", "Value")

# The bounds of numbers that the document only names, or that protobuf implies: it has no format for `uint32`.
BOUNDS = {"int32": (-(2**31), 2**31 - 1), None: (0, 2**32 - 1)}


def is_of_records(name):
    return name in NAMES or name.startswith("qcr.")


def corrected(document):
    """A copy of the document in which records are possible, and the list of its corrections."""
    document, corrections = copy.deepcopy(document), []
    schemas = document["components"]["schemas"]
    for name, schema in schemas.items():
        if not is_of_records(name):
            continue
        arms = kinds(schema)
        if arms is not None:
            schemas[name] = union(schema, arms)
            corrections.append(f"{name}: its kinds are properties too, and it may have no kind")
        for field, found in {**schema.get("properties", {}), **(arms or {})}.items():
            if found.get("type") == "integer":
                found["minimum"], found["maximum"] = BOUNDS[found.get("format")]
                corrections.append(f"{name}.{field}: it has the range of its type")
    return document, corrections


def kinds(schema):
    """The fields of which a schema has exactly one, or `None` if it has no such fields."""
    choices = [part["oneOf"] for part in [schema, *schema.get("allOf", [])] if "oneOf" in part]
    if not choices or schema.get("additionalProperties") is not False:
        return None
    return {name: field for arm in choices[0] for name, field in arm["properties"].items()}


def union(schema, arms):
    """`additionalProperties` sees only the properties beside it, so all of them stand there."""
    common = [part.get("properties", {}) for part in schema.get("allOf", [])]
    has = [{"required": [name]} for name in arms]
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {**{name: field for part in common for name, field in part.items()}, **arms},
        "oneOf": [*has, {"not": {"anyOf": has}}],
    }


def extended(document):
    """A copy of a corrected document that also allows what the API may add: values of enumerations, and kinds."""
    document = copy.deepcopy(document)
    for name, schema in document["components"]["schemas"].items():
        if is_of_records(name):
            schema.pop("enum", None)
            if "oneOf" in schema and "properties" in schema:
                schema["patternProperties"] = {"^x_": True}
    return document
