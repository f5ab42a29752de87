"""The documents of an edition, in the order in which they use each other; the site, which links to them all, comes last."""

from orchestration.release.documents.edition import Edition
from orchestration.release.documents.site import write_site


def write_documents(edition: Edition) -> None:
    """Write every document of an edition, whose tables are written, into its folder."""
    write_site(edition)
