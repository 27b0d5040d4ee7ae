"""How large an expression may be."""

CHARACTERS = 4096
NODES = 500
DEPTH = 50
