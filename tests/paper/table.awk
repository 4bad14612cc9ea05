# SPDX-License-Identifier: GPL-2.0-or-later
# table.awk - makes the table of what `senders` says, a column for each configuration
#
# Lines begin with the letter of their column.

BEGIN {
	FS = "\t"
	columns = split("A B C D E", letter, " ")
}

$2 == "bots" {
	family = $3
	if (!(family in share))
		families[++family_count] = family
	share[family] = $4
	part = $6 / $5
	of[$1, family] = sprintf("%.0f", 100 * part)
	refused[$1] += $4 * part
}

$2 == "mail" {
	if (!($3 in addresses))
		senders[++sender_count] = $3
	addresses[$3] = $4
	delay[$1, $3] = $6 == "lost" ? "lost" : clock($6)
	lost[$1] += $6 == "lost"
}

$2 == "stream" {
	messages = $4
	delayed[$1] = $5
	longest[$1] = clock($6)
}

# ms -> h:mm:ss
function clock(ms,    s)
{
	s = int(ms / 1000)
	return sprintf("%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60)
}

function row(what, value,    i, line)
{
	line = sprintf("%-27s", what)
	for (i = 1; i <= columns; i++)
		line = line sprintf("%10s", value[i])
	print line
}

function row_of(what, table, key,    i, value)
{
	for (i = 1; i <= columns; i++)
		value[i] = key == "" ? table[letter[i]] : table[letter[i], key]
	row(what, value)
}

# Families in the order of their share.
function by_share(    i, j, x)
{
	for (i = 2; i <= family_count; i++)
		for (j = i; j > 1 && share[families[j]] > share[families[j - 1]]; j--) {
			x = families[j]
			families[j] = families[j - 1]
			families[j - 1] = x
		}
}

END {
	if (!family_count || !sender_count)
		exit 1
	by_share()
	row("", letter)
	for (i = 1; i <= columns; i++)
		sum[letter[i]] = sprintf("%.2f", refused[letter[i]])
	row_of("botnet spam refused, %", sum, "")
	for (i = 1; i <= family_count; i++) {
		name = families[i]
		sub(/_/, " ", name)
		row_of(sprintf("  %s (%s), %%", name, share[families[i]]), of, families[i])
	}
	row_of(sprintf("good senders lost, of %d", sender_count), lost, "")
	print "delay of their first message, h:mm:ss"
	for (i = 1; i <= sender_count; i++) {
		name = senders[i]
		what = addresses[name] > 1 ? sprintf("  %s (%d addresses)", name, addresses[name]) \
					   : "  " name
		row_of(what, delay, name)
	}
	printf "Exim with mail all day, and its memory for hosts that fail\n"
	row_of(sprintf("  delayed, of %d messages", messages), delayed, "")
	row_of("  longest delay", longest, "")
}
