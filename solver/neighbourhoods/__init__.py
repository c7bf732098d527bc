"""Neighbourhoods: parts of a plan that are taken out and put back as well as possible, by proof.

`relations` knows which tasks have to do with each other, `landscape` how a plan lies, `operators` choose parts of it,
`habits` learn which operators and sizes pay, `memory` knows what is proved already, `submodel` solves a part, and
`search` goes on until the time is up.
"""

from solver.neighbourhoods.search import Improvement, Neighbourhoods

__all__ = ["Improvement", "Neighbourhoods"]
