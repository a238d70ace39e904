#!/usr/bin/env bash
# Writes everything in this repository that is generated from something else.
#
#   tools/generate.sh            regenerate
#   tools/generate.sh --check    change nothing; fail, with the difference, when
#                                a committed file is not what would be generated
#
# Everything is generated into a temporary folder first, under the paths it has
# in the repository. A further generator is one more line in generate, and one
# more pattern in generated.
set -euo pipefail
cd "$(dirname "$0")/.."

case ${1-} in
'' | --check) ;;
*)
	echo "usage: tools/generate.sh [--check]" >&2
	exit 2
	;;
esac

fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT

# generate writes all generated files below the folder $1.
generate() {
	tools/build.sh buf protoc
	.bin/buf generate --output "$1"
	mkdir -p "$1/docs"
	go run ./cmd/gainsight-connector catalog --markdown >"$1/docs/actions.md"
}

# generated lists the generated files below the folder $1, relative to it.
generated() {
	(cd "$1" && find proto docs -name '*.pb.go' -o -name actions.md | sort)
}

generate "$fresh"
both=$({ generated . && generated "$fresh"; } | sort -u)

if [ "${1-}" = --check ]; then
	drift=0
	for file in $both; do
		old=$file new=$fresh/$file
		[ -e "$old" ] || old=/dev/null
		[ -e "$new" ] || new=/dev/null
		git --no-pager diff --no-index -- "$old" "$new" || drift=1
	done
	if [ "$drift" = 1 ]; then
		echo "generated files differ from their sources: run tools/generate.sh and commit the result" >&2
	fi
	exit "$drift"
fi

for file in $both; do
	if [ ! -e "$fresh/$file" ]; then
		rm "$file"
	else
		mkdir -p "$(dirname "$file")"
		cp "$fresh/$file" "$file"
	fi
done
