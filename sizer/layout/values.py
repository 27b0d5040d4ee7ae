"""Keys and values as they are written."""

from __future__ import annotations

from sizer.structure.toml.syntax_tree import SyntaxNode

WIDTH = 100
_INDENT = "    "
_MARKS = {"[", "]", ",", "{", "}"}


def key_text(key: SyntaxNode) -> str:
    """Return a key, without spaces around its dots."""
    if key.kind != "dotted_key":
        return key.text
    return "".join(key_text(part) for part in key.parts)


def value_text(value: SyntaxNode, column: int, indent: str = "") -> str:
    """Return a value that starts in a column.

    An array stands on one line if it fits, holds no comment, and has no comma after its last item.
    """
    if value.kind != "array":
        return _one_line(value, indent)
    if not _is_open(value):
        text = _one_line(value, indent)
        if column + max(map(len, text.split("\n"))) <= WIDTH:
            return text
    return _item_by_line(value, indent)


def _is_open(value: SyntaxNode) -> bool:
    """Whether the author wants lines: by a comment or a comma after the last item of an array."""
    if value.kind == "array" and value.parts[-2].kind == ",":
        return True
    return any(part.kind == "comment" or _is_open(part) for part in value.parts)


def _one_line(value: SyntaxNode, indent: str) -> str:
    items = [part for part in value.parts if part.kind not in _MARKS]
    match value.kind:
        case "string":
            return _string(value.text)
        case "array" if _is_open(value):
            return _item_by_line(value, indent)
        case "array":
            return f"[{', '.join(_one_line(item, indent) for item in items)}]"
        case "inline_table" if items:
            return f"{{ {', '.join(_pair(pair, indent) for pair in items)} }}"
        case "inline_table":
            return "{}"
    return value.text


def _pair(pair: SyntaxNode, indent: str) -> str:
    key, _, value = pair.parts
    return f"{key_text(key)} = {_one_line(value, indent)}"


def _item_by_line(array: SyntaxNode, indent: str) -> str:
    inner = indent + _INDENT
    lines, latest = ["["], array.first_line
    for part in array.parts[1:-1]:
        behind = part.first_line == latest
        if len(lines) > 1 and part.first_line > latest + 1 and part.kind != ",":
            lines.append("")
        latest = part.last_line
        if part.kind == "comment" and behind:
            lines[-1] += f" {part.text.rstrip()}"
        elif part.kind == "comment":
            lines.append(inner + part.text.rstrip())
        elif part.kind != ",":
            lines.append(f"{inner}{value_text(part, len(inner) + 1, inner)},")
    return "\n".join((*lines, f"{indent}]"))


def _string(text: str) -> str:
    """Return a text in double quotes if that needs no escapes."""
    literal = text[0] == "'" and not text.startswith("'''")
    return f'"{text[1:-1]}"' if literal and not {'"', "\\"} & set(text) else text
