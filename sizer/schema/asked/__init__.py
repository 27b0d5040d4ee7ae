"""What a user writes: profiles, cases, points and parameters.

Comes in: what a file says, once its shape is checked. Goes out: frozen values. It never holds a
fact that the user did not write.
"""
