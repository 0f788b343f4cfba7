"""The proposal, solved by OR-Tools in stages: a relaxation proves, CP-SAT finds (docs/adr/0030).

Upstream: OR-Tools, ``modelling``, ``weighing``, ``solved``.
Downstream: ``running``, the bench.

::

    what is firm stays ─▶ holes: the fewest ─▶ [repair: changes: fewest  ─▶ quality: empty posts, fairness, wishes,
    (``weighing``)                              places that stand go]       team, guide, little change, in one sum

No stage may undo what those before it reached. Each says what was found and what is proven: no roster that does as
well in the stages before it is below ``bound``. :attr:`Solved.gap` is the largest gap of all stages, so that it is
never flattered by holes that nobody could fill.

Quality is nearly a flow where each place is looked at by itself, so a linear solver proves it within a hair; CP-SAT
starts from there and minds company: mates, guides, teams.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil
from time import perf_counter

from ortools.linear_solver import pywraplp
from ortools.sat.python import cp_model

from sync.platform.rostering import modelling
from sync.platform.rostering.modelling import BOUNDLESS, Model, Row, Sum
from sync.platform.rostering.problem import Firmness, Pair, Problem
from sync.platform.rostering.rules import Violation, against
from sync.platform.rostering.solved import HAIR, Effort, Progress, Solved, Stage
from sync.platform.rostering.weighing import HOLE, cost

FEW, HALF = 0.3, 0.5  # of the time that is left
NEAR = 0.0005  # a roster so near to its bound needs no better start
LARGE = 12_000  # possible places; more are solved in parts (measured: a district has 44,000, a station 4,400)
PART_POINTS, PART_LEAST_S, PART_MOST_S = 3, 1.0, 1.5
MS_PER_SECOND = 1000
MOMENT_S = 0.1  # what each attempt gets at least
_FOUND = (cp_model.OPTIMAL, cp_model.FEASIBLE)
_STATUS_FOUND = (pywraplp.Solver.OPTIMAL, pywraplp.Solver.FEASIBLE)


def solve(problem: Problem, effort: Effort, *, repair: bool = False, progress: Progress | None = None) -> Solved:
    """Return the best roster that was found.

    Args:
        problem: what is to be planned; whatever is in it, no hard rule is broken by what is added.
        effort: when to stop.
        repair: after a leave: what stands goes before all but coverage.
        progress: is told about each better roster.
    """
    run = _Run(effort, progress, perf_counter(), modelling.ruled(problem))
    run.take(_by_hand(run.model))
    stages = (_repaired if repair else _proposed)(run)
    chosen = tuple(sorted([*run.model.fixed.kept, *run.best]))
    return Solved(chosen, (*run.model.fixed.dropped, *_no_longer(run.model)), stages, run.seconds)


class _Run:
    """One run as time passes: the model, and the best roster so far."""

    def __init__(self, effort: Effort, progress: Progress | None, began_s: float, model: Model) -> None:
        self.effort, self.progress, self.began_s, self.model = effort, progress, began_s, model
        self.best: tuple[Pair, ...] = ()
        self.holes = 0
        self.weigh = self.quality

    @property
    def seconds(self) -> float:
        return perf_counter() - self.began_s

    def share(self, part: float) -> float:
        return max(MOMENT_S, (self.effort.seconds - self.seconds) * part)

    def take(self, best: Iterable[Pair]) -> None:
        self.best = tuple(best)
        self.holes = modelling.holes(self.model).constant - len(self.best)

    def quality(self) -> int:
        return cost(self.model.problem, [*self.model.fixed.kept, *self.best])

    def changes(self) -> int:
        stays = sum(pair in self.model.problem.held for pair in self.best)
        return modelling.changes(self.model).constant - stays

    def tell(self, gap: float) -> None:
        if self.progress is not None:
            self.progress(self.seconds, self.holes, gap)


def _by_hand(model: Model) -> list[Pair]:
    """Return what stands and may stay, filled up with who has the fewest hours: a roster to start from."""
    problem, found = model.problem, list[Pair]()
    own = {number: list(posts) for number, posts in model.fixed.posts.items()}
    there = {post: list(people) for post, people in model.fixed.people.items()}
    hours = {person.number: person.minutes_this_year for person in problem.people}

    def put(pair: Pair) -> None:
        posts, people = own.setdefault(pair.person, []), there.setdefault(pair.post, [])
        if next(against(problem, pair, posts, people), None) is None:
            posts.append(problem.post_of[pair.post])
            people.append(pair.person)
            hours[pair.person] += problem.post_of[pair.post].minutes
            found.append(pair)

    for pair in sorted(problem.held, key=lambda each: (problem.held[each] is Firmness.DRAFT, each)):
        if pair in model.x:
            put(pair)
    for post in problem.posts:
        for pair in sorted(model.of_post[post.id], key=lambda each: (hours[each.person], each.person)):
            if len(there.get(post.id, ())) < post.needed:
                put(pair)
    return found


def _proposed(run: _Run) -> tuple[Stage, ...]:
    """Holes are bounded by a relaxation; whoever finds a roster with so few has proven both at once."""
    model, holes = run.model, modelling.holes(run.model)
    least = _least_holes(run, holes)
    quality = modelling.plain_quality(model)
    bound = _by_flow(run, holes.times(HOLE, plus=quality))
    covered = Stage("holes", run.holes, least)
    if covered.gap and len(model.x) <= LARGE:
        covered = _search(run, covered, holes, run.share(FEW))
    modelling.company(model, quality)
    if len(model.x) > LARGE:
        _in_parts(run, holes.times(HOLE, plus=quality), bound)
        covered = replace(covered, found=run.holes)
    reached = Stage("quality", run.quality(), max(0, bound - HOLE * covered.found))
    model.rows.append(holes.at_most(covered.found))
    return covered, reached if len(model.x) > LARGE else _search(run, reached, quality, run.share(1))


def _least_holes(run: _Run, holes: Sum) -> int:
    solver, _ = _linear(run.model, holes, "GLOP", whole=False)
    solver.SetTimeLimit(round(run.share(FEW) * MS_PER_SECOND))
    return max(0, ceil(solver.Objective().Value() - HAIR)) if solver.Solve() == pywraplp.Solver.OPTIMAL else 0


def _repaired(run: _Run) -> tuple[Stage, ...]:
    """As few holes as can be, and of such rosters the one nearest to what stands; what is better then comes last."""
    model, holes, changes = run.model, modelling.holes(run.model), modelling.changes(run.model)
    least = _least_holes(run, holes)
    run.weigh = run.changes
    bound = _by_flow(run, holes.times(HOLE, plus=changes))
    covered = _search(run, Stage("holes", run.holes, least), holes, run.share(FEW))
    model.rows.append(holes.at_most(covered.found))
    fewest = max(0, ceil(bound - HOLE * covered.found - HAIR))
    kept = _search(run, Stage("changes", run.changes(), fewest), changes, run.share(FEW))
    model.rows.append(changes.at_most(kept.found))
    run.weigh = run.quality
    quality = modelling.plain_quality(model)
    bound = _by_flow(run, quality)
    modelling.company(model, quality)
    reached = Stage("quality", run.quality(), bound)
    if len(model.x) > LARGE:
        _in_parts(run, quality, bound)
        return covered, kept, replace(reached, found=run.quality())
    return covered, kept, _search(run, reached, quality, run.share(1))


def _no_longer(model: Model) -> list[Violation]:
    """Return what speaks against offers that cannot stay, by themselves or beside what is firm."""
    found: list[Violation] = []
    for pair, firmness in sorted(model.problem.held.items()):
        if firmness is Firmness.OFFERED and pair.post in model.problem.inside and pair not in model.x:
            own = model.fixed.posts.get(pair.person, ())
            found += against(model.problem, pair, own, model.there(pair.post))
    return found


# -------------------------------------------------------------------------------------------------- linear relaxations


def _by_flow(run: _Run, costs: Sum) -> float:
    """Take the roster of the least sum, each place by itself; return what none can be below.

    First only those people are moved whom the relaxation could not place as a whole; all, where that is far from the
    bound and there are not too many places.
    """
    solver, variables = _linear(run.model, costs, "HIGHS_LP", whole=False)
    solver.SetTimeLimit(round(run.share(HALF) * MS_PER_SECOND))
    bound, rounded = 0.0, 0.0
    if solver.Solve() == pywraplp.Solver.OPTIMAL:
        bound = solver.Objective().Value()
        shares = {pair: variables[taken].solution_value() for pair, taken in run.model.x.items()}
        torn = {pair.person for pair, share in shares.items() if HAIR < share < 1 - HAIR}
        rounded = _integral(
            run, costs, [p for p, share in shares.items() if share >= 1 - HAIR and p.person not in torn]
        )
    is_far = not 0 < rounded <= bound * (1 + NEAR)
    return max(bound, _integral(run, costs, ())) if is_far and (len(run.model.x) <= LARGE or not rounded) else bound


def _integral(run: _Run, costs: Sum, kept: Iterable[Pair]) -> float:
    """Take the roster of the least sum with some places kept, if one is found in time; return what is proven of it."""
    solver, variables = _linear(run.model, costs, "HIGHS", whole=True)
    for pair in kept:
        variables[run.model.x[pair]].SetLb(1)
    solver.SetTimeLimit(round(run.share(HALF) * MS_PER_SECOND))
    if solver.Solve() not in _STATUS_FOUND:
        return 0.0
    before = run.best, HOLE * run.holes + run.weigh()
    run.take(pair for pair, taken in run.model.x.items() if variables[taken].solution_value() > HALF)
    if before[1] < HOLE * run.holes + run.weigh():
        run.take(before[0])
    run.tell(Stage("", round(solver.Objective().Value()), solver.Objective().BestBound()).gap)
    return float(solver.Objective().BestBound())


def _linear(model: Model, costs: Sum, name: str, *, whole: bool) -> tuple[pywraplp.Solver, list[pywraplp.Variable]]:
    solver = pywraplp.Solver.CreateSolver(name)
    make = solver.IntVar if whole else solver.NumVar
    variables = [make(0, upper, "") for upper in model.uppers]
    infinity = solver.infinity()
    for row in model.rows:
        made = solver.Constraint(
            -infinity if row.least <= -BOUNDLESS else row.least, infinity if row.most >= BOUNDLESS else row.most
        )
        for variable, weight in zip(row.variables, row.weights, strict=True):
            made.SetCoefficient(variables[variable], weight)
    objective = solver.Objective()
    for variable, weight in _gathered(costs).items():
        objective.SetCoefficient(variables[variable], weight)
    objective.SetOffset(costs.constant)
    objective.SetMinimization()
    return solver, variables


def _gathered(costs: Sum) -> dict[int, int]:
    weights: dict[int, int] = {}
    for variable, weight in zip(costs.variables, costs.weights, strict=True):
        weights[variable] = weights.get(variable, 0) + weight
    return weights


# -------------------------------------------------------------------------------------------------------------- CP-SAT


def _search(run: _Run, before: Stage, costs: Sum, seconds: float) -> Stage:
    """Make a sum small, from the best roster so far on; return what was found, and the better of both bounds.

    Args:
        run: whose best is taken forward.
        before: what the best roster so far has, and what is proven by others.
        costs: the sum.
        seconds: of wall time.
    """
    if not costs.variables:
        return replace(before, bound=before.found)
    if before.gap <= run.effort.gap:
        return before
    whole = _Made.of(run.model.rows, costs, run)
    solver = _solver(run.effort, seconds)
    status = solver.solve(whole.cp, _Watch(run, before))
    if status not in _FOUND:
        return before
    run.take(pair for pair, taken in run.model.x.items() if solver.boolean_value(whole.variables[taken]))
    found = run.quality() if before.name == "quality" else round(solver.objective_value)
    bound = found if status == cp_model.OPTIMAL else max(before.bound, solver.best_objective_bound)
    run.tell(Stage("", found, bound).gap)
    return Stage(before.name, found, bound)


def _in_parts(run: _Run, costs: Sum, bound: float) -> None:
    """Make a sum small, one week of some neighbouring points after another, until the time is over."""
    model, problem = run.model, run.model.problem
    points = sorted({post.point for post in problem.posts})
    groups = [points[at : at + PART_POINTS] for at in range(0, len(points), PART_POINTS)]
    weeks = sorted({post.week for post in problem.posts})
    touching = modelling.rows_by_variable(model)
    for week in weeks:
        for group in groups:
            left = run.effort.seconds - run.seconds
            if left < PART_LEAST_S:
                return
            inside = {post.id for post in problem.posts if post.week == week and post.point in group}
            loose = {taken for pair, taken in model.x.items() if pair.post in inside}
            _settle_part(run, _Made.of(modelling.rows_around(model, loose, touching), costs, run, loose), loose, left)
            run.tell(Stage("", HOLE * run.holes + run.quality(), bound).gap)


def _settle_part(run: _Run, part: _Made, loose: Collection[int], left: float) -> None:
    solver = _solver(run.effort, min(left * HALF, PART_MOST_S))
    if solver.solve(part.cp) in _FOUND:
        best = set(run.best)
        for pair, taken in run.model.x.items():
            if taken in loose and taken in part.variables:
                (best.add if solver.boolean_value(part.variables[taken]) else best.discard)(pair)
        run.take(sorted(best))


@dataclass(slots=True)
class _Made:
    """What CP-SAT is given: variables by the model's number; places that are not loose stand as they are."""

    uppers: Sequence[int]
    fixed: Mapping[int, int]
    cp: cp_model.CpModel = field(default_factory=cp_model.CpModel)
    variables: dict[int, cp_model.IntVar] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[Row], costs: Sum, run: _Run, loose: Collection[int] | None = None) -> _Made:
        """Make the model of some rows, with the best so far as a hint; ``loose``: None for all places."""
        places = run.model.x.values()
        best = {run.model.x[pair] for pair in run.best}
        fixed = {} if loose is None else {taken: int(taken in best) for taken in places if taken not in loose}
        made = cls(run.model.uppers, fixed)
        for number in range(len(run.model.uppers)) if loose is None else loose:
            made.variable(number)
        for row in rows:
            made.row(row)
        kept = [(v, w) for v, w in zip(costs.variables, costs.weights, strict=True) if v in made.variables]
        terms = cp_model.LinearExpr.weighted_sum([made.variables[v] for v, _ in kept], [w for _, w in kept])
        made.cp.minimize(terms + costs.constant)
        for number in places:
            if number in made.variables:
                made.cp.add_hint(made.variables[number], number in best)
        return made

    def variable(self, number: int) -> cp_model.IntVar:
        if number not in self.variables:
            upper = self.uppers[number]
            self.variables[number] = self.cp.new_bool_var("") if upper == 1 else self.cp.new_int_var(0, upper, "")
        return self.variables[number]

    def row(self, row: Row) -> None:
        terms = list(zip(row.variables, row.weights, strict=True))
        known = sum(weight * self.fixed[number] for number, weight in terms if number in self.fixed)
        own = [(self.variable(number), weight) for number, weight in terms if number not in self.fixed]
        weights = [weight for _, weight in own]
        if row.most - known == 1 and row.least <= known and set(weights) <= {1}:
            self.cp.add_at_most_one(variable for variable, _ in own)
        else:
            total = cp_model.LinearExpr.weighted_sum([variable for variable, _ in own], weights)
            self.cp.add_linear_constraint(total, row.least - known, row.most - known)


def _solver(effort: Effort, seconds: float) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = effort.workers
    solver.parameters.random_seed = effort.seed
    solver.parameters.relative_gap_limit = effort.gap
    if effort.steps is not None:
        solver.parameters.max_deterministic_time = effort.steps
        solver.parameters.interleave_search = True
    return solver


class _Watch(cp_model.CpSolverSolutionCallback):
    """Tells each better roster."""

    def __init__(self, run: _Run, before: Stage) -> None:
        super().__init__()
        self._run, self._before = run, before

    def on_solution_callback(self) -> None:
        found = round(self.objective_value)
        if self._before.name == "holes":
            self._run.holes = found
        bound = max(self._before.bound, self.best_objective_bound)
        self._run.tell(Stage("", found, bound).gap)
