"""How near a reader comes to hidden means: their feasible intervals, by linear programs.

A reader who knows the number of unions behind every mean knows sums: a shown mean times its number,
less the shown ones in it, is the sum over hidden areas, each between the lowest and highest figure
times its number. A hidden mean over few unions is safe where the interval that this leaves is
wide enough (Hundepool and others, Statistical Disclosure Control, Wiley 2012, on the p % rule and
on the attacker's linear program). Written apart from the suppression that it judges.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.optimize import linprog

from quality.means import Mean, means_of
from quality.nouns import counted_noun

SMALLEST_AREA = 10
LEAST_INTERVAL = 10
WHOLE_PERCENT = 100
# Half a unit of the last place of a published mean.
ROUNDING = 0.00005
# What the solver leaves unsettled.
TOLERANCE = 1e-6


class Rest(NamedTuple):
    """A shown area, the largest shown ones in it, and the hidden ones without areas in them."""

    area: str
    shown: Sequence[str]
    hidden: Sequence[str]


@dataclass(frozen=True)
class Block:
    """Hidden areas without areas in them, of which a reader knows the sum.

    unions: the number behind each by area; low, high: between which their sum lies; bounds: the
    lowest and highest figure of a union.
    """

    unions: Mapping[str, int]
    low: float
    high: float
    bounds: tuple[int, int]

    def width(self, areas: Sequence[str]) -> float:
        """How wide the feasible interval of the mean over some of its areas is."""
        names = list(self.unions)
        counted = np.array([float(name in areas) for name in names])
        least = self.least(counted)
        most = -self.least(-counted)
        return (most - least) / sum(self.unions[area] for area in areas)

    def least(self, factors: np.ndarray) -> float:
        """The least that a sum of multiples of the areas' sums may be.

        Raises ValueError where no figures make the sum, so that those shown do not add up.
        """
        lowest, highest = self.bounds
        ones = np.ones_like(factors)
        found = linprog(
            factors,
            A_ub=np.array([ones, -ones]),
            b_ub=[self.high, -self.low],
            bounds=[(lowest * number, highest * number) for number in self.unions.values()],
            method="highs",
        )
        if not found.success:
            message = f"no figures add up to what is shown: {found.message}"
            raise ValueError(message)
        return float(found.fun)


def narrow_intervals(release: Path, areas: Sequence[str]) -> Iterator[str]:
    """Means of which hidden ones over few unions are known too nearly.

    areas: the codes of all areas of the release.
    """
    for mean in means_of(release):
        found = sum(1 for block in blocks_of(mean, areas) for _ in known_in(mean, block, areas))
        if found:
            means = counted_noun(
                found, "hidden mean over few unions is", "hidden means over few unions are"
            )
            yield f"{mean.name}: {means} known too nearly"


def known_in(
    mean: Mean,
    block: Block,
    areas: Sequence[str],
) -> Iterator[str]:
    """The hidden areas of a block with few unions behind their mean and too narrow an interval.

    The more unions are behind a mean, the narrower its interval is in the same block; so those with
    the most are looked at first, until one is wide enough.
    """
    lowest, highest = block.bounds
    enough = (highest - lowest) * LEAST_INTERVAL / WHOLE_PERCENT - TOLERANCE
    numbers = mean.numbers(areas)
    hidden = [area for area in areas if area not in mean.shown]
    few = [area for area in hidden if 0 < numbers[area] < SMALLEST_AREA]
    for area in sorted(few, key=lambda code: -numbers[code]):
        parts = [part for part in block.unions if part.startswith(area)]
        if not parts:
            continue
        if block.width(parts) >= enough:
            return
        yield area


def blocks_of(mean: Mean, areas: Sequence[str]) -> Iterator[Block]:
    """The hidden areas of which a reader knows the sum, with that sum.

    Nothing where every union of all areas has the lowest figure, or the highest: that is told of
    all alike, not of one.
    """
    numbers = mean.numbers(areas)
    city = min(areas, key=len)
    if mean.shown.get(city) in mean.bounds:
        return
    for rest in rests_of(mean.shown, areas):
        unions = {part: numbers[part] for part in rest.hidden if numbers[part]}
        if not unions:
            continue
        total = numbers[rest.area] * float(mean.shown[rest.area])
        total -= sum(numbers[part] * float(mean.shown[part]) for part in rest.shown)
        known = numbers[rest.area] + sum(numbers[part] for part in rest.shown)
        yield Block(unions, total - ROUNDING * known, total + ROUNDING * known, mean.bounds)


def rests_of(shown: Collection[str], areas: Sequence[str]) -> Iterator[Rest]:
    """What each shown area is besides the shown ones in it, where that is anything."""
    lowest = [area for area in areas if not any(is_within(other, area) for other in areas)]
    for area in shown:
        within = [part for part in shown if is_within(part, area)]
        largest = [part for part in within if not any(is_within(part, other) for other in within)]
        hidden = [
            part
            for part in lowest
            if part.startswith(area)
            and part not in shown
            and not any(is_within(part, other) for other in largest)
        ]
        if hidden:
            yield Rest(area, largest, hidden)


def is_within(part: str, area: str) -> bool:
    """Whether an area is in another."""
    return part != area and part.startswith(area)
