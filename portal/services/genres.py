"""Genres that catalogs commonly have. Any other works too; it is shown as it was written."""

from __future__ import annotations

from portal.services.translation import later

COMMON = (
    later("Action"),
    later("Adventure"),
    later("Animation"),
    later("Biography"),
    later("Comedy"),
    later("Crime"),
    later("Documentary"),
    later("Drama"),
    later("Family"),
    later("Fantasy"),
    later("History"),
    later("Horror"),
    later("Music"),
    later("Musical"),
    later("Mystery"),
    later("Noir"),
    later("Romance"),
    later("Science Fiction"),
    later("Sport"),
    later("Thriller"),
    later("War"),
    later("Western"),
)
