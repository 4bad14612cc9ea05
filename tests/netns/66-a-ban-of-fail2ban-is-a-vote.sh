#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: the real fail2ban, with our action, turns three failures in a log into a black vote
# needs: python3 socat
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$here/votes.sh"
ban=$here/../../build-fail2ban
[ -f "$ban/usr/bin/fail2ban-server" ] || skip "no build-fail2ban: run contrib/install-deps"
export PYTHONPATH="$ban/usr/lib/python3/dist-packages" PYTHONDONTWRITEBYTECODE=1
topology_pair
rules_input
start_gate_for_votes
gets_in "$S1"
gets_in "$S2"

mkdir -p "$T/f2b/action.d" "$T/f2b/filter.d" "$T/f2b/jail.d"
cp "$ban/etc/fail2ban/fail2ban.conf" "$T/f2b/"
cp "$VOTERS/fail2ban/mxallowd.conf" "$T/f2b/action.d/"
cat >"$T/f2b/filter.d/mail.conf" <<'END'
[Definition]
failregex = ^.* authentication failed from <HOST>$
END
cat >"$T/f2b/jail.conf" <<END
[DEFAULT]
usedns = no
backend = polling
[mail]
enabled = true
filter = mail
logpath = $T/mail.log
maxretry = 3
findtime = 600
bantime = 600
ignoreself = false
action = mxallowd[program="$VOTERS/mxallowd-vote", forget=yes]
END
: >"$T/mail.log"

f2b()
{
	/usr/bin/python3 "$ban/usr/bin/fail2ban-client" -c "$T/f2b" -s "$T/f2b/socket" -p "$T/f2b/pid" "$@"
}

f2b -d >"$T/said" 2>&1 || fail "fail2ban refuses it: $(cat "$T/said")"
expect_said "actionban.*mxallowd-vote\" black <ip> fail2ban mail, <failures> failures"
/usr/bin/python3 "$ban/usr/bin/fail2ban-server" -f -c "$T/f2b" -s "$T/f2b/socket" -p "$T/f2b/pid" --logtarget "$T/f2b/log" \
	start >"$T/f2b/out" 2>&1 &
until_true 20 f2b ping
for _ in 1 2 3; do
	echo "$(date '+%Y-%m-%d %H:%M:%S') gate smtpd: authentication failed from $S1" \
		>>"$T/mail.log"
done
until_true 20 grep -q "vote kind=black src=$S1 from=uid:0 outcome=penalised" "$LOG"
expect_log "src=$S1 .*text=fail2ban.x20mail,.x203.x20failures"
is_shut_out "$S1"
expect open from "$S2" to "$REAL4"
f2b set mail unbanip "$S1" >/dev/null || fail "cannot unban: $(cat "$T/f2b/log")"
expect_log "^vote kind=forget src=$S1 from=uid:0 outcome=forgotten"
gets_in "$S1"
f2b stop >/dev/null
