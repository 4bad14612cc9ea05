#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# options.sh - fails when an option or a key is not documented, or with another default
#
# --print-config and --help are made from the option table, so they stand for it: every
# key has its paragraph in mxallowd.conf(5) and its line in etc/mxallowd.conf, every flag
# that has a letter, and every one that is no key, its paragraph in mxallowd(8).
. "$(dirname "$0")/common"
example=etc/mxallowd.conf

"$BUILD/mxallowd" --print-config -c "$example" >"$dir/printed" || exit 1
"$BUILD/mxallowd" --help >"$dir/help" || exit 1
sed 's/\\//g' man/mxallowd.conf.5 >"$dir/conf.5"
sed 's/\\//g' man/mxallowd.8 >"$dir/man.8"

keys=0
for key in $(sed -n -e 's/^\([a-z0-9-]*\) = .*/\1/p' \
		-e 's/^# \([a-z0-9-]*\) is not set$/\1/p' "$dir/printed"); do
	keys=$((keys + 1))
	grep -Eq "^\.It [A-Z][a-z] $key( |\$)" "$dir/conf.5" ||
		fail "man/mxallowd.conf.5 has no paragraph on $key"
	grep -Eq "^  .*--$key( |\$)" "$dir/help" || fail "--help has no line on $key"
	# a file that one build refuses is no example for both
	case $key in pflog-interface|pcap-filter|pf-table|pfctl) continue ;; esac
	grep -Eq "^(#|.* Example: )?$key = " "$example" || fail "$example has no line on $key"
done
[ "$keys" -ge 20 ] || fail "--print-config shows only $keys options"

for letter in $(sed -n 's/^  -\(.\), --.*/\1/p' "$dir/help"); do
	long=$(sed -n "s/^  -$letter, --\([a-z0-9-]*\).*/\1/p" "$dir/help")
	grep -Eq "^\.It Fl $letter , Fl -$long( |\$)" "$dir/man.8" ||
		fail "man/mxallowd.8 has no paragraph on -$letter, --$long"
done
for long in $(sed -n 's/^      --\([a-z0-9-]*\).*/\1/p' "$dir/help"); do
	grep -Eq "^($long = |# $long is not set)" "$dir/printed" || grep -Eq "^\.It Fl -$long( |\$)" "$dir/man.8" ||
		fail "man/mxallowd.8 has no paragraph on --$long"
done

# The keys of sections: one section of each kind shows them all.
cat >"$dir/sections.conf" <<'EOF'
real-mailserver = 192.0.2.4
queue-num = 23
queue default { start = attempt }
list shown { action = allow  entries = 192.0.2.1 }
vote { listen = "unix:/run/mxallowd/vote" }
EOF
"$BUILD/mxallowd" --print-config -c "$dir/sections.conf" >"$dir/sections" || exit 1
awk '/^[a-z]+ .*\{$/ && !/=/ { section = $1 }
	/^\t(# )?[a-z-]+ (=|is not set)/ { sub(/# /, ""); print section, $1 }' "$dir/sections" |
	sort -u >"$dir/keys"
awk '/^\.Ss Section / { section = $3 }
	/^\.Sh / { section = "" }
	section && /^\.It Cm / { print section, $3 }' "$dir/conf.5" | sort -u >"$dir/told"
diff "$dir/keys" "$dir/told" ||
	fail "the sections of man/mxallowd.conf.5 (>) are not those there are (<)"
keys=0
while read -r section key; do
	keys=$((keys + 1))
	awk -v section="$section" -v key="$key" '
		match($0, "^#  *" section " .*\\{") || match($0, "^#" section " .*\\{") { is_in = 1 }
		is_in && $0 ~ "[#{ \t]" key " = " { found = 1 }
		/^#.*}$/ { is_in = 0 }
		END { exit !found }' "$example" || fail "$example does not show $key of $section"
done <"$dir/keys"
[ "$keys" -ge 23 ] || fail "--print-config shows only $keys keys of sections"

# Nothing documented that does not exist.
for key in $(sed -n '/^\.Sh OPTIONS/,/^\.Sh SECTIONS/s/^\.It Cm \([a-z0-9-]*\).*/\1/p' "$dir/conf.5"); do
	grep -Eq "^($key = |# $key is not set)" "$dir/printed" || fail "man/mxallowd.conf.5 tells of $key, which is no key"
done

# Its commented lines show the defaults: without their # they change nothing.
sed -e 's/^#\([a-z0-9-]* = \)/\1/' -e 's/^#\([a-z][a-z]* .*{\)$/\1/' -e 's/^#}$/}/' \
	-e "s/^#\(	[a-z0-9-]* = \)/\1/" "$example" >"$dir/all.conf"
"$BUILD/mxallowd" --print-config -c "$dir/all.conf" >"$dir/all" 2>&1
diff "$dir/printed" "$dir/all" || fail "$example shows something else than the defaults"

exit "$bad"
