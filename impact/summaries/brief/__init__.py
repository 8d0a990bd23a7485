"""The plenary brief: what a snapshot adds up to, in pages that every number can be checked in."""

from impact.summaries.brief.options import BriefOptions
from impact.summaries.brief.rendering import Brief, make_brief

__all__ = ["Brief", "BriefOptions", "make_brief"]
