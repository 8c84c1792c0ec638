"""What the page calls the fields of a movie."""

from portal.services.movie_form import LABELS

__all__ = ["LABELS"]
