# SPDX-License-Identifier: GPL-2.0-or-later
# table.awk - makes the bench's table of "KEY VALUE" lines, one for each round
#
# A ratio is worked out for each round by itself, so that what disturbed the machine for a
# while disturbed both sides; the table shows the median of these and their range.

{
	value[$1, ++rounds[$1]] = $2
}

# Sorts work[1..n] and leaves low, middle and high.
function sort_out(n,    i, j, x) {
	for (i = 2; i <= n; i++) {
		x = work[i]
		for (j = i - 1; j >= 1 && work[j] > x; j--)
			work[j + 1] = work[j]
		work[j + 1] = x
	}
	low = work[1]
	high = work[n]
	middle = n % 2 ? work[(n + 1) / 2] : (work[n / 2] + work[n / 2 + 1]) / 2
}

function median(key,    i) {
	if (!rounds[key]) {
		print "bench: nothing measured for " key >"/dev/stderr"
		broken = 1
		return 0
	}
	for (i = 1; i <= rounds[key]; i++)
		work[i] = value[key, i]
	sort_out(rounds[key])
	return middle
}

# Per round (a - base) / (b - base); `base` may be "". -1 when the base drowned the rest in
# more than half of the rounds: then the machine was too busy with other things.
function ratio(a, b, base,    i, n, over, under, zero) {
	n = 0
	for (i = 1; i <= rounds[a] && i <= rounds[b]; i++) {
		zero = base == "" ? 0 : value[base, i]
		over = value[a, i] - zero
		under = value[b, i] - zero
		if (over > 0 && under > 0)
			work[++n] = over / under
	}
	low = high = 0
	if (2 * n < rounds[a])
		return -1
	sort_out(n)
	return middle
}

# New series `to` = a + b, round by round.
function add_series(to, a, b,    i) {
	rounds[to] = rounds[a]
	for (i = 1; i <= rounds[a]; i++)
		value[to, i] = value[a, i] + value[b, i]
}

function judge(got, bar, unit) {
	if (bar == "")
		return ""
	if (got < 0)
		return "not measurable, machine too busy"
	return got <= bar ? "met" : sprintf("missed by %.2f%s", got - bar, unit)
}

function row(what, mine, other, times, spread, bar, said,    line) {
	line = sprintf("%-48s %8s %8s %7s %-14s %-9s %s", what, mine, other, times, spread,
		bar, said)
	sub(/ +$/, "", line)
	print line
}

function range() {
	return sprintf("%.2f..%.2f", low, high)
}

# One line of daemon against something, both in the same unit. Medians less `base`.
function compare(what, a, b, base, bar,    r, zero, mine, other) {
	zero = base == "" ? 0 : median(base)
	mine = median(a) - zero
	other = median(b) - zero
	r = ratio(a, b, base)
	row(what, sprintf("%.2f", mine), sprintf("%.2f", other),
	    r < 0 ? "" : sprintf("%.2fx", r), r < 0 ? "" : range(),
	    bar == "" ? "" : "<= " bar "x", judge(r, bar, "x"))
}

function single(what, key, bar, unit,    m, r) {
	m = median(key)
	r = rounds[key] > 1 ? range() : ""
	row(what, sprintf("%.2f", m), "", "", r, bar == "" ? "" : "<= " bar " " unit,
	    judge(m, bar, " " unit))
}

# As single(), where more is better.
function at_least(what, key, bar,    m) {
	m = median(key)
	row(what, sprintf("%.0f", m), "", "", sprintf("%.0f..%.0f", low, high), ">= " bar,
	    m >= bar ? "met" : sprintf("missed by %.0f", bar - m))
}

function versus(what, a, b,    mine, other, r) {
	mine = median(a)
	other = median(b)
	r = ratio(a, b, "")
	row(what, sprintf("%.0f", mine), sprintf("%.0f", other), sprintf("%.2fx", r), range(),
	    "", "")
}

END {
	for (i = 1; i <= 4; i++) {
		name = i == 1 ? "drop" : i == 2 ? "one-by-one" : i == 3 ? "daemon" : "floor"
		add_series("task." name, "rate." name ".gen", "rate." name ".own")
	}
	# Nobody answers there, so what it says of `own` is zero.
	row("what", "daemon", "against", "ratio", "min..max", "bar", "verdict")
	compare("CPU per verdict in INPUT, us; floor", "drain.input", "drain.input-floor", "",
		1.15)
	compare("CPU per verdict in raw PREROUTING, us; floor", "drain.unknown", "drain.floor",
		"", 1.15)
	compare("  known source, accepted; floor accepting", "drain.known", "drain.accept", "", "")
	compare("  unknown source, with logging; floor", "drain.logging", "drain.logging-floor",
		"", "")
	compare("  in INPUT; loop one by one", "drain.input", "drain.input-one-by-one", "", "")
	compare("  in raw PREROUTING; loop one by one", "drain.unknown", "drain.one-by-one", "",
		"")
	compare("machine CPU per SYN at 20000/s, us; one by one", "rate.daemon.busy",
		"rate.one-by-one.busy", "rate.drop.busy", 0.4)
	compare("  by the clocks of the processes; one by one", "task.daemon",
		"task.one-by-one", "task.drop", "")
	compare("  floor, in batches, no nap; one by one", "rate.floor.busy",
		"rate.one-by-one.busy", "rate.drop.busy", "")
	compare("added connect() time, us, median; floor", "connect.daemon", "connect.floor",
		"connect.direct", 1.2)
	single("bytes per entry, IPv4, private memory", "memory.ip4.private", 48, "B")
	single("bytes per entry, IPv6 /64, private memory", "memory.ip6.private", 48, "B")
	single("  IPv4, growth from empty to 1 M entries", "memory.ip4.growth", "", "")
	single("  IPv4, the gate alone", "memory.gate.ip4", "", "")
	single("  IPv4, with pages of shared libraries", "memory.ip4.whole", "", "")
	single("start to ready, ms", "ready.ms", 100, "ms")
	versus("verdicts a second under flood; floor", "flood.daemon", "flood.floor")
	versus("  loop one by one; floor", "flood.one-by-one", "flood.floor")
	single("judgement, ns, IPv4 hit", "lookup.ip4.hit.plain", "", "")
	single("judgement, ns, IPv4 miss", "lookup.ip4.miss.plain", "", "")
	single("  in batches, IPv4 hit", "lookup.ip4.hit.batch", "", "")
	single("  in batches, IPv4 miss", "lookup.ip4.miss.batch", "", "")
	single("judgement, ns, IPv6 hit", "lookup.ip6.hit.plain", "", "")
	single("judgement, ns, IPv6 miss", "lookup.ip6.miss.plain", "", "")
	compare("1 M networks listed, CPU per verdict, us; none", "drain.lists",
		"drain.plain", "", 1.05)
	compare("  none; none, which is the noise in this", "drain.twin", "drain.plain", "", "")
	single("start to ready with 1 M networks, ms", "ready.lists", 2000, "ms")
	compare("connect() while 1 M entries are listed, us; idle", "connect.listed",
		"connect.unlisted", "", "")
	compare("  99th percentile", "connect.listed.p99", "connect.unlisted.p99", "", "")
	single("  a listing, s", "listing.s", "", "")
	at_least("votes accepted a second, unix socket", "votes.unix.counted", 10000)
	at_least("  FIFO", "votes.fifo.counted", 10000)
	compare("connect() with votes by unix socket, us; idle", "connect.unix",
		"connect.unvoted", "", 1.5)
	compare("  99th percentile", "connect.unix.p99", "connect.unvoted.p99", "", "")
	compare("connect() with votes by FIFO, us; idle", "connect.fifo", "connect.unvoted",
		"", 1.5)
	compare("  99th percentile", "connect.fifo.p99", "connect.unvoted.p99", "", "")
	compare("resident MB with 1000 connections held; none", "tarpit.after",
		"tarpit.before", "", "")
	at_least("packets replayed a second, each a line", "replay.attempts.rate", 1000000)
	at_least("  of four packets one a line", "replay.bots.rate", 1000000)
	compare("  CPU per packet, ns; libpcap alone", "replay.bots.ns", "replay.bots.pcap", "",
		"")
	for (i = 1; i <= 2; i++) {
		name = i == 1 ? "none" : "cookie"
		compare("resident MB after forged knocks, proof = " name "; before",
			"forged." name ".after", "forged." name ".before", "", "")
		compare("  connect() of a known client under 50000/s, us; calm",
			"connect.flooded-" name, "connect.calm-" name, "", "")
		compare("  99th percentile", "connect.flooded-" name ".p99",
			"connect.calm-" name ".p99", "", "")
		single("  let in within two seconds, of 100", "connect.flooded-" name ".let-in",
			"", "")
	}
	single("1 M entries in the state file, start to known, s", "state.load", 2, "s")
	single("  start to ready, ms", "state.ready", 100, "ms")
	single("  bytes per entry, private memory", "state.private", "", "")
	single("entries lost by kill -9 at 800 knocks a second", "state.lost", "", "")
	single("  of these, older than a second", "state.lost.old", 0, "")
	single("CPUs that others kept busy meanwhile", "rate.drop.others", "", "")
	exit broken
}
