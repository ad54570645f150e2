"""What a connector says of a platform (contract 3), as the reference reads it: without a required field the reader dies."""

REQUIRED = [
    "contract_version",
    "platform",
    "label",
    "max_message_length",
    "supports_draft_streaming",
    "supports_edit",
    "supports_threads",
    "markdown_dialect",
    "len_unit",
]
LEGACY_OPS = ["send", "edit", "typing", "follow_up"]


def read_descriptor(wire):
    described = {name: wire[name] for name in REQUIRED}
    length = described["max_message_length"]
    if isinstance(length, bool) or not isinstance(length, int) or length <= 0:
        described["max_message_length"] = 4096
    listed = wire.get("supported_ops")
    named = [op for op in listed if isinstance(op, str) and op] if isinstance(listed, list) else []
    described["ops"] = named or LEGACY_OPS
    return described
