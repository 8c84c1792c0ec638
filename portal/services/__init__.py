"""The domain. Never imports reflex, fastapi or starlette."""
