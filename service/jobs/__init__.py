"""Durable jobs: what is done later, by whichever worker is free, and again by another if that one dies.

`service.jobs.kinds` lists what there is; `enqueue` asks for one, in the transaction that causes it.
"""

from service.jobs.queue import enqueue

__all__ = ["enqueue"]
