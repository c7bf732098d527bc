"""The sentences of a report that are the same for all results."""

SUITES = {
    "core": "generated: crews with skills, shifts, vehicles and machines in one week, without travel",
    "crowded": "generated: the core family, with a fifth more work than the people can do",
    "field": "generated: visits with travel, shifts, teams, lunch breaks and pinned work; over-booked",
    "clinic": "generated: patients, doctors and nurses, rooms, devices and linked visits; over-booked",
    "long": "generated: crews over four weeks, up to 20 000 appointments of about a thousand users",
    "hhcrsp": "home health care routing and scheduling, Mankowska, Meisel and Bierwirth (2014)",
    "uhhc": "unified home healthcare, Ceschia and others (2026)",
    "smptsp": "shift minimisation personnel task scheduling, Krishnamoorthy and others (2012), Smet and others (2014)",
}

READING = (
    "The value of an instance is its published objective, recomputed from the plan by the arithmetic of its "
    "literature; of a generated instance, the cost by its weights. Smaller is better. Every plan is checked for "
    "violations independently of the engine that made it, and one that breaks a rule does not count.\n"
    "Best known is the best published value; with an asterisk, where nobody has published one, the best of all runs "
    "reported here: a gap to it then says how steady the runs are, and not how good. Gap is (value / best known − 1).\n"
    "Proved gap is (cost − bound) / cost, with the lower bound that the engine proves itself.\n"
    "To 1 % is when a run first came within one per cent of the best known cost. The integral is the primal integral "
    "of Berthold (2013): the gap to the best known cost, 100 % before the first plan, integrated over the run, in "
    "seconds; 0 would be the best known plan at once. Where the published objective is not the cost, the published "
    "value is scaled by cost and value of the best run.\n"
    "Figures are medians over the seeds; runs without a valid plan count as infinitely bad. The first plan and the "
    "memory are those of a fresh process, with compiled code in its cache."
)
