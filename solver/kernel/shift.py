"""Making tentative starts real: every moved task is taken out and put back at its new start, or all stay."""

from solver.kernel.arrays import INFINITE, ORGANIZATION, UNPLACED
from solver.kernel.commit import displace, place
from solver.kernel.compiled import compiled
from solver.kernel.pricing import allows_start, counted, has_room, user_price
from solver.kernel.scratch import MOVE, MOVED, QUEUED, REMOVED


@compiled
def write_journal(P, S, X, task):
    """Note where a task stands, for taking a move back."""
    job = P.tasks[task]
    n = X.notes[REMOVED]
    X.notes[REMOVED] = n + 1
    X.removed[n], X.old_start[n], X.old_team[n] = task, S.start[task], S.team[task]
    X.old_user_count[n], X.old_resource_count[n] = S.user_count[task], S.resource_count[task]
    for p in range(S.user_count[task]):
        X.old_users[n, p] = S.users[job.user0 + p]
    for r in range(S.resource_count[task]):
        X.old_resources[n, r], X.old_units[n, r] = S.resources[job.resource0 + r], S.units[job.resource0 + r]


@compiled
def _subject_takes(P, S, task, subject, start, units):
    return (
        allows_start(P, task, subject, start)
        and has_room(P, S, task, subject, start, units)
        and counted(P, S, subject, start, P.tasks[task].duration) < INFINITE
    )


@compiled
def may_stand(P, S, task, start, crew, held):
    """Whether a task that is not placed may stand at a start with the crew, team and resources in its fields.

    Links are not looked at.
    """
    job = P.tasks[task]
    for p in range(crew):
        user = S.users[job.user0 + p]
        if not allows_start(P, task, user, start) or user_price(P, S, task, user, start) >= INFINITE:
            return False
    for r in range(held):
        if not _subject_takes(P, S, task, S.resources[job.resource0 + r], start, S.units[job.resource0 + r]):
            return False
    if S.team[task] >= 0 and not _subject_takes(P, S, task, S.team[task], start, 1):
        return False
    general = P.weights[ORGANIZATION]
    if job.fresh and not P.subjects[general].fresh_from <= start <= P.subjects[general].fresh_until:
        return False
    if job.alone and not allows_start(P, task, general, start):
        return False
    return has_room(P, S, task, general, start, 0) and counted(P, S, general, start, job.duration) < INFINITE


@compiled
def shift_moved(P, S, X):
    """Move every placed task with a tentative start there; False: one of them may not stand there, and all stay."""
    count = 0
    for k in range(X.notes[MOVED]):
        task = X.moved[k]
        if S.start[task] == UNPLACED or X.tent[task] == S.start[task]:
            continue
        X.moved[count] = task
        X.back_start[count], X.back_crew[count], X.back_held[count] = (
            S.start[task],
            S.user_count[task],
            S.resource_count[task],
        )
        count += 1
    journal, queued = X.notes[REMOVED], X.notes[QUEUED]
    for k in range(count):
        task = X.moved[k]
        if X.marks[task] != X.notes[MOVE]:
            X.marks[task] = X.notes[MOVE]
            write_journal(P, S, X, task)
            X.order[X.notes[QUEUED]] = task
            X.notes[QUEUED] += 1
        displace(P, S, task)
    done = 0
    while done < count:
        task = X.moved[done]
        if not may_stand(P, S, task, X.tent[task], X.back_crew[done], X.back_held[done]):
            break
        S.start[task], S.user_count[task], S.resource_count[task] = (
            X.tent[task],
            X.back_crew[done],
            X.back_held[done],
        )
        place(P, S, task)
        done += 1
    X.notes[MOVED] = count
    if done == count:
        return True
    for k in range(done):
        displace(P, S, X.moved[k])
    _put_back(P, S, X, count)
    for k in range(queued, X.notes[QUEUED]):
        X.marks[X.order[k]] = 0
    X.notes[REMOVED], X.notes[QUEUED] = journal, queued
    return False


@compiled
def _put_back(P, S, X, count):
    for k in range(count):
        task = X.moved[k]
        S.start[task], S.user_count[task], S.resource_count[task] = X.back_start[k], X.back_crew[k], X.back_held[k]
        place(P, S, task)


@compiled
def shift_back(P, S, X):
    """Undo the last successful `shift_moved`, before anything else has moved."""
    for k in range(X.notes[MOVED]):
        displace(P, S, X.moved[k])
    _put_back(P, S, X, X.notes[MOVED])
