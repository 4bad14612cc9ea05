#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# pure.sh - fails when base, wire or core call something that is not a pure function
#
# Looks at the symbols the objects in $BUILD leave open: a clock, a socket or a printf
# in the rule shows up here by name. Whoever instruments a build (sanitizers, stack
# protector, fortified headers, coverage) adds calls of its own.
set -u
cd "$(dirname "$0")/../.." || exit 1
BUILD=${BUILD:-build}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
bad=0

cat >"$work/allowed" <<'EOF'
mem(cpy|move|set|cmp|chr|rchr|mem)|bcmp
str(len|nlen|cmp|ncmp|casecmp|ncasecmp|chr|rchr|str|spn|cspn|pbrk|cpy|ncpy|dup|ndup)|stpcpy
calloc|free|v?snprintf|inet_(pton|ntop)|qsort|bsearch
__assert_fail|__atomic_[a-z0-9_]+|_GLOBAL_OFFSET_TABLE_
__(v?snprintf|mem(cpy|move|set)|str(cpy|ncpy))_chk|__stack_chk_(fail|guard)|__fdelt_chk
_*(asan|ubsan|tsan|lsan|sanitizer|gcov|llvm_(profile|gcov))_[A-Za-z0-9_.]+
__start___sancov_[a-z]+|__stop___sancov_[a-z]+
EOF
echo 'crypto_shorthash|crypto_shorthash_siphash24' >"$work/core_only"
sed 's/.*/^(&)$/' "$work/allowed" >"$work/anywhere"
sed 's/.*/^(&)$/' "$work/allowed" "$work/core_only" >"$work/core"

# The objects of today's sources: one left over from a deleted file proves nothing.
objects=
for source in $(tests/lint/files src/base src/wire src/core | grep '\.c$'); do
	object=$BUILD/${source#src/}
	object=${object%.c}.o
	if [ -f "$object" ]; then
		objects="$objects $object"
	else
		echo "$object: not built"
		bad=1
	fi
done
[ -n "$objects" ] || { echo "$BUILD: no objects to look at"; exit 1; }

# shellcheck disable=SC2086
nm -g --defined-only $objects | awk 'NF == 3 { print $3 }' | sort -u >"$work/own"
for object in $objects; do
	case $object in
	"$BUILD"/core/*) list=$work/core ;;
	*)		list=$work/anywhere ;;
	esac
	for symbol in $(nm -u "$object" | awk '{ print $2 }' |
			grep -vxFf "$work/own" | grep -vEf "$list"); do
		echo "$object: calls $symbol, which is not pure"
		bad=1
	done
done
exit $bad
