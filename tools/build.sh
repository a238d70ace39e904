#!/usr/bin/env bash
# Builds the pinned tools into .bin. Each folder below tools/ is a module of its
# own, so that what a tool needs never reaches the go.mod of the project.
#
#   tools/build.sh               all of them
#   tools/build.sh buf protoc    only these folders
#
# A second run takes a second or two: the go command rebuilds only what changed.
set -euo pipefail
cd "$(dirname "$0")/.."

[ $# -gt 0 ] || set -- tools/*/go.mod
mkdir -p .bin
for name in "$@"; do
	name=${name%/go.mod}
	GOWORK=off GOOS='' GOARCH='' go -C "tools/${name#tools/}" build -buildvcs=false -o "$PWD/.bin/" tool
done
