# What the scripts of the stand-ins share. Sourced in their folder.
cache=${TROUPE_CACHE_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/troupe}
mkdir -p "$cache"
debian=troupe-stand-in/debian:bookworm
java=troupe-stand-in/java:17
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT

say() { echo "stand-ins: $*"; }
fail() {
  echo "stand-ins: $*" >&2
  exit 1
}

# has_image <name:tag>: says so when there is one, since then there is nothing to do.
has_image() {
  docker image inspect "$1" >/dev/null 2>&1 || return 1
  say "$1 is there"
}

# image_of <repository>: the name and tag that compose asks for.
image_of() { sed -n "s|^ *image: \($1:[^ ]*\)$|\1|p" ../../compose/*.yaml | head -1; }

bring_mmdebstrap() {
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    fail "mmdebstrap is missing: apt-get install mmdebstrap, as root"
  fi
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends mmdebstrap >/dev/null
  say "installed mmdebstrap"
}

# A small Debian, the ground of every stand-in.
make_debian() {
  has_image "$debian" && return
  command -v mmdebstrap >/dev/null || bring_mmdebstrap
  # Single quotes: the hook's shell knows $1.
  # shellcheck disable=SC2016
  mmdebstrap --quiet --format=tar --variant=minbase \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
    --customize-hook='rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/*.bin' \
    bookworm - | docker import --change 'CMD ["bash"]' - "$debian" >/dev/null
  say "made $debian"
}

make_java() {
  make_debian
  has_image "$java" || built "$java" java
}

# npm_package <name@version> <folder>: unpacks a package of the npm registry, without its dependencies and scripts.
npm_package() {
  mkdir -p "$work/packed" "$2"
  npm pack --silent --pack-destination "$work/packed" "$1" >/dev/null
  tar -xzf "$work/packed"/*.tgz -C "$2" --strip-components=1
  rm -rf "$work/packed"
}

# built <name:tag> <folder of its Dockerfile>: what the Dockerfile copies is in $work/root.
built() {
  cp "$2/Dockerfile" "$work/Dockerfile"
  chmod 755 "$work"
  docker build --quiet --network host --tag "$1" --build-arg "DEBIAN=$debian" --build-arg "JAVA=$java" "$work" >/dev/null
  rm -rf "$work/root"
  say "made $1"
}
