"""From a fresh clone to a running system: what `./run` does.

Needs nothing but Python itself, for it has to work before anything is installed.
"""
