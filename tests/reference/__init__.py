"""An independent calculation of the health index, in plain Python and exact fractions.

It works out the contract again, row by row. Here belongs only what the tests compare the product
with: an independent reading of the contract (`read_source`, `calculate`) and the small adversarial
cities that both readings are tried on (`write_city`). Nothing in this package imports the product,
runs SQL or uses a float, and the product never imports it.
"""

from tests.reference.calculation import calculate
from tests.reference.city import write_city
from tests.reference.intake import read_source

__all__ = ["calculate", "read_source", "write_city"]
