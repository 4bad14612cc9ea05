#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# run.sh - what the daemon says about good and bad configuration files
#
# A good file is checked in silence, and what --print-config makes of it prints the same
# again. A bad one holds one mistake, and X.why holds all that may be said about it; its
# status is 64 when the message comes from "mxallowd:", else 78. @DIR@ stands for a folder
# that holds what lies in files/.
set -u
cd "$(dirname "$0")/../.." || exit 1
BUILD=${BUILD:-build}
case $BUILD in
/*)	mxallowd=$BUILD/mxallowd ;;
*)	mxallowd=$PWD/$BUILD/mxallowd ;;
esac
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
failed=0 good=0 bad=0

fail()
{
	echo "$*"
	failed=1
}

# The file to check: the one given, or a copy that knows where @DIR@ is.
placed()
{
	if grep -q @DIR@ "$1"; then
		sed "s,@DIR@,$dir/files,g" "$1" >"$dir/$1"
		cd "$dir" || exit 1
	fi
}

good()
{
	good=$((good + 1))
	here=$PWD
	placed "$1"
	look_at_good "$1"
	cd "$here" || exit 1
}

look_at_good()
{
	"$mxallowd" -T -c "$1" >"$dir/said" 2>&1 || fail "$1: status $?"
	[ ! -s "$dir/said" ] || { cat "$dir/said"; fail "$1: -T says something"; }
	"$mxallowd" --print-config -c "$1" >"$dir/once.conf" 2>&1 ||
		fail "$1: --print-config: status $?"
	"$mxallowd" --print-config -c "$dir/once.conf" >"$dir/twice.conf" 2>&1
	cmp -s "$dir/once.conf" "$dir/twice.conf" || {
		diff "$dir/once.conf" "$dir/twice.conf"
		fail "$1: what is printed does not read back the same"
	}
}

bad()
{
	bad=$((bad + 1))
	want=78
	case $(cat "${1%.conf}.why") in mxallowd:*) want=64 ;; esac
	here=$PWD
	placed "$1"
	"$mxallowd" -T -c "$1" >"$dir/said.raw" 2>&1
	got=$?
	cd "$here" || exit 1
	sed "s,$dir/files,@DIR@,g" "$dir/said.raw" >"$dir/said"
	[ "$got" = "$want" ] || fail "$1: status $got, not $want"
	cmp -s "$dir/said" "${1%.conf}.why" || {
		diff "${1%.conf}.why" "$dir/said"
		fail "$1: says something else"
	}
}

# SOURCE=pf says that the build watches pf; these files are about NFQUEUE.
is_foreign()
{
	[ "${SOURCE:-nfqueue}" = pf ] || return 1
	case $1 in
	no-queue-number.conf|proof-and-state.conf|*-needs-pf.conf) return 0 ;;
	*)	return 1 ;;
	esac
}

[ -x "$mxallowd" ] || { echo "$mxallowd is not built"; exit 1; }
# git keeps no permissions: a key must not be open to everybody.
cp -R tests/conf/files "$dir/files" && chmod 600 "$dir"/files/*.key &&
	chmod 644 "$dir/files/open.key" || exit 1

good etc/mxallowd.conf
for file in etc/examples/*.conf; do good "$file"; done
cd tests/conf/good || exit 1
for file in *.conf; do is_foreign "$file" || good "$file"; done
cd ../bad || exit 1
for file in *.conf; do is_foreign "$file" || bad "$file"; done
for why in *.why; do
	[ -e "${why%.why}.conf" ] || fail "$why: no such .conf"
done

if [ "${SOURCE:-nfqueue}" = pf ]; then
	cd ../pf-good || exit 1
	for file in *.conf; do good "$file"; done
	cd ../pf-bad || exit 1
	for file in *.conf; do bad "$file"; done
fi

if [ "$good" -lt 20 ] || [ "$bad" -lt 120 ]; then
	fail "only $good good and $bad bad files"
fi
echo "$good good, $bad bad files"
exit "$failed"
