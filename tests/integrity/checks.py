"""Every check of the catalog's facts, in the order of the README."""

from __future__ import annotations

from integrity import accelerators, families, names, prices, shapes, sizes

CHECKS = (
    *accelerators.CHECKS,
    *shapes.CHECKS,
    *sizes.CHECKS,
    *names.CHECKS,
    *families.CHECKS,
    *prices.CHECKS,
)
