"""What Schemathesis has to know of the API's media types."""
import json

import schemathesis


@schemathesis.serializer("application/x-ndjson")
def write_lines(context, value):
    """One JSON value a line; values that are bytes already stay what they are."""
    if isinstance(value, bytes):
        return value
    lines = value if isinstance(value, list) else [value]
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)
