"""Route arguments as the browser knows them, before the server has heard of the navigation."""

from __future__ import annotations

import reflex as rx
from reflex_base.vars import VarData


def route_param(name: str) -> rx.Var[str]:
    """The argument `name` of the present route, from React Router.

    `rx.State.<name>` arrives only with the socket; until then it would be the page before.
    """
    return rx.Var(
        _js_expr=f"(routeParams.{name} ?? '')",
        _var_type=str,
        _var_data=VarData(
            imports={"react-router": [rx.ImportVar(tag="useParams")]},
            hooks={"const routeParams = useParams();": None},
        ),
    ).to(str)
