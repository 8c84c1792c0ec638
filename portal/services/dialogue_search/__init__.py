"""Search in what is said in films: lines of captions with the second at which they are spoken."""

from portal.services.dialogue_search.indexing import DialogueIndexing
from portal.services.dialogue_search.search import DialogueSearch, LineHit, open_lines

__all__ = ["DialogueIndexing", "DialogueSearch", "LineHit", "open_lines"]
