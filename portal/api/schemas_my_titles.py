"""Continue watching and my list as the API gives them."""

from __future__ import annotations

from pydantic import Field

from portal.api.schemas import ApiModel
from portal.services import my_titles
from portal.services.views import MovieCard


class MyTitle(ApiModel):
    """A film of somebody's own."""

    movie_id: str
    slug: str
    title: str
    year: int
    runtime: str = Field(description="Length in words.")
    art: str = Field(description="Base path of the artwork.")
    color: str
    badge: str = Field(description="New, Leaves in 3 days, Coming 4 December, or empty.")
    is_coming: bool = Field(description="It cannot be played yet.")
    percent: int = Field(0, description="How much was seen, 1 to 100; 0 on the list.")
    position_s: float = Field(0, description="Where it goes on, in seconds.")
    left: str = Field("", description="How much is left, in words.")

    @classmethod
    def made(
        cls, card: MovieCard, *, percent: int = 0, position_s: float = 0, left: str = ""
    ) -> MyTitle:
        """From a card of the catalog."""
        return cls(
            movie_id=card.movie_id,
            slug=card.slug,
            title=card.title,
            year=card.year,
            runtime=card.runtime,
            art=card.art,
            color=card.color,
            badge=card.badge,
            is_coming=card.is_coming,
            percent=percent,
            position_s=position_s,
            left=left,
        )


class MyTitles(ApiModel):
    """What is the caller's own, the latest first."""

    continue_watching: list[MyTitle]
    my_list: list[MyTitle]
    is_account: bool = Field(description="Whether it follows an account to other devices.")

    @classmethod
    def made(cls, found: my_titles.MyTitles, *, is_account: bool) -> MyTitles:
        """From what the service gives."""
        return cls(
            continue_watching=[
                MyTitle.made(
                    each.card, percent=each.percent, position_s=each.position_s, left=each.left
                )
                for each in found.continue_watching
            ],
            my_list=[MyTitle.made(card) for card in found.my_list],
            is_account=is_account,
        )
