"""A JSON file as plain values, with the place of what is wrong in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sizer.diagnostic import Place, problem
from sizer.structure.files.text_file import decoded, read_bytes


def read_json_list(path: Path) -> list[Any]:
    """Return the list of objects that a JSON file holds.

    Raises Problem: SZ001 to SZ004 for the file and its syntax, SZ101 when it holds no such list.
    """
    text = decoded(read_bytes(path), str(path)).removeprefix("\ufeff")
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        excerpt = text.splitlines()[error.lineno - 1] if text.strip() else None
        place = Place(str(path), error.lineno, error.colno, excerpt=excerpt)
        raise problem("SZ003", f"JSON: {error.msg}", place) from None
    except ValueError:  # a number with more digits than Python converts
        raise problem("SZ003", "JSON: a number has too many digits", Place(str(path))) from None
    except RecursionError:
        raise problem("SZ004", "nested too deeply", Place(str(path))) from None
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        hint = 'like [{"name": "..."}]'
        raise problem("SZ101", "must be a list of objects", Place(str(path)), hint)
    return [{key: each for key, each in item.items() if each is not None} for item in value]
