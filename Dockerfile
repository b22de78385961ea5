# An image of the Debian package, without the toolchain that built it.
#
#   docker build --tag replicate .
#   docker run --rm --user "$(id -u):$(id -g)" --volume "$PWD:/work" replicate crossover --preset smoke
FROM swift:6.3-bookworm AS build
RUN apt-get update -q && apt-get install -qy --no-install-recommends git make && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN git config --global --add safe.directory /source && make deb

FROM debian:bookworm-slim
COPY --from=build /source/dist/*.deb /tmp/
RUN apt-get update -q && apt-get install -qy /tmp/replicate_*.deb && rm -rf /tmp/*.deb /var/lib/apt/lists/* \
  && useradd --create-home replicate
USER replicate
WORKDIR /work
ENTRYPOINT ["replicate"]
CMD ["--help"]
