"""Few people for fixed work: where every task has one start and one place in its crew, who serves it is all there is.

`form` tells whether an instance is of this kind and writes it as arrays, `duals` bounds the number of users from below
and prices the tasks, `moves` changes a plan, `eject` and `cool` search, `search` divides the time among them.
"""

from solver.headcount.form import Form, read_form
from solver.headcount.search import Fewest, HeadcountSearch

__all__ = ["Fewest", "Form", "HeadcountSearch", "read_form"]
