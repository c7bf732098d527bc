"""What there is to say about variants of a problem, in plain words: figures side by side, and a sentence on each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

from models.plan import TermCost
from models.problem import Problem
from service.report import named, percent
from service.wording import count, hours, number
from solver.what_if import Variant, WhatIf

MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class Row:
    """A figure of the problem as it is, and of each variant with its difference."""

    name: str
    base: str
    variants: tuple[tuple[str, str], ...]


def figure_rows(result: WhatIf) -> list[Row]:
    """List what is done, by how many, and how busy they are; what is the same nothing everywhere is left out.

    Parameters
    ----------
    result
        What to tell.

    Returns
    -------
    Rows in the order in which a planner asks.
    """
    every = (result.base, *result.variants)
    priorities = [key for key in result.base.figures.left_out if any(one.figures.left_out[key] for one in every)]
    rows = [_counted(result, "assigned", lambda one: one.figures.assigned)]
    rows += [_counted(result, f"left out, {key}", _left_out(key)) for key in priorities]
    rows.append(_counted(result, "people at work", lambda one: one.figures.people_at_work))
    rows.append(_told(result, "their work", lambda one: one.figures.service_minutes, hours))
    rows.append(_told(result, "their open hours", lambda one: one.figures.open_minutes, hours))
    rows.append(_shared(result, "people busy", lambda one: one.figures.busy))
    if any(one.figures.usable_minutes for one in every):
        rows.append(_shared(result, "resources in use", lambda one: one.figures.in_use))
    return rows


def term_rows(result: WhatIf) -> list[Row]:
    """List the terms of the cost side by side, and the cost, all at the weights of the problem as it is.

    Parameters
    ----------
    result
        What to tell.

    Returns
    -------
    A row for each term that costs something somewhere, and the total.
    """
    rows = []
    for place, base in enumerate(result.base.report.terms):
        costs = [_cost_at(base, one.report.terms[place]) for one in (result.base, *result.variants)]
        if any(costs):
            rows.append(_compared(base.name.replace("_", " "), costs))
    return [*rows, _compared("total", [cost_as_it_is(result, one) for one in (result.base, *result.variants)])]


def cost_as_it_is(result: WhatIf, variant: Variant) -> int:
    """What a plan costs at the weights of the problem as it is."""
    pairs = zip(result.base.report.terms, variant.report.terms, strict=True)
    return sum(_cost_at(base, term) for base, term in pairs)


def gap_row(result: WhatIf) -> Row:
    """Say of each plan how far its cost may be from the best there is."""
    return Row("gap to the bound", _gap(result.base), tuple((_gap(one), "") for one in result.variants))


def weights_differ(result: WhatIf) -> bool:
    """Whether some variant weighs otherwise than the problem as it is."""
    return any(not _weighs_alike(result.base, one) for one in result.variants)


def verdict(result: WhatIf, variant: Variant) -> list[str]:
    """Say in a few sentences what a variant brings.

    Parameters
    ----------
    result, variant
        All plans, and one of the variants.

    Returns
    -------
    What is done in addition and no more, and what it saves or costs.
    """
    base = result.base
    done = {assignment.appointment for assignment in variant.plan.assignments}
    before = {assignment.appointment for assignment in base.plan.assignments}
    asked = variant.problem.appointments_by_id.keys() & base.problem.appointments_by_id.keys()
    more, fewer = [key for key in done - before if key in asked], [key for key in before - done if key in asked]
    sentences = []
    if more:
        sentences.append(f"{count(len(more), 'more appointment')} done: {_names(variant.problem, more)}.")
    if fewer:
        sentences.append(f"{count(len(fewer), 'appointment')} no longer done: {_names(base.problem, fewer)}.")
    if not more and not fewer:
        sentences.append("The same appointments are done.")
    return [*sentences, _cost(result, variant)]


def document(result: WhatIf) -> dict[str, object]:
    """All variants as plain JSON values."""
    return {
        "base": _document(result, result.base),
        "variants": [_document(result, one) for one in result.variants],
    }


def _document(result: WhatIf, variant: Variant) -> dict[str, object]:
    pairs = zip(result.base.report.terms, variant.report.terms, strict=True)
    return {
        "name": variant.name,
        "told": list(variant.told),
        "figures": asdict(variant.figures) | {"busy": variant.figures.busy, "in_use": variant.figures.in_use},
        "terms": [
            {
                "name": term.name,
                "weight": term.weight,
                "amount": term.amount,
                "cost": term.cost,
                "cost_as_it_is": _cost_at(base, term),
                "difference": _cost_at(base, term) - base.cost,
            }
            for base, term in pairs
        ],
        "cost": variant.report.cost,
        "cost_as_it_is": cost_as_it_is(result, variant),
        "difference": cost_as_it_is(result, variant) - result.base.report.cost,
        "bound": variant.plan.bound,
        "plan": variant.plan.model_dump(mode="json"),
    }


def _cost(result: WhatIf, variant: Variant) -> str:
    base, alike = result.base, _weighs_alike(result.base, variant)
    cost = cost_as_it_is(result, variant)
    gap = cost - base.report.cost
    where = "" if alike else " at the weights as they are"
    if gap == 0:
        return f"The cost{where} is the same."
    from_to = f"from {number(base.report.cost)} to {number(cost)}"
    sentence = f"The cost{where} {'falls' if gap < 0 else 'rises'} by {number(abs(gap))}, {from_to}"
    high = base if gap < 0 else variant
    if alike and high.plan.bound is not None and min(cost, base.report.cost) < high.plan.bound:
        return f"{sentence}: this is proved."
    return f"{sentence}, as far as the search has come."


def _weighs_alike(base: Variant, variant: Variant) -> bool:
    one, other = base.problem.weights, variant.problem.weights
    return (one.effective(), one.unassigned) == (other.effective(), other.unassigned)


def _cost_at(base: TermCost, term: TermCost) -> int:
    """What a term costs at the weights of another plan; appointments with weights of their own keep them."""
    if isinstance(term.amount, Mapping) and isinstance(base.weight, Mapping):
        return sum(base.weight.get(key, 1) * amount for key, amount in term.amount.items())
    if isinstance(term.amount, int) and isinstance(base.weight, int):
        return base.weight * term.amount
    return term.cost


def _names(problem: Problem, keys: Sequence[str]) -> str:
    order = [item.id for item in problem.appointments if item.id in set(keys)]
    heads = [(named(problem.appointments_by_id[key])[0], key) for key in order[:MOST_NAMED]]
    told = ", ".join(f"{head} ({key})" if head != key else key for head, key in heads)
    return told + (f" and {number(len(order) - MOST_NAMED)} others" if len(order) > MOST_NAMED else "")


def _gap(variant: Variant) -> str:
    plan = variant.plan
    return "unknown" if plan.gap is None else "proved" if plan.bound == plan.cost else percent(plan.gap)


def _left_out(priority: str) -> Callable[[Variant], int]:
    return lambda one: one.figures.left_out[priority]


def _compared(name: str, figures: Sequence[int]) -> Row:
    base, *others = figures
    return Row(name, number(base), tuple((number(one), _signed(one - base, number)) for one in others))


def _counted(result: WhatIf, name: str, figure: Callable[[Variant], int]) -> Row:
    return _told(result, name, figure, number)


def _told(result: WhatIf, name: str, figure: Callable[[Variant], int], write: Callable[[int], str]) -> Row:
    base = figure(result.base)
    pairs = tuple((write(figure(one)), _signed(figure(one) - base, write)) for one in result.variants)
    return Row(name, write(base), pairs)


def _shared(result: WhatIf, name: str, figure: Callable[[Variant], float | None]) -> Row:
    base = figure(result.base)
    pairs = []
    for one in result.variants:
        share = figure(one)
        gap = 0 if share is None or base is None else round(1000 * share) - round(1000 * base)
        pairs.append((_share(share), _signed(gap, lambda tenths: f"{tenths / 10:.1f}")))
    return Row(name, _share(base), tuple(pairs))


def _share(share: float | None) -> str:
    return "" if share is None else percent(share)


def _signed(gap: int, write: Callable[[int], str]) -> str:
    return "" if gap == 0 else ("+" if gap > 0 else "−") + write(abs(gap))
