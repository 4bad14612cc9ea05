#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: a damaged, foreign or newer state file is kept under another name, and mail is judged
# needs: sqlite3
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ctl.sh"
. "$(dirname "$0")/state.sh"
topology_pair
rules_input

# set_aside WHY: the daemon starts on what lies at $DB, and it lies elsewhere then
set_aside()
{
	sum=$(sha256sum <"$DB")
	start_gate
	expect_log "^(mxallowd: )?state: $DB .*it is now $DB\.$1-[0-9]{8}-[0-9]{6}, and an empty one"
	for file in "$DB.$1"-*[0-9]; do :; done
	[ "$(sha256sum <"$file")" = "$sum" ] || fail "$file is not what was there"
	expect silent from "$S1" to "$REAL4"
	expect refused from "$S1" to "$FAKE4"
	expect open from "$S1" to "$REAL4"
	stored
	expect_rows 1 "SELECT count(*) FROM entry"
	stop_gate
}

mkdir -p "$STATE"
head -c 20000 /dev/urandom >"$DB"
set_aside damaged
expect_rows 1 "PRAGMA user_version"

sql "PRAGMA user_version = 2; PRAGMA wal_checkpoint(TRUNCATE)" >/dev/null
set_aside newer

rm "$DB"
sqlite3 "$DB" "CREATE TABLE recipes (name); INSERT INTO recipes VALUES ('soup')"
set_aside foreign
[ "$(sqlite3 "$file" "SELECT name FROM recipes")" = soup ] || fail "the recipes are lost"

# The middle of the file: what is read at start must not be half of it.
start_gate
raw count 2000 spread 1 wait 0 10.7.0.1 "$FAKE4" >/dev/null
until_true 5 has_stored written 2000
stop_gate
cp "$DB" "$T/before"
dd if=/dev/urandom of="$DB" bs=4096 seek=5 count=10 conv=notrunc 2>/dev/null
rm -f "$DB".damaged-*
set_aside damaged

# Other prefixes make other sources: the rows are of no use, but may be once more.
sum=$(sha256sum <"$DB")
start_gate --prefix6 56
expect_log "holds sources of another prefix4 or prefix6; it is now $DB\.prefix-"
stop_gate
mv "$DB".prefix-*[0-9] "$DB"
start_gate
expect open from "$S1" to "$REAL4"
