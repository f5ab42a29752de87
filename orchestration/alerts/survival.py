"""How long something takes of which some has not ended yet, by the product-limit estimator.

Kaplan and Meier, "Nonparametric estimation from incomplete observations", Journal of the American
Statistical Association 53 (1958): what was only watched for some days counts among those at risk
until then, and says nothing of the days after. What ends and what is lost on the same day: the end
comes first.
"""

from collections.abc import Sequence

# The curve is a product of binary fractions. Up to this far above a share it has reached it.
ROUNDING = 1e-12


def days_until(
    shares: Sequence[float], ended: Sequence[int], censored: Sequence[int]
) -> list[int | None]:
    """The first day by which each share has ended; None where the curve does not reach it.

    shares: above 0, up to 1; ended: after how many days each end came; censored: for how many days
    the others were watched, all of them in vain.
    """
    curve = survival_curve(ended, censored)
    return [
        next((day for day, going_on in curve if going_on <= 1 - share + ROUNDING), None)
        for share in shares
    ]


def survival_curve(ended: Sequence[int], censored: Sequence[int]) -> list[tuple[int, float]]:
    """The days on which the curve falls, each with the share that goes on after it, from 1 to 0."""
    if not ended:
        return []
    from scipy.stats import CensoredData, ecdf

    going_on = ecdf(CensoredData(uncensored=ended, right=censored)).sf
    falls = set(ended)
    points = zip(going_on.quantiles, going_on.probabilities, strict=True)
    return [(int(day), float(share)) for day, share in points if day in falls]
