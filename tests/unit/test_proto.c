/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_proto.c - which lines are votes, signed lines, commands, pairs, and which are not
 */
#include <check.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "wire/proto.h"

#include "unit.h"

static bool read_vote(const char *line, struct proto_vote *v, char *error)
{
	return proto_read_vote(line, strlen(line), v, error);
}

static const struct {
	const char          *line;
	enum proto_vote_kind kind;
	const char          *who;
	const char          *text;
} votes[] = {
	{ "black 192.0.2.1", PROTO_BLACK, "192.0.2.1", "" },
	{ "black 192.0.2.1 spam", PROTO_BLACK, "192.0.2.1", "spam" },
	{ "  black \t 192.0.2.1   two words  \r", PROTO_BLACK, "192.0.2.1",
	  "two\\x20words" },
	{ "white 2001:db8::1 user@example.org", PROTO_WHITE, "2001:db8::1",
	  "user@example.org" },
	{ "white 2001:DB8:0:0::1", PROTO_WHITE, "2001:db8::1", "" },
	{ "black 192.0.2.1 a=b \"q\" \\ \xff%n", PROTO_BLACK, "192.0.2.1",
	  "a\\x3db\\x20\\x22q\\x22\\x20\\x5c\\x20\\xff%n" },
	{ "black 192.0.2.1 a\tb", PROTO_BLACK, "192.0.2.1", "a\\x09b" },
	{ "forget 192.0.2.1", PROTO_FORGET, "192.0.2.1", "" },
	{ "+192.0.2.1", PROTO_BLACK, "192.0.2.1", "" },
	{ "+2001:db8::1", PROTO_BLACK, "2001:db8::1", "" },
	{ " -192.0.2.1 ", PROTO_FORGET, "192.0.2.1", "" },
	{ "/", PROTO_FORGET_PENALTIES, "-", "" },
	{ "black 127.0.0.1", PROTO_BLACK, "127.0.0.1", "" },
	{ "black fe80::1", PROTO_BLACK, "fe80::1", "" },
};

START_TEST(a_vote_is_read)
{
	char text[ADDR_TEXT_MAX], error[PROTO_ERROR_MAX] = "";
	struct proto_vote v;

	ck_assert_msg(read_vote(votes[_i].line, &v, error), "%s: %s", votes[_i].line,
		      error);
	ck_assert_int_eq(v.kind, votes[_i].kind);
	ck_assert_str_eq(addr_format(&v.who, text), votes[_i].who);
	ck_assert_str_eq(v.text, votes[_i].text);
}
END_TEST

static const struct {
	const char *line;
	const char *why;
} no_votes[] = {
	{ "", "the line is empty" },
	{ " \t \r", "the line is empty" },
	{ "black", "an address is missing" },
	{ "+", "an address is missing" },
	{ "+ 192.0.2.1", "an address is missing" },
	{ "grey 192.0.2.1", "this is no vote: grey" },
	{ "Black 192.0.2.1", "this is no vote: Black" },
	{ "192.0.2.1", "this is no vote: 192.0.2.1" },
	{ "black192.0.2.1", "this is no vote: black192.0.2.1" },
	{ "black 192.0.2", "this is no address: 192.0.2" },
	{ "black 192.0.2.1/32", "this is no address: 192.0.2.1/32" },
	{ "black 192.0.2.01", "this is no address: 192.0.2.01" },
	{ "black 192.0.2.1,", "this is no address: 192.0.2.1," },
	{ "black fe80::1%eth0", "this is no address: fe80::1%eth0" },
	{ "black [2001:db8::1]", "this is no address: [2001:db8::1]" },
	{ "black mail.example.org", "this is no address: mail.example.org" },
	{ "+192.0.2.1+192.0.2.2", "this is no address: 192.0.2.1+192.0.2.2" },
	{ "+192.0.2.1/", "this is no address: 192.0.2.1/" },
	{ "black ::ffff:192.0.2.1", "no sender can have this address: ::ffff:192.0.2.1" },
	{ "black ::", "no sender can have this address: ::" },
	{ "+0.0.0.0", "no sender can have this address: 0.0.0.0" },
	{ "white 224.0.0.1", "no sender can have this address: 224.0.0.1" },
	{ "white ff02::1", "no sender can have this address: ff02::1" },
	{ "forget 192.0.2.1 now", "nothing may follow here, but there is: now" },
	{ "+192.0.2.1 spam", "nothing may follow here, but there is: spam" },
	{ "/ now", "nothing may follow here, but there is: now" },
	{ "/all", "nothing may follow a slash" },
	{ "black 192.0.2.1 a\x01", "a control byte in the line" },
	{ "black 192.0.2.1 a\x7f", "a control byte in the line" },
	{ "black 192.0.2.1 a\rb", "a control byte in the line" },
	{ "black 192.0.2.1\r\r", "a control byte in the line" },
	{ "black \x1b[31m", "a control byte in the line" },
	{ "bl\"ack=\\ 192.0.2.1", "this is no vote: bl\\x22ack\\x3d\\x5c" },
};

START_TEST(what_is_no_vote_is_refused_and_told_why)
{
	char error[PROTO_ERROR_MAX] = "";
	struct proto_vote v, untouched;

	memset(&v, 0x55, sizeof(v));
	memset(&untouched, 0x55, sizeof(untouched));
	ck_assert_msg(!read_vote(no_votes[_i].line, &v, error), "%s", no_votes[_i].line);
	ck_assert_str_eq(error, no_votes[_i].why);
	ck_assert(memcmp(&v, &untouched, sizeof(v)) == 0);
}
END_TEST

START_TEST(a_nul_anywhere_is_refused)
{
	static const char line[] = "black 192.0.2.1 text";
	char error[PROTO_ERROR_MAX], copy[sizeof(line)];
	struct proto_command c;
	struct proto_vote v;

	for (size_t i = 0; i < sizeof(line) - 1; i++) {
		memcpy(copy, line, sizeof(line));
		copy[i] = '\0';
		ck_assert(!proto_read_vote(copy, sizeof(line) - 1, &v, error));
		ck_assert_str_eq(error, "a control byte in the line");
		ck_assert(!proto_read_command(copy, sizeof(line) - 1, &c, error));
	}
}
END_TEST

START_TEST(a_line_of_511_bytes_is_read_and_one_more_is_not)
{
	char line[PROTO_LINE_MAX], error[PROTO_ERROR_MAX];
	struct proto_command c;
	struct proto_vote v;

	memset(line, 'x', sizeof(line));
	memcpy(line, "black 192.0.2.1 ", 16);
	ck_assert(proto_read_vote(line, 511, &v, error));
	ck_assert(proto_read_command(line, 511, &c, error));
	ck_assert(!proto_read_vote(line, 512, &v, error));
	ck_assert_str_eq(error, "the line is longer than 511 bytes");
	ck_assert(!proto_read_command(line, 512, &c, error));
}
END_TEST

START_TEST(long_text_is_cut_between_two_escapes)
{
	char line[PROTO_LINE_MAX], error[PROTO_ERROR_MAX];
	struct proto_vote v;

	memset(line, 0xe4, sizeof(line));
	memcpy(line, "black 192.0.2.1 ", 16);
	ck_assert(proto_read_vote(line, 511, &v, error));
	ck_assert_uint_eq(strlen(v.text), (PROTO_TEXT_MAX - 1) / 4 * 4);
	ck_assert_str_eq(v.text + strlen(v.text) - 4, "\\xe4");
}
END_TEST

#define MAC "00112233445566778899aabbccddeeffFFEEDDCCBBAA99887766554433221100"

START_TEST(a_signed_line_is_number_mac_and_each_byte_behind)
{
	static const char line[] = "18446744073709551615 " MAC "  black  x \r";
	char error[PROTO_ERROR_MAX];
	struct proto_signed s;

	ck_assert(proto_read_signed(line, sizeof(line) - 1, &s, error));
	ck_assert_uint_eq(s.seq, UINT64_MAX);
	ck_assert_uint_eq(s.mac[1], 0x11);
	ck_assert_uint_eq(s.mac[15], 0xff);
	ck_assert_uint_eq(s.mac[16], 0xff);
	ck_assert_uint_eq(s.mac[17], 0xee);
	ck_assert_uint_eq(s.len, strlen(" black  x "));
	ck_assert(memcmp(s.line, " black  x ", s.len) == 0);
	ck_assert(proto_read_signed("1 " MAC " ", 67, &s, error));
	ck_assert_uint_eq(s.len, 0);
}
END_TEST

static const char *const unsigned_lines[] = {
	"",
	" ",
	"black 192.0.2.1",
	"0 " MAC " x",
	"01 " MAC " x",
	"-1 " MAC " x",
	"+1 " MAC " x",
	"0x1 " MAC " x",
	" 1 " MAC " x",
	"1  " MAC " x",
	"1\t" MAC " x",
	"18446744073709551616 " MAC " x",
	"1000000000000000000000 " MAC " x",
	"1 " MAC,
	"1 " MAC "0 x",
	"1 " MAC "\tx",
	"1 0011 x",
	"1 g0112233445566778899aabbccddeeff00112233445566778899aabbccddeeff x",
};

START_TEST(what_is_not_signed_is_refused)
{
	char error[PROTO_ERROR_MAX] = "";
	struct proto_signed s;
	const char *line = unsigned_lines[_i];

	ck_assert_msg(!proto_read_signed(line, strlen(line), &s, error), "%s", line);
	ck_assert_uint_gt(strlen(error), 0);
}
END_TEST

START_TEST(the_longest_signed_line_fits_and_one_more_byte_does_not)
{
	char line[PROTO_SIGNED_MAX + 1], error[PROTO_ERROR_MAX];
	struct proto_signed s;

	memset(line, 'x', sizeof(line));
	memcpy(line, "18446744073709551615 " MAC " ", 86);
	ck_assert(proto_read_signed(line, PROTO_SIGNED_MAX - 1, &s, error));
	ck_assert_uint_eq(s.len, PROTO_LINE_MAX - 1);
	ck_assert(!proto_read_signed(line, PROTO_SIGNED_MAX, &s, error));
	ck_assert_str_eq(error, "the line is longer than 511 bytes");
}
END_TEST

#define HOURS INT64_C(3600000000)

static const struct {
	const char             *line;
	enum proto_command_kind kind;
	enum proto_which        which;
} commands[] = {
	{ "status", PROTO_STATUS, PROTO_ALL },
	{ " status \r", PROTO_STATUS, PROTO_ALL },
	{ "list", PROTO_LIST, PROTO_ALL },
	{ "list all", PROTO_LIST, PROTO_ALL },
	{ "list  open", PROTO_LIST, PROTO_OPEN },
	{ "list pausing", PROTO_LIST, PROTO_PAUSING },
	{ "list penalty", PROTO_LIST, PROTO_PENALTY },
	{ "flush penalties", PROTO_FLUSH, PROTO_PENALTY },
	{ "flush all", PROTO_FLUSH, PROTO_ALL },
	{ "watch", PROTO_WATCH, PROTO_ALL },
	{ "stats", PROTO_STATS, PROTO_ALL },
	{ "report", PROTO_REPORT, PROTO_ALL },
	{ "reload", PROTO_RELOAD, PROTO_ALL },
	{ "rules", PROTO_RULES, PROTO_ALL },
	{ "rules iptables", PROTO_RULES, PROTO_IPTABLES },
	{ "rules nft", PROTO_RULES, PROTO_NFT },
	{ "export", PROTO_EXPORT, PROTO_ALL },
	{ "import", PROTO_IMPORT, PROTO_ALL },
};

START_TEST(a_command_is_read)
{
	char error[PROTO_ERROR_MAX] = "";
	struct proto_command c;
	const char *line = commands[_i].line;

	ck_assert_msg(proto_read_command(line, strlen(line), &c, error), "%s: %s", line,
		      error);
	ck_assert_int_eq(c.kind, commands[_i].kind);
	ck_assert_int_eq(c.which, commands[_i].which);
}
END_TEST

static const struct {
	const char          *line;
	enum proto_vote_kind kind;
	int64_t              for_us;
	const char          *text;
} words[] = {
	{ "black 2001:db8::1", PROTO_BLACK, 0, "" },
	{ "black 2001:db8::1 for 12h", PROTO_BLACK, 12 * HOURS, "" },
	{ "white 2001:db8::1 for 36d a friend", PROTO_WHITE, 36 * 24 * HOURS,
	  "a\\x20friend" },
	{ "white 2001:db8::1 a friend for 1h", PROTO_WHITE, 0,
	  "a\\x20friend\\x20for\\x201h" },
	{ "black 2001:db8::1 forever", PROTO_BLACK, 0, "forever" },
	{ "black 2001:db8::1 for 1s", PROTO_BLACK, 1000000, "" },
	{ "forget 2001:db8::1", PROTO_FORGET, 0, "" },
	{ "forget 2001:db8::1 my mistake", PROTO_FORGET, 0, "my\\x20mistake" },
};

START_TEST(an_operators_word_may_last_for_a_time_of_its_own)
{
	char error[PROTO_ERROR_MAX] = "", text[ADDR_TEXT_MAX];
	struct proto_command c;
	const char *line = words[_i].line;

	ck_assert_msg(proto_read_command(line, strlen(line), &c, error), "%s: %s", line,
		      error);
	ck_assert_int_eq(c.kind, PROTO_VOTE);
	ck_assert_int_eq(c.vote.kind, words[_i].kind);
	ck_assert_str_eq(addr_format(&c.vote.who, text), "2001:db8::1");
	ck_assert_int_eq(c.for_us, words[_i].for_us);
	ck_assert_str_eq(c.vote.text, words[_i].text);
}
END_TEST

START_TEST(why_wants_an_address)
{
	char error[PROTO_ERROR_MAX], text[ADDR_TEXT_MAX];
	struct proto_command c;

	ck_assert(proto_read_command("why 192.0.2.1", 13, &c, error));
	ck_assert_int_eq(c.kind, PROTO_WHY);
	ck_assert_str_eq(addr_format(&c.vote.who, text), "192.0.2.1");
}
END_TEST

static const struct {
	const char *line;
	const char *why;
} no_commands[] = {
	{ "", "the line is empty" },
	{ "dance", "this is no command: dance" },
	{ "STATUS", "this is no command: STATUS" },
	{ "statusx", "this is no command: statusx" },
	{ "+192.0.2.1", "this is no command: +192.0.2.1" },
	{ "/", "this is no command: /" },
	{ "end", "this is no command: end" },
	{ "status now", "the command does not know this word: now" },
	{ "list everything", "the command does not know this word: everything" },
	{ "list open all", "nothing may follow here, but there is: all" },
	{ "flush", "a word is missing behind: flush" },
	{ "flush everything", "the command does not know this word: everything" },
	{ "rules pf", "the command does not know this word: pf" },
	{ "why", "an address is missing" },
	{ "why 192.0.2.1 really", "nothing may follow here, but there is: really" },
	{ "why mail.example.org", "this is no address: mail.example.org" },
	{ "black", "an address is missing" },
	{ "black ::ffff:192.0.2.1", "no sender can have this address: ::ffff:192.0.2.1" },
	{ "black 192.0.2.1 for", "`for` wants a span of time like 12h, not: " },
	{ "black 192.0.2.1 for spam", "`for` wants a span of time like 12h, not: spam" },
	{ "black 192.0.2.1 for 12hh", "`for` wants a span of time like 12h, not: 12hh" },
	{ "black 192.0.2.1 for 0", "`for` wants a span of at least 1s" },
	{ "black 192.0.2.1 for 999ms", "`for` wants a span of at least 1s" },
	{ "white 192.0.2.1 for 3257813d", "`for` wants a span of at most 3650d" },
	{ "forget 192.0.2.1 for 1h", "forgetting is for good: no `for` here" },
	{ "watch \x01", "a control byte in the line" },
};

START_TEST(what_is_no_command_is_refused_and_told_why)
{
	char error[PROTO_ERROR_MAX] = "";
	struct proto_command c;
	const char *line = no_commands[_i].line;

	ck_assert_msg(!proto_read_command(line, strlen(line), &c, error), "%s", line);
	ck_assert_str_eq(error, no_commands[_i].why);
}
END_TEST

START_TEST(a_message_never_outgrows_its_room)
{
	char line[PROTO_LINE_MAX], error[PROTO_ERROR_MAX + 1];
	struct proto_command c;

	memset(line, 0xff, sizeof(line));
	memset(error, '!', sizeof(error));
	ck_assert(!proto_read_command(line, sizeof(line) - 1, &c, error));
	ck_assert_int_eq(error[PROTO_ERROR_MAX], '!');
	ck_assert_uint_lt(strlen(error), PROTO_ERROR_MAX);
}
END_TEST

START_TEST(pairs_of_a_row_come_in_order)
{
	const char *row =
		"state=open src=2001:db8::1  text=a\\x20b empty= used-for=4h.1_x";
	static const char *const want[][2] = {
		{ "state", "open" }, { "src", "2001:db8::1" }, { "text", "a\\x20b" },
		{ "empty", "" },     { "used-for", "4h.1_x" },
	};
	struct proto_pair p;

	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		ck_assert(proto_next_pair(&row, &p));
		ck_assert_uint_eq(p.key_len, strlen(want[i][0]));
		ck_assert(memcmp(p.key, want[i][0], p.key_len) == 0);
		ck_assert_uint_eq(p.value_len, strlen(want[i][1]));
		ck_assert(memcmp(p.value, want[i][1], p.value_len) == 0);
	}
	ck_assert(!proto_next_pair(&row, &p));
	ck_assert_str_eq(row, "");
}
END_TEST

static const char *const no_pairs[] = {
	"",      "   ",         "word",   "=value",        "two words=1",
	"a=b=c", "a=\"quoted\"", "a=b\tc=d", "k\xe4y=1",   "a=\x80",
	"a =b",
};

START_TEST(what_is_no_pair_stays_where_it_is)
{
	const char *row = no_pairs[_i], *before = row;
	struct proto_pair p;

	ck_assert_msg(!proto_next_pair(&row, &p), "%s", before);
	ck_assert_ptr_eq(row, before);
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

static void add_tests(TCase *t)
{
	tcase_add_loop_test(t, a_vote_is_read, 0, COUNT(votes));
	tcase_add_loop_test(t, what_is_no_vote_is_refused_and_told_why, 0,
			    COUNT(no_votes));
	tcase_add_test(t, a_nul_anywhere_is_refused);
	tcase_add_test(t, a_line_of_511_bytes_is_read_and_one_more_is_not);
	tcase_add_test(t, long_text_is_cut_between_two_escapes);
	tcase_add_test(t, a_signed_line_is_number_mac_and_each_byte_behind);
	tcase_add_loop_test(t, what_is_not_signed_is_refused, 0, COUNT(unsigned_lines));
	tcase_add_test(t, the_longest_signed_line_fits_and_one_more_byte_does_not);
	tcase_add_loop_test(t, a_command_is_read, 0, COUNT(commands));
	tcase_add_loop_test(t, an_operators_word_may_last_for_a_time_of_its_own,
			    0, COUNT(words));
	tcase_add_test(t, why_wants_an_address);
	tcase_add_loop_test(t, what_is_no_command_is_refused_and_told_why,
			    0, COUNT(no_commands));
	tcase_add_test(t, a_message_never_outgrows_its_room);
	tcase_add_test(t, pairs_of_a_row_come_in_order);
	tcase_add_loop_test(t, what_is_no_pair_stays_where_it_is, 0, COUNT(no_pairs));
}

int main(void)
{
	return unit_main("proto", add_tests);
}
