"""Routes each request to the cheapest registered model that can answer it, and keeps count."""

from dataclasses import dataclass, field
from typing import Callable, Dict, FrozenSet, Iterable, List, Optional


class NoModel(LookupError):
    """No registered model can do what was asked for within the budget."""


@dataclass(frozen=True)
class Model:
    """A named model: what it can do, what one call costs, and how it answers."""

    name: str
    skills: FrozenSet[str]
    cost: float
    answer: Callable[[str], str]


@dataclass(frozen=True)
class Reply:
    """An answer, with who gave it and what it cost."""

    text: str
    model: str
    cost: float


@dataclass
class OneFlowAI:
    """A small pipeline runner. ``budget`` is the most that all calls together may cost; None means no limit."""

    budget: Optional[float] = None
    _models: Dict[str, Model] = field(default_factory=dict)
    _replies: List[Reply] = field(default_factory=list)

    def register(self, name: str, skills: Iterable[str], cost: float, answer: Callable[[str], str]) -> None:
        """Adds a model, or replaces the one of that name."""
        if cost < 0:
            raise ValueError(f"the cost of {name} is negative: {cost}")
        self._models[name] = Model(name, frozenset(skills), cost, answer)

    def models(self, skill: str) -> List[str]:
        """The names of the models with a skill, the cheapest first; equal costs go by name."""
        able = (model for model in self._models.values() if skill in model.skills)
        return [model.name for model in sorted(able, key=lambda model: (model.cost, model.name))]

    def run(self, skill: str, request: str) -> Reply:
        """Answers a request with the cheapest model that has the skill. Raises NoModel."""
        names = self.models(skill)
        if not names:
            raise NoModel(f"no model can do {skill!r}")
        model = self._models[names[0]]
        if self.budget is not None and self.spent() + model.cost > self.budget:
            raise NoModel(f"the budget of {self.budget:g} does not allow another call of {model.name} ({model.cost:g})")
        reply = Reply(model.answer(request), model.name, model.cost)
        self._replies.append(reply)
        return reply

    def pipeline(self, skills: Iterable[str], request: str) -> Reply:
        """Hands each answer on as the next request; the reply carries the cost of the whole chain."""
        names, cost = [], 0.0
        for skill in skills:
            reply = self.run(skill, request)
            names.append(reply.model)
            cost += reply.cost
            request = reply.text
        return Reply(request, " > ".join(names), cost)

    def spent(self) -> float:
        """What all calls so far have cost."""
        return sum(reply.cost for reply in self._replies)

    def analytics(self) -> Dict[str, Dict[str, float]]:
        """Calls and cost of each model that was used."""
        summary: Dict[str, Dict[str, float]] = {}
        for reply in self._replies:
            entry = summary.setdefault(reply.model, {"calls": 0, "cost": 0.0})
            entry["calls"] += 1
            entry["cost"] += reply.cost
        return summary
