"""From what was found to what is told: a sentence for every cause, and who is behind it."""

from models.explanation import Cause as Told, Kind
from models.plan import Reason
from solver.explain.alone import blocks_alone
from solver.explain.blockers import blockers_of
from solver.explain.causes import Cause
from solver.explain.closings import Closings
from solver.explain.finding import Detective, Finding
from solver.explain.inquiry import Inquiry
from solver.explain.needs import crew_sentence, demand_sentence, link_sentence, own_sentence
from solver.explain.others import candidates_for, others
from solver.explain.place import Place
from solver.explain.wording import Words


def reasons_of(detective: Detective, index: int, finding: Finding) -> list[Reason]:
    """Say why a task is left out.

    Parameters
    ----------
    detective
        Who found it out.
    index, finding
        The task, and what was found.

    Returns
    -------
    A reason per cause, or `cost` alone.
    """
    if finding.kind is Kind.TRADE_OFF and finding.price is not None:
        return [detective.trade_off.reason(index, *finding.price)]
    told: set[tuple[int, ...]] = set()
    return [_reason(detective.words, finding, cause, told) for cause in finding.causes]


def told(detective: Detective, index: int, finding: Finding) -> tuple[Told, ...]:
    """Say why a task is left out, and name who is behind it.

    Parameters
    ----------
    detective, index, finding
        As in `reasons_of`.

    Returns
    -------
    The same reasons with their blockers.
    """
    closings = Closings(detective.words, finding.inquiry, finding.place)
    causes = finding.causes or (None,)
    return tuple(
        Told(**reason.model_dump(), blockers=() if cause is None else blockers_of(closings, cause))
        for reason, cause in zip(reasons_of(detective, index, finding), causes, strict=True)
    )


def _reason(words: Words, finding: Finding, cause: Cause, told: set[tuple[int, ...]]) -> Reason:
    inquiry, place = finding.inquiry, finding.place
    alone = blocks_alone(inquiry, place.lifted, cause)
    if cause.subject is None:
        message = _own(words, inquiry, place, cause.rule)
        return Reason(
            rule=cause.rule, subject=f"appointment:{inquiry.appointment.id}", message=message, blocks_alone=alone
        )
    known = inquiry.scene.instance.subject(cause.subject)
    closings = Closings(words, inquiry, place)
    late = cause.rule == "travel" and Cause("overlap", cause.subject) in finding.causes
    message = closings.travel_beside_work(cause.subject) if late else closings.sentence(cause, cause.subject)
    rivals = candidates_for(inquiry, place, cause.subject)
    if rivals is not None and rivals.subjects not in told:
        told.add(rivals.subjects)
        message += others(words, inquiry, place, rivals)
    subject = known.kind if known.kind == "organization" else known.name
    return Reason(rule=cause.rule, subject=subject, message=message, blocks_alone=alone)


def _own(words: Words, inquiry: Inquiry, place: Place, rule: str) -> str:
    match rule:
        case "crew":
            return crew_sentence(words, inquiry)
        case "capacity":
            return demand_sentence(words, inquiry)
        case "links":
            return link_sentence(words, inquiry, place)
        case _:
            return own_sentence(words, inquiry, rule)
