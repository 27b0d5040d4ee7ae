"""How many entries offend against each check, exceptions included.

Run `python tests/integrity/counts.py [CHECK]`; with a check's name it lists the offenders.
"""

from __future__ import annotations

import sys

from integrity.checks import CHECKS
from integrity.exceptions import exceptions, offenders

if __name__ == "__main__":
    wanted = sys.argv[1:]
    for check in CHECKS:
        if wanted and check.__name__ not in wanted:
            continue
        found, excepted = offenders(check), exceptions().get(check.__name__, {})
        new = sum(each not in excepted for each in found)
        print(f"{check.__name__:36} {len(found):4} offend, {new:4} without an exception")
        if wanted:
            print("\n".join(f"  {entry}: {said}" for entry, said in found.items()))
