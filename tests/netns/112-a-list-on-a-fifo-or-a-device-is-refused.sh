#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: a configuration or list that is a FIFO, nobody writes to, is refused at once, with its line
#
#   [sender S1 S2]---veth---[gate: FAKE4 REAL4]
. "$(dirname "$0")/lib.sh"
. "$here/ctl.sh"
. "$here/overload.sh"
topology_pair
rules_raw
write_conf
run_gate -c "$T/conf"
mkfifo "$T/fifo"
begin_pulse "$S1" "$FAKE4" 2
touch "$T/device"
mount --bind /dev/zero "$T/device"
for file in "$T/fifo" "$T/device" "$T"; do
	write_conf "list slow { action = deny  file = \"$file\" }"
	ctl 1 reload
	expect_complaint "$T/conf:4: file \"$file\" is no regular file; nothing changed"
done
write_conf "vote { listen = \"tcp:127.0.0.1:7925\"  key-file = \"$T/fifo\" }"
ctl 1 reload
expect_complaint "$T/conf:4: key-file \"$T/fifo\" is no regular file"
mv "$T/conf" "$T/conf.before"
mkfifo "$T/conf"
ctl 1 reload
expect_complaint "$T/conf: is no regular file"
end_pulse 300
expect_counter reload_refused -eq 5
mv "$T/conf.before" "$T/conf"
