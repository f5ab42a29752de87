"""The sections of the briefing up to the alerts, as plain data.

They hold figures of the tables, and what is counted or divided from them.
"""

from orchestration.documents.briefing.sections.alerts import alerts
from orchestration.documents.briefing.sections.dimensions import dimensions
from orchestration.documents.briefing.sections.headline import headline, notices
from orchestration.documents.briefing.sections.ranking import ranking
from orchestration.documents.briefing.sections.sampling import sampling

__all__ = ["alerts", "dimensions", "headline", "notices", "ranking", "sampling"]
