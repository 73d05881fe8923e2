#!/usr/bin/env bash
# Builds what is released, into dist/: packaging/build.sh [amd64|arm64]...
# Each architecture gets a binary that needs no library of the system it runs on, a Debian package, and a
# CycloneDX list of what is in it. The same commit gives the same bytes, in whatever folder it is built.
#   VERSION     of the package; else that of cmd/whyloop/version.go
#   DIST        where it is put; else dist/
# arm64 needs gcc-aarch64-linux-gnu and libc6-dev-arm64-cross where the machine is not one itself.
set -euo pipefail
cd "$(dirname "$0")/.."

dist=${DIST:-$PWD/dist}
[ $# -gt 0 ] || set -- amd64
release=$(sed -nE 's/^const release = "(.*)"$/\1/p' cmd/whyloop/version.go)
export VERSION=${VERSION:-${release/-/\~}} # dpkg sorts 0.1.0~dev before 0.1.0
export MAINTAINER=${MAINTAINER:-'The whyloop authors <whyloop@example.com>'}
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || stat -c %Y go.mod)}
export SOURCE_DATE_EPOCH LC_ALL=C TZ=UTC
umask 022

mkdir -p "$dist"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

echo "tools ..."
go build -C packaging/tools -trimpath -o "$work/" \
  github.com/goreleaser/nfpm/v2/cmd/nfpm github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod

# compile ARCH FILE: no path of this machine gets in (-trimpath), nothing about the state of the work
# tree (-buildvcs=false), no build ID; names are looked up by Go itself, so that nothing of the C library
# is needed at run time.
compile() {
  local cc=gcc
  if [ "$1" != "$(go env GOHOSTARCH)" ]; then
    case $1 in
      arm64) cc=aarch64-linux-gnu-gcc ;;
      amd64) cc=x86_64-linux-gnu-gcc ;;
    esac
  fi
  command -v $cc >/dev/null || { echo "for $1 a C compiler named $cc is needed" >&2; return 1; }
  CGO_ENABLED=1 GOOS=linux GOARCH=$1 CC=$cc GOFLAGS="" go build -trimpath -buildvcs=false -mod=readonly \
    -tags netgo,osusergo,sqlite_omit_load_extension \
    -ldflags '-s -w -buildid= -linkmode external -extldflags "-static -Wl,--build-id=none"' \
    -o "$2" ./cmd/whyloop
}

# The pages come from the command line's own definition, by a binary that runs here.
compile "$(go env GOHOSTARCH)" "$work/here"
mkdir "$work/common"
"$work/here" docs man | gzip -9n >"$work/common/whyloop.1.gz"
"$work/here" docs config /var/lib/whyloop >"$work/common/whyloop.toml"
for shell in bash zsh fish; do "$work/here" completion $shell >"$work/common/whyloop.$shell"; done
gzip -9n <CHANGELOG.md >"$work/common/changelog.gz"
cp -r docs packaging/monitoring packaging/debian packaging/systemd "$work/common/"
{ cat LICENSE; printf '\n'; cat conversation/hearing/data/NOTICE; printf '\nwhyloop holds the modules below, each under its own licence. SQLite is in the public domain.\n'; .ci/licences --texts; } >"$work/common/copyright"

for ARCH; do
  export ARCH STAGE=$work/$ARCH
  echo "$ARCH ..."
  mkdir "$STAGE"
  cp -r "$work"/common/* "$STAGE/"
  if [ "$ARCH" = "$(go env GOHOSTARCH)" ]; then cp "$work/here" "$STAGE/whyloop"; else compile "$ARCH" "$STAGE/whyloop"; fi
  "$work/cyclonedx-gomod" bin -json -noserial -notimestamp -std -version "v$VERSION" -output "$STAGE/whyloop.cdx.json" "$STAGE/whyloop"
  find "$STAGE" -exec touch -d "@$SOURCE_DATE_EPOCH" {} +
  "$work/nfpm" package --packager deb --config packaging/nfpm.yaml --target "$dist/whyloop_${VERSION}_$ARCH.deb" >"$work/log" || { cat "$work/log"; exit 1; }
  cp "$STAGE/whyloop" "$dist/whyloop-$ARCH"
  cp "$STAGE/whyloop.cdx.json" "$dist/whyloop-$ARCH.cdx.json"
  (cd "$dist" && sha256sum "whyloop-$ARCH" "whyloop_${VERSION}_$ARCH.deb" "whyloop-$ARCH.cdx.json")
done
