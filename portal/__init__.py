"""A self-hosted movie streaming portal."""
