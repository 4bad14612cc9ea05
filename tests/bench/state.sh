# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# state.sh - how fast a million entries are read back, and what kill -9 costs; tests/bench/run
# reads it
#
# bench_state              starts of a daemon with a million entries in its file; then 20 tries of
#                          kill -9 under 800 knocks a second. /var/lib is a tmpfs
#
# All other daemons of the bench have no state: theirs would be the same folder, and what they
# are measured against has none.

# With the names of variables of tests/bench/run.
# shellcheck disable=SC2154

state_dir=/var/lib/mxallowd
kill_tries=20

# state_daemon: $mx is a daemon with a state, ready, on any CPU: reading has a thread of its own.
# $begun is when it was started.
state_daemon()
{
	begun=$(date +%s%N)
	start state taskset -c "0-$((cpus - 1))" "$daemon" -F -s -b -n 23 -c "$tmp/conf" --state-dir "$state_dir" \
		-f 10.99.0.3 -r 10.99.0.2
	mx=$pid
}

await_loaded()
{
	tries=0
	until cat "$tmp/state.out" "$tmp/state.err" | grep -q 'state loaded'; do
		tries=$((tries + 1))
		[ $tries -lt 5000 ] || fail "the state is not loaded: $(cat "$tmp/state.err")"
		sleep 0.005
	done
}

# since NAME UNIT_NS: what has passed since $begun
since()
{
	echo "$1 $begun $(date +%s%N) $2" | awk '{ printf "%s %.3f\n", $1, ($3 - $2) / $4 }' >>"$data"
}

fill_state()
{
	state_daemon
	end_gate state "$mx"
	sqlite3 "$state_dir/state.db" "
		DELETE FROM entry; -- of the parts before
		WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < $known - 1)
		INSERT INTO entry SELECT i, '30.' || (i * 7919 % $known >> 16) || '.' ||
			(i * 7919 % $known >> 8 & 255) || '.' || (i * 7919 % $known & 255), 'default',
			'knock', unixepoch() - 9999, unixepoch() + 999999 + i * 7919 % 99991, 0,
			i % 2, 0, i % 2, 0, NULL FROM n" || fail "cannot fill the state file"
}

# One try: how many entries are lost, and how many of these were older than a second.
kill_once()
{
	state_daemon
	nsenter --net="$net" "$BENCH_BUILD/tests/netns/probes/raw" pace 800 count 8000 spread 1 \
		wait 0 "10.$1.0.1" 10.99.0.3 >"$tmp/sent" &
	sender=$!
	pids="$pids $sender"
	sleep "1.$(printf %02d $(($1 * 37 % 100)))"
	now=$(date +%s%3N)
	kill -KILL "$mx" "$sender"
	wait "$mx" "$sender" 2>/dev/null || :
	state_daemon
	await_loaded
	timeout 20 "$BENCH_BUILD/mxallowctl" list | sed -n "s/^\(10\.$1\.[0-9.]*\) .*/\1/p" >"$tmp/known"
	end_gate state "$mx"
	awk -v now="$now" '
		FNR == NR { known[$1] = 1; next }
		NF == 2 && $2 <= now && !($1 in known) { lost++; old += $2 <= now - 1000 }
		END { print lost + 0, old + 0 }' "$tmp/known" "$tmp/sent" >>"$tmp/lost"
}

bench_state()
{
	configure 'quiet = false'
	say "a million entries from the state file"
	fill_state
	for _ in $(seq "$list_starts"); do
		state_daemon
		since state.ready 1000000
		await_loaded
		since state.load 1000000000
		echo "$(resident) $known" | awk '{ printf "state.private %.2f\n", $2 / $3 }' >>"$data"
		end_gate state "$mx"
	done
	rm -r "$state_dir"
	say "kill -9, $kill_tries times"
	: >"$tmp/lost"
	for try in $(seq $kill_tries); do
		kill_once "$try"
	done
	awk '{ print "state.lost", $1; old += $2 } END { print "state.lost.old", old + 0 }' \
		"$tmp/lost" >>"$data"
}
