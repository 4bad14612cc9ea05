#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: a black vote takes a source out of the table at once, a white one puts it in
. "$(dirname "$0")/pf.sh"

cat >"$T/conf" <<'EOF'
vote { listen = "fifo:/run/test/votes" }
EOF
start_pf -b -c "$T/conf"
knock "$S1"
knock "$S2"
expect_table "$S1" "$S2"
echo "black $S1" >"$T/votes"
expect_table "$S2"
knock "$S1"
settle
expect_table "$S2"
"$BUILD/mxallowctl" white "$S3" >/dev/null || fail "no white vote"
expect_table "$S2" "$S3"
"$BUILD/mxallowctl" forget "$S3" >/dev/null || fail "cannot forget"
expect_table "$S2"
"$BUILD/mxallowctl" flush all >/dev/null || fail "cannot flush"
expect_table
