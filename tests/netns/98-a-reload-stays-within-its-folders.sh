#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: a reload that names files, boxes or groups out of reach is refused, and says why
# needs: socat
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
SANDBOX=1
. "$(dirname "$0")/lib.sh"
. "$here/ctl.sh"
. "$here/confined.sh"
confined_anyway
echo "filters:x:903:" >>/etc/group
topology_pair
rules_input
mkdir "$T/lists" /run/elsewhere /run/rootly
echo "$S2" >"$T/lists/known"
echo "$S3" >/run/elsewhere/known
ln -s /run/elsewhere/known "$T/lists/link"
printf 'a key of more than sixteen bytes\n' >/run/elsewhere/key
chmod 640 /run/elsewhere/key
chgrp mxallowd /run/elsewhere/key
box='vote { listen = "unix:/run/mxallowd/vote" }'
rootly='vote { listen = "unix:/run/rootly/vote" }'
known="list known { action = allow  file = \"$T/lists/known\" }"
write_conf "$known" "$box" "$rootly"
run_gate -c "$T/conf"

refuses()
{
	why=$1
	shift
	write_conf "$@"
	ctl 1 reload
	expect_complaint "$why"
	expect open from "$S2" to "$REAL4"
	expect silent from "$S3" to "$REAL4"
	[ "$(echo "white $A1" | socat -t 2 - UNIX-CONNECT:/run/mxallowd/vote)" = ok ] ||
		fail "the old box is gone"
}

refuses "conf:4: \"/run/elsewhere/known\" lies outside .*restart" \
	'list known { action = allow  file = "/run/elsewhere/known" }' "$box" "$rootly"
refuses "conf:4: \"$T/lists/link\" lies outside .*restart" \
	"list known { action = allow  file = \"$T/lists/link\" }" "$box" "$rootly"
refuses "conf:5: \"/run/elsewhere/key\" lies outside .*restart" "$known" \
	'vote { listen = "tcp:[::1]:7925"  key-file = "/run/elsewhere/key" }' "$box" "$rootly"
refuses "/run/elsewhere/vote: it cannot be made there while mxallowd runs" "$known" "$rootly" "$box" \
	'vote { listen = "unix:/run/elsewhere/vote" }'
refuses "/run/mxallowd/vote: its group is none of those .*restart" "$known" \
	'vote { listen = "unix:/run/mxallowd/vote"  group = filters }'

# A box that only root could make is no hindrance while it stays what it is.
write_conf "list known { action = allow  entries = \"$S3\" }" "$box" "$rootly"
ctl 0 reload
expect open from "$S3" to "$REAL4"

# Nor is anything after a restart.
stop_gate
write_conf 'list known { action = allow  file = "/run/elsewhere/known" }'
run_gate -c "$T/conf"
ctl 0 reload
expect open from "$S3" to "$REAL4"
