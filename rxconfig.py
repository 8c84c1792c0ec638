"""Reflex configuration. Values that an operator may change come from `portal.settings`."""

import reflex as rx
from reflex_base.plugins import SitemapPlugin

from portal.frontend_plugin import PortalFrontend

config = rx.Config(
    app_name="portal",
    app_module_import="portal.app",
    plugins=[PortalFrontend()],
    # Tailwind is not used: its reset and utilities would be loaded by every page.
    disable_plugins=[SitemapPlugin],  # the portal writes its own, from the catalog
    telemetry_enabled=False,
    show_built_with_reflex=False,
    frontend_compression_formats=["brotli", "zstd", "gzip"],
    default_color_mode="dark",
    # The page finds its own host and port (portal/frontend_plugin.py); this only fixes the paths.
    api_url="http://localhost:3000",
    deploy_url="http://localhost:3000",
)
