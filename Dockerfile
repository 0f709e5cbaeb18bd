# Build, and a small image with the one binary. Between them the log's server
# for the cluster profile of docker-compose.yml, which is built for that only.
#
# The base needs glibc: the binding to the embedded engine makes the binary
# look for the C library even without cgo. The engine itself is not in the
# image, since the stack in docker-compose.yml stores into a ClickHouse server;
# to run without one, mount libchdb.so from `winnow engine --fetch`.
#
# No base image was pulled where this file was written (see
# docker-compose.yml).

FROM golang:1.26.8-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
# What `winnow version` says: docker compose build --build-arg VERSION=...
ARG VERSION=unreleased
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w -X main.version=${VERSION}" -o /out/winnow ./cmd/winnow \
    && mkdir /out/data

# NATS as it comes, with a folder that a user who is not root can write to.
FROM nats:2.15.2-alpine AS log
COPY --from=build --chown=65532:65532 /out/data /data
USER 65532:65532
ENTRYPOINT ["nats-server", "--config", "/etc/winnow/nats.conf"]

FROM debian:12.12-slim
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /out/winnow /usr/local/bin/winnow
COPY --chmod=755 deploy/healthy /usr/local/bin/healthy
# A new named volume takes over this folder's owner.
COPY --from=build --chown=65532:65532 /out/data /var/lib/winnow
USER 65532:65532
ENV HOME=/var/lib/winnow
WORKDIR /var/lib/winnow
EXPOSE 8010
ENTRYPOINT ["/usr/local/bin/winnow"]
CMD ["serve", "--config", "/etc/winnow/winnow.yaml"]
