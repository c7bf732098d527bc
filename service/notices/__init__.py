"""Notifications: who is told what, in which words, when, and by which way it leaves.

`outbox.notify` writes a row in the transaction that causes it, together with the job `notify` that sends it
(`sending`); `scanning` finds what is due later, every minute. `links` and `pages` are what clients get to see.
"""
