# What the scripts of the stand-ins share. Sourced.
cache=${TROUPE_CACHE_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/troupe}
mkdir -p "$cache"

say() { echo "stand-ins: $*"; }

# has_image <name:tag>: says so when there is one, since a script then has nothing to do.
has_image() {
  docker image inspect "$1" >/dev/null 2>&1 || return 1
  say "$1 is there"
}

debian=troupe-stand-in/debian:bookworm

# A small Debian, the ground of every stand-in.
make_debian() {
  has_image "$debian" && return
  command -v mmdebstrap >/dev/null || { echo "stand-ins: mmdebstrap is missing: apt-get install mmdebstrap" >&2; return 1; }
  mmdebstrap --quiet --format=tar --variant=minbase \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
    --customize-hook='rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/*.bin' \
    bookworm - | docker import --change 'CMD ["bash"]' - "$debian" >/dev/null
  say "made $debian"
}

# npm_package <name@version> <folder>: unpacks a package of the npm registry, without its dependencies and scripts.
npm_package() {
  local packed
  packed=$(mktemp -d)
  npm pack --silent --pack-destination "$packed" "$1" >/dev/null
  mkdir -p "$2"
  tar -xzf "$packed"/*.tgz -C "$2" --strip-components=1
  rm -rf "$packed"
}

# built <name:tag> <Dockerfile> <folder with what is copied>
built() {
  chmod 755 "$3"
  cp "$2" "$3/Dockerfile"
  docker build --quiet --network host --tag "$1" --build-arg "DEBIAN=$debian" "$3" >/dev/null
  say "made $1"
}
