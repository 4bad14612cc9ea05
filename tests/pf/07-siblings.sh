#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: the other addresses of the name of who knocked are in the table
. "$(dirname "$0")/pf.sh"

echo "$S1 mail.example.org
$S2 mail.example.org
$A1 mail.example.org" >>/etc/hosts
start_pf
knock "$S1"
expect_table "$S1" "$S2" 2001:db8:a::/64
expect_log "sibling src=$S2 of=$S1 name=mail.example.org"
