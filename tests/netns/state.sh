# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# state.sh - the state file, looked at and meddled with
#
# A test that sources it has daemons that go on where the one before ended.
#
# $STATE, $DB               the folder of the state and the file in it
# sql TEXT                  runs it on the file with the sqlite3 shell
# expect_rows N QUERY       the query must have the answer N
# store SECONDS COUNTER N   waits until the counter store_COUNTER has at least this value
# stored [SECONDS]          waits until nothing waits to be stored
# lock, unlock              another program holds the file in between
# fill N                    a file with N entries in place of the old one, the daemon not running:
#                           30.0.0.0 and up, open for days, every second one used before
# set_clock DAYS            the wall clock of a daemon that has a false one is off by so many days
# false_clock COMMAND       runs it; a daemon that it starts has one
# hung_disk COMMAND         runs it; a daemon that it starts hangs where it locks the folder of the
#                           state, until /etc/hung is gone

keeps_state=yes
STATE=/var/lib/mxallowd
DB=$STATE/state.db

sql()
{
	sqlite3 -cmd '.timeout 5000' "$DB" "$1"
}

expect_rows()
{
	rows=$(sql "$2") || fail "sqlite3 refuses: $2"
	[ "$rows" = "$1" ] || fail "wanted $1, it is $rows: $2"
}

store_counter()
{
	timeout 10 "$BUILD/mxallowctl" stats | sed -n "s/^store_$1 //p"
}

has_stored()
{
	[ "$(store_counter "$1")" -ge "$2" ]
}

store()
{
	until_true "$1" has_stored "$2" "$3"
}

is_stored()
{
	[ "$(store_counter waiting)" = 0 ] && [ "$(store_counter behind_ms)" = 0 ]
}

stored()
{
	until_true "${1:-5}" is_stored
}

# $locker waits for the end of its input.
lock()
{
	rm -f "$T/hold"
	mkfifo "$T/hold"
	sqlite3 "$DB" <"$T/hold" >"$T/locked" &
	locker=$!
	exec 9>"$T/hold"
	echo "BEGIN IMMEDIATE; SELECT 'held';" >&9
	until_true 5 grep -q held "$T/locked"
}

unlock()
{
	exec 9>&-
	wait "$locker"
}

fill()
{
	sql "DELETE FROM entry;
	     WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < $1 - 1)
	     INSERT INTO entry SELECT i, '30.' || (i >> 16) || '.' || (i >> 8 & 255) || '.' ||
		(i & 255), 'default', 'knock', unixepoch() - 9999, unixepoch() + 999999 + i % 99999,
		0, i % 2, 0, i % 2, 0, NULL FROM n;
	     PRAGMA wal_checkpoint(TRUNCATE);" >/dev/null || fail "cannot fill the file"
}

# falsely PRELOAD COMMAND: what is false stands in files that a confined daemon can read. A
# sanitizer insists on being loaded first.
falsely()
{
	cat >"$T/falsely" <<END
#!/bin/sh
first=\$(ldd "$GATE" | sed -n 's/.* => \(.*lib[at]san[^ ]*\) .*/\1 /p')
export LD_PRELOAD="\$first$BUILD/tests/netns/preload/$1.so" WRONG_CLOCK="/etc/clock" HUNG="/etc/hung"
exec "$GATE" "\$@"
END
	chmod +x "$T/falsely"
	shift
	GATE=$T/falsely "$@"
}

# Only the wall clock.
false_clock()
{
	falsely wrong_clock "$@"
}

hung_disk()
{
	: >/etc/hung
	falsely hung_lock "$@"
}

set_clock()
{
	echo "$(($1 * 86400))" >/etc/clock.new && mv /etc/clock.new /etc/clock
}
