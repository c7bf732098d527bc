"""Entries of lines coming and going: the sorted arrays, the latest ends so far, and the busy grid points."""

from solver.kernel.arrays import PAD, STEP
from solver.kernel.bits import FULL, clear, from_bit, up_to_bit
from solver.kernel.compiled import compiled
from solver.kernel.lines import gap_at
from solver.kernel.widest import forget_widest


@compiled
def enter_line(P, S, task, subject, opens, closes, shift):
    """Put an entry into a line at its place; returns the number of its gap."""
    line = P.subjects[subject].line
    base, length = P.line_start[line], S.line_length[line]
    gap = gap_at(S.line_from, base, length, opens)
    for i in range(base + length, base + gap, -1):
        S.line_task[i], S.line_from[i], S.line_until[i] = S.line_task[i - 1], S.line_from[i - 1], S.line_until[i - 1]
        S.line_reach[i], S.line_shift[i] = S.line_reach[i - 1], S.line_shift[i - 1]
    at = base + gap
    S.line_task[at], S.line_from[at], S.line_until[at], S.line_shift[at] = task, opens, closes, shift
    S.line_length[line] = length + 1
    _reach(S, base, length + 1, gap)
    _mark_busy(P, S, line, opens, closes)
    forget_widest(S, line, opens, closes)
    return gap


@compiled
def leave_line(P, S, task, subject, opens):
    """Take an entry out of a line; returns the number of the gap it leaves."""
    line = P.subjects[subject].line
    base, length = P.line_start[line], S.line_length[line]
    gap = gap_at(S.line_from, base, length, opens)
    while S.line_task[base + gap] != task:
        gap += 1
    closes = S.line_until[base + gap]
    for i in range(base + gap, base + length - 1):
        S.line_task[i], S.line_from[i], S.line_until[i] = S.line_task[i + 1], S.line_from[i + 1], S.line_until[i + 1]
        S.line_reach[i], S.line_shift[i] = S.line_reach[i + 1], S.line_shift[i + 1]
    S.line_length[line] = length - 1
    _reach(S, base, length - 1, gap)
    _unmark_busy(P, S, line, opens, closes)
    forget_widest(S, line, opens, closes)
    i = base + gap  # pinned neighbours may overlap what left
    while i < base + length - 1 and S.line_from[i] < closes:
        _mark_busy(P, S, line, S.line_from[i], S.line_until[i])
        i += 1
    i = base + gap - 1
    while i >= base and S.line_reach[i] > opens:
        _mark_busy(P, S, line, S.line_from[i], S.line_until[i])
        i -= 1
    return gap


@compiled
def _points(P, S, opens, closes):
    """First and last number of the grid points in [opens, closes), as bits of `State.busy`."""
    step = P.weights[STEP]
    low = max(0, P.weights[PAD] - (-opens) // step)
    return low, min(64 * S.busy.shape[1] - 1, P.weights[PAD] + (closes - 1) // step)


@compiled
def _mark_busy(P, S, line, opens, closes):
    low, high = _points(P, S, opens, closes)
    if low <= high:
        for w in range(low >> 6, (high >> 6) + 1):
            word = FULL
            if w == low >> 6:
                word &= from_bit(low & 63)
            if w == high >> 6:
                word &= up_to_bit(high & 63)
            S.busy[line, w] |= word


@compiled
def _unmark_busy(P, S, line, opens, closes):
    low, high = _points(P, S, opens, closes)
    clear(S.busy[line], low, high)


@compiled
def _reach(S, base, length, gap):
    """Make the latest ends so far true again from an entry on, until one was true already."""
    for i in range(base + gap, base + length):
        reach = S.line_until[i]
        if i > base:
            reach = max(reach, S.line_reach[i - 1])
        if S.line_reach[i] == reach and i > base + gap:
            return
        S.line_reach[i] = reach
