#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: while a million networks are read, swapped and freed, every packet is judged at once
#
#   [sender S1 S2]---veth---[gate: FAKE4 REAL4]
. "$(dirname "$0")/lib.sh"
. "$here/ctl.sh"
. "$here/overload.sh"
topology_pair
rules_raw
big_list 1000000
write_conf "list big { action = deny  file = \"$T/big\" }"
run_gate -c "$T/conf"
begin_pulse "$S1" "$FAKE4" 12
for _ in 1 2 3; do
	ctl 0 reload
done
echo "198.51.100.0/24 once more" >>"$T/big"
ctl 1 reload
expect_complaint "$T/big:1000001: .*more than one entry.*nothing changed"
sed -i '$d' "$T/big"
echo "$S2" >>"$T/big"
ctl 0 reload
end_pulse 250
expect silent from "$S2" to "$REAL4"
expect_log "src=$S2 .*reason=listed-deny"
expect_counter reload_done -eq 4
expect_counter reload_refused -eq 1
swap=$(counter reload_swap_us)
read=$(counter reload_read_us)
echo "read $read us, swap $swap us, $(cat "$T/pulse")"
[ "$swap" -lt 50000 ] || fail "the swap took $swap us"
[ "$read" -gt "$swap" ] || fail "reading took $read us only: this test showed nothing"
