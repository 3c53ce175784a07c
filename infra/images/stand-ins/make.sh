#!/usr/bin/env bash
# Makes images without a registry for images: infra/images/stand-ins/make.sh [<stand-in>…]
#
# base, postgres, kafka, registry, jaeger, prometheus, debezium; without a word the first five. Each has the name and tag that the
# Dockerfile or compose asks for, and is made from the real program. infra/images/README.md says how each differs from the
# published image. An image that is there stays. Needs root, Debian with mmdebstrap, npm, Maven, and Go for jaeger
# and prometheus.
set -euo pipefail
cd "$(dirname "$0")"
. ./lib.sh
. ./base.sh
. ./infrastructure.sh

all=(base postgres kafka registry jaeger)
wanted=("$@")
[ "$#" -gt 0 ] || wanted=("${all[@]}")
for name in "${wanted[@]}"; do
  case $name in
    base | postgres | kafka | registry | jaeger | prometheus | debezium) "make_$name" ;;
    *) fail "there is no stand-in $name: ${all[*]} prometheus debezium" ;;
  esac
done
