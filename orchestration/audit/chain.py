"""`uhi ledger verify`: whether the ledger is as it was written, by its own chain and by what the releases say of it.

Each line names the SHA-256 of the one before, so a line that was edited, removed, inserted or moved breaks the chain. Where it was written
anew from there on, or its tail cut off, a head that a release names is no line of it any more, or what the release carries is not in it.
What was cut off after the last head that a release names, and is in no release, leaves no trace.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration import files, ledger
from orchestration.overrides import SIGNED as SIGNED_OVERRIDE
from orchestration.release import approvals
