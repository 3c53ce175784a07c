#!/usr/bin/env bash
# A Docker engine with Compose 2 for tests, where there is none: infra/images/engine.sh [<data root>]
#
# For a machine that is thrown away, as in CI: Debian or Ubuntu, as root. On your own machine install Docker as
# https://docs.docker.com/engine/install/ says. May be run again: what is there stays as it is, and each step says what it
# did. The engine goes on running; its process id is in /run/troupe-dockerd.pid.
set -euo pipefail

data_root=${1:-/var/lib/docker}
cache=${TROUPE_CACHE_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/troupe}
log=/var/log/troupe-dockerd.log
pid_file=/run/troupe-dockerd.pid
compose_version=2.40.3

say() { echo "engine: $*"; }
fail() {
  echo "engine: $*" >&2
  exit 1
}

engine_answers() { docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }

# install_packages <package>…
install_packages() {
  command -v apt-get >/dev/null || fail "apt-get is missing, so this is no Debian or Ubuntu. Install Docker: https://docs.docker.com/engine/install/"
  [ "$(id -u)" -eq 0 ] || fail "root is needed to install $*. Run this script as root, or install Docker yourself."
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
  say "installed $*"
}

start_engine() {
  [ "$(id -u)" -eq 0 ] || fail "root is needed to start dockerd. Run this script as root, or start Docker yourself."
  mkdir -p "$data_root"
  setsid dockerd --data-root "$data_root" --pidfile "$pid_file" >"$log" 2>&1 </dev/null &
  local tries=0
  until engine_answers; do
    tries=$((tries + 1))
    [ "$tries" -lt 120 ] || fail "dockerd does not answer after a minute. The end of $log: $(tail -5 "$log")"
    sleep 0.5
  done
  say "started dockerd with its data in $data_root (process $(cat "$pid_file"), log $log)"
}

# Debian 12 has no Compose 2; its Go module has it.
build_compose() {
  local program=$cache/compose-$compose_version/docker-compose module=github.com/docker/compose/v2
  if [ ! -x "$program" ]; then
    command -v go >/dev/null || fail "Docker Compose 2 is missing, and neither apt nor Go can bring it. See https://docs.docker.com/compose/install/linux/"
    say "building Compose $compose_version from its Go module (five minutes, once)"
    local work
    work=$(mktemp -d)
    (
      cd "$work"
      export GOFLAGS=-mod=mod
      go mod download "$module@v$compose_version"
      # A main module has to repeat the replace lines of the module whose command it builds.
      sed 's/^module .*/module compose/' "$(go env GOMODCACHE)/$module@v$compose_version/go.mod" >go.mod
      install -m 644 "$(go env GOMODCACHE)/$module@v$compose_version/go.sum" go.sum
      go mod edit -require="$module@v$compose_version"
      go build -trimpath -ldflags "-s -w -X $module/internal.Version=v$compose_version" -o docker-compose "$module/cmd"
    )
    mkdir -p "$(dirname "$program")"
    mv "$work/docker-compose" "$program"
    chmod -R u+w "$work" && rm -rf "$work"
  fi
  mkdir -p "$HOME/.docker/cli-plugins"
  ln -sf "$program" "$HOME/.docker/cli-plugins/docker-compose"
  say "Compose is $program"
}

has_candidate() { apt-cache policy "$1" 2>/dev/null | grep -q 'Candidate: [0-9]'; }

bring_compose() {
  local package
  for package in docker-compose-v2 docker-compose-plugin; do
    has_candidate "$package" || continue
    install_packages "$package"
    return
  done
  build_compose
}

if ! engine_answers; then
  missing=()
  command -v dockerd >/dev/null || missing+=(docker.io)
  command -v iptables >/dev/null || missing+=(iptables)
  [ "${#missing[@]}" -eq 0 ] || install_packages "${missing[@]}"
  # With systemd the package has started it already.
  engine_answers || start_engine
fi
docker compose version >/dev/null 2>&1 || bring_compose
say "Docker $(docker version --format '{{.Server.Version}}'), Compose $(docker compose version --short)"
