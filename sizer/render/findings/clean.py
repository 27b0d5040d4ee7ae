"""Findings without anything that could steer a terminal or a build."""

from __future__ import annotations

from attrs import evolve

from sizer.diagnostic import Checked, Diagnostic, Place, Related
from sizer.render.plain import obeyed_by_none, plain


def cleaned(checked: Checked) -> Checked:
    """Return findings with every text in them made plain."""
    return evolve(
        checked,
        files=tuple(plain(file) for file in checked.files),
        dependents=tuple(plain(file) for file in checked.dependents),
        found=tuple(_cleaned(each) for each in checked.found),
    )


def _cleaned(found: Diagnostic) -> Diagnostic:
    help_ = found.help and plain(found.help)
    place = found.place and _cleaned_place(found.place)
    waiver = found.waiver and plain(found.waiver)
    code, message, subject = plain(found.code), plain(found.message), found.subject
    related = tuple(Related(plain(r.what), _cleaned_place(r.place)) for r in found.related)
    told = evolve(found, code=code, message=message, place=place, help=help_, waiver=waiver)
    about = None if subject is None else plain(subject)
    return evolve(told, related=related, subject=about) if related or about else told


def _cleaned_place(place: Place) -> Place:
    """Return a place whose excerpt keeps its length, so that columns still fit."""
    excerpt = place.excerpt
    if excerpt is not None:
        kept = (c if c.isprintable() or c == "\t" else "\N{REPLACEMENT CHARACTER}" for c in excerpt)
        excerpt = obeyed_by_none("".join(kept))
    return evolve(place, file=plain(place.file), excerpt=excerpt)
