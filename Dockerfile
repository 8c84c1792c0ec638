# syntax=docker/dockerfile:1.7
# The portal as one image: pages, socket, API and HLS on port 3000. MySQL, Redis and an edge stand
# beside it (compose.yaml, k8s/). It runs as nobody in particular, on a read-only root filesystem:
# only PORTAL_DATA_DIR (/data) and /tmp are written.

FROM python:3.12-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
RUN python -m venv /app/.venv
COPY requirements.lock pyproject.toml README.md LICENSE ./
RUN /app/.venv/bin/pip install --quiet --require-hashes -r requirements.lock
COPY . .
RUN /app/.venv/bin/pip install --quiet --no-deps --no-build-isolation -e . \
    && /app/.venv/bin/portal build --force \
    # What the front end was built with is not needed to serve it; what renders pages is. Reflex
    # lists Emotion among the tools, and the server bundle imports it.
    && export PATH="/app/.venv/bin:$PATH" \
    && npm --prefix .web pkg set 'dependencies.@emotion/react=*' \
    && npm --prefix .web pkg delete 'devDependencies.@emotion/react' \
    && npm --prefix .web prune --omit=dev --no-audit --no-fund \
    && rm -rf .web/.react-router /root/.npm \
    && find /app -name __pycache__ -prune -exec rm -rf {} +
# A bill of materials of what is in the image, in CycloneDX.
RUN python -m venv /tmp/sbom && /tmp/sbom/bin/pip install --quiet cyclonedx-bom==7.1.0 \
    && /tmp/sbom/bin/cyclonedx-py environment /app/.venv --output-file /app/sbom.cdx.json

FROM python:3.12-slim-bookworm
RUN groupadd --gid 10001 portal \
    && useradd --uid 10001 --gid portal --home-dir /data --no-create-home portal \
    && install -d -o portal -g portal -m 0750 /data
WORKDIR /app
COPY --from=build --chown=root:root /app /app
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOME=/tmp \
    PORTAL_ENVIRONMENT=production PORTAL_DATA_DIR=/data PORTAL_HOST=0.0.0.0 PORTAL_PORT=3000
USER 10001:10001
VOLUME /data
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=3s --start-period=40s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:3000/api/health/live', timeout=2)"]
ENTRYPOINT ["portal"]
CMD ["serve"]
