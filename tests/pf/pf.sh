# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# pf.sh - a daemon that watches pf, without pf: its log is a FIFO, its pfctl a script
#
# A test sources this file first; tests/netns/lib.sh is part of it. The script keeps the table
# in $T/table, one network a line, and a line for each call in $T/calls. When $T/broken is
# there, it fails; while $T/slow is there, it waits.
#
# start_pf [ARGS]      the daemon with the addresses of lib.sh, and ARGS
# log_pf WORDS         a record as tests/pcap/README has its packets: `syn SRC DST [pass]`
# expect_table LINE... waits up to 5 s until the table holds these networks and no others
# knock SRC            on the fake address of its family

here=$(cd "$(dirname "$0")" && pwd)
. "$here/../netns/lib.sh"
tests=$here/..

cat >"$T/pfctl" <<'EOF'
#!/bin/sh
cd /run/test || exit 1
cat >input
echo "$*" >>calls
while [ -e slow ]; do sleep 0.05; done
if [ -e broken ]; then
	echo "pfctl: Table does not exist." >&2
	exit 1
fi
case "$*" in
"-q -t mx-white -T add -f -") sort -u table input >new ;;
"-q -t mx-white -T delete -f -") grep -vxFf input table >new ;;
"-q -t mx-white -T replace -f -") sort -u input >new ;;
*) exit 2 ;;
esac
mv new table
EOF
chmod 755 "$T/pfctl"
mkfifo "$T/pflog"
: >"$T/table"
: >"$T/calls"
exec 9<>"$T/pflog"

start_pf()
{
	printf 'link openbsd\nempty\n' | "$tests/pcap/mkcap" >&9
	run_gate -p "$T/pflog" --pfctl "$T/pfctl" -f "$FAKE4" -f "$FAKE6" -r "$REAL4" \
		-r "$REAL6" "$@" 9>&-
}

log_pf()
{
	printf 'link openbsd\n0 %s\n' "$*" | "$tests/pcap/mkcap" | tail -c +25 >&9
}

knock()
{
	case $1 in
	*:*) log_pf syn "$1" "$FAKE6" ;;
	*)   log_pf syn "$1" "$FAKE4" ;;
	esac
}

table_is()
{
	[ "$(cat "$T/table")" = "$(cat "$T/wanted")" ]
}

expect_table()
{
	for line; do echo "$line"; done | sort -u >"$T/wanted"
	turns=250
	until table_is; do
		turns=$((turns - 1))
		[ "$turns" -gt 0 ] || fail "wanted in the table: $*; there is: $(cat "$T/table")
--- calls
$(cat "$T/calls")"
		sleep 0.02
	done
}
