"""Acts: Dagster and everything that touches the world.

The telemetry of every tool in use is off unless someone turns it on.
"""

import os

for _variable, _value in {
    "DAGSTER_DISABLE_TELEMETRY": "yes",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "DO_NOT_TRACK": "1",
    "GX_ANALYTICS_ENABLED": "false",
}.items():
    os.environ.setdefault(_variable, _value)
