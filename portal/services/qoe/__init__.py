"""Quality of experience: what players tell of themselves, and what it adds up to.

VST, VSF, EBVS, rebuffer ratio, quality degradation and caption-rendered rate are defined in
docs/insights.md; `beats` reads what players send, `reception` takes it in, `rollups` adds it up.
"""

from portal.services.qoe.reception import Qoe

__all__ = ["Qoe"]
