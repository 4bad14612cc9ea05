/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_ballot.c - votes by unix sockets, over real ones
 */
#include "ballot_case.h"
#include "unit.h"

START_TEST(a_vote_is_handed_on_and_answered)
{
	struct counter *t = start(BALLOT_UNIX);
	int fd = connect_to(t->c.path);
	char from[32];

	ask(&t->c, fd, "black 192.0.2.1 viagra = yes\n", "ok\n");
	expect_last(t, PROTO_BLACK, "192.0.2.1");
	ck_assert_str_eq(t->last.text, "viagra\\x20\\x3d\\x20yes");
	snprintf(from, sizeof(from), "uid:%u", (unsigned)getuid());
	ck_assert_str_eq(t->from, from);
	ask(&t->c, fd, "+2001:db8::1\r\n-192.0.2.2\n/\n", "ok\nok\nok\n");
	expect_last(t, PROTO_FORGET_PENALTIES, "-");
	ck_assert_uint_eq(ballot_count(t->ballot).votes, 4);
	close(fd);
	end(t);
}
END_TEST

START_TEST(why_a_vote_is_not_wanted_is_told_to_the_voter)
{
	struct counter *t = start(BALLOT_UNIX);
	int fd = connect_to(t->c.path);

	t->answer = "listed, votes do not count";
	ask(&t->c, fd, "black 192.0.2.1\n", "error: listed, votes do not count\n");
	ballot_set_handler(t->ballot, NULL, NULL);
	ask(&t->c, fd, "black 192.0.2.1\n", "error: not ready yet\n");
	close(fd);
	end(t);
}
END_TEST

START_TEST(a_bad_line_ends_nothing_but_itself)
{
	struct counter *t = start(BALLOT_UNIX);
	int fd = connect_to(t->c.path);
	char line[2000];

	ask(&t->c, fd, "nonsense\n", "error: this is no vote: nonsense\n");
	ask(&t->c, fd, "\n", "error: the line is empty\n");
	say_bytes(fd, "black 192.0.2.1\0\n", 17);
	ask(&t->c, fd, "", "error: a control byte in the line\n");
	memset(line, '+', sizeof(line));
	line[sizeof(line) - 1] = '\n';
	say_bytes(fd, line, sizeof(line));
	ask(&t->c, fd, "", "error: the line is longer than 511 bytes\n");
	ask(&t->c, fd, "white 192.0.2.1\n", "ok\n");
	ck_assert_uint_eq(ballot_count(t->ballot).bad, 4);
	ck_assert_uint_eq(t->votes, 1);
	close(fd);
	end(t);
}
END_TEST

START_TEST(ten_bad_lines_in_a_row_end_the_connection)
{
	struct counter *t = start(BALLOT_UNIX);
	int fd = connect_to(t->c.path);

	for (unsigned i = 0; i < BALLOT_BAD_LINES - 1; i++)
		ask(&t->c, fd, "x\n", "error: this is no vote: x\n");
	ask(&t->c, fd, "+192.0.2.1\n", "ok\n"); /* begins the count anew */
	for (unsigned i = 0; i < BALLOT_BAD_LINES - 1; i++)
		ask(&t->c, fd, "x\n", "error: this is no vote: x\n");
	say(fd, "x\n+192.0.2.2\n");
	hear_the_end(&t->c, fd);
	ck_assert_str_eq(t->c.text, "error: this is no vote: x\n");
	expect_last(t, PROTO_BLACK, "192.0.2.1");
	close(fd);
	end(t);
}
END_TEST

START_TEST(ten_thousand_votes_on_one_connection_all_count)
{
	struct counter *t = start(BALLOT_UNIX);
	int fd = connect_to(t->c.path);
	unsigned sent = 0, heard = 0;

	for (unsigned i = 0; i < CASE_TURNS && heard < 10000; i++) {
		char line[64];
		int len;

		for (unsigned k = 0; k < 50 && sent < 10000; k++) {
			len = snprintf(line, sizeof(line), "black 203.0.%u.%u spam\n",
				       sent / 250, sent % 250);
			if (write(fd, line, (size_t)len) != len)
				break;
			sent++;
		}
		case_turns(&t->c, 1);
		ck_assert(take(&t->c, fd));
		while (t->c.len >= 3 && memcmp(t->c.text, "ok\n", 3) == 0) {
			t->c.len -= 3;
			memmove(t->c.text, t->c.text + 3, t->c.len);
			heard++;
		}
	}
	ck_assert_uint_eq(heard, 10000);
	ck_assert_uint_eq(t->votes, 10000);
	expect_last(t, PROTO_BLACK, "203.0.39.249");
	close(fd);
	end(t);
}
END_TEST

START_TEST(one_turn_takes_no_more_than_its_share_of_a_flood)
{
	struct counter *t = start(BALLOT_UNIX);
	int fd[8];

	for (unsigned i = 0; i < 8; i++) {
		fd[i] = connect_to(t->c.path);
		stuff(fd[i], "+192.0.2.1\n");
	}
	for (unsigned i = 0; i < 50; i++) {
		unsigned before = t->votes;

		case_turns(&t->c, 1);
		ck_assert_uint_le(t->votes - before,
				  BALLOT_READS_A_TURN * LINES_READ_BYTES /
					  strlen("+192.0.2.1\n") + 8);
	}
	ck_assert_uint_gt(t->votes, 1000);
	/* and everybody has had a turn */
	for (unsigned i = 0; i < 8; i++)
		ck_assert_int_gt(read(fd[i], t->c.text, CASE_TEXT), 0);
	for (unsigned i = 0; i < 8; i++)
		close(fd[i]);
	end(t);
}
END_TEST

START_TEST(who_never_reads_its_answers_waits_and_is_closed_after_a_minute)
{
	struct counter *t = start(BALLOT_UNIX);
	int fd = connect_to(t->c.path);
	struct voter *v;
	uint64_t now;

	for (unsigned i = 0; i < 20000; i++) {
		(void)stuff(fd, "white 192.0.2.1\n");
		case_turns(&t->c, 1);
	}
	v = t->ballot->box[0]->voters[0];
	ck_assert_ptr_nonnull(v);
	ck_assert_uint_le(v->stream.out_len, v->stream.out_size);
	ck_assert_uint_gt(v->stream.out_len, 0);
	now = v->stream.progress_ms;
	ballot_look_after(t->ballot, now + BALLOT_PATIENCE_MS - 1);
	ck_assert_ptr_nonnull(t->ballot->box[0]->voters[0]);
	ballot_look_after(t->ballot, now + BALLOT_PATIENCE_MS);
	ck_assert_ptr_null(t->ballot->box[0]->voters[0]);
	close(fd);
	end(t);
}
END_TEST

START_TEST(votes_of_who_closes_without_reading_count_all_the_same)
{
	struct counter *t = start(BALLOT_UNIX);
	int fd = connect_to(t->c.path);
	char votes[499 * 11];

	say(fd, "+192.0.2.1\n");
	case_turns(&t->c, 3); /* an answer waits there unread */
	for (unsigned i = 0; i < 499; i++)
		memcpy(votes + 11 * i, "+192.0.2.1\n", 11);
	say_bytes(fd, votes, sizeof(votes));
	say(fd, "+192.0.2.9"); /* without newline: no vote */
	close(fd);
	case_turns(&t->c, 100);
	ck_assert_uint_eq(t->votes, 500);
	ck_assert_ptr_null(t->ballot->box[0]->voters[0]);
	end(t);
}
END_TEST

START_TEST(beyond_its_quota_a_peer_is_refused_on_every_connection)
{
	struct counter *t = start(BALLOT_UNIX);
	int fd = connect_to(t->c.path), other = connect_to(t->c.path);
	struct peer *peer;

	ask(&t->c, fd, "+192.0.2.1\n", "ok\n");
	peer = t->ballot->box[0]->voters[0]->peer;
	peer->left = 1000;
	peer->seen_ms = UINT64_MAX / 2; /* no refill while the test runs */
	ask(&t->c, fd, "+192.0.2.1\n", "ok\n");
	ask(&t->c, other, "+192.0.2.1\n",
	    "error: too many votes, come back in a second\n");
	ck_assert_uint_eq(ballot_count(t->ballot).over, 1);
	ck_assert_uint_eq(t->votes, 2);
	close(fd);
	close(other);
	end(t);
}
END_TEST

START_TEST(forgetting_all_penalties_is_dear)
{
	struct counter *t = start(BALLOT_UNIX);
	int fd = connect_to(t->c.path);
	unsigned said = 2 * BALLOT_PER_SECOND / BALLOT_FLUSH_PRICE + 200;

	for (unsigned i = 0; i < said; i++)
		say(fd, "/\n");
	case_turns(&t->c, 50);
	ck_assert_uint_lt(t->votes, said);
	ck_assert_uint_gt(ballot_count(t->ballot).over, 0);
	close(fd);
	end(t);
}
END_TEST

START_TEST(a_newcomer_gets_the_place_of_who_is_quiet_or_is_refused)
{
	struct counter *t = start(BALLOT_UNIX);
	int fd[BALLOT_CLIENTS_MAX], late;

	for (unsigned i = 0; i < BALLOT_CLIENTS_MAX; i++) {
		fd[i] = connect_to(t->c.path);
		case_turns(&t->c, 1);
	}
	late = connect_to(t->c.path);
	hear_the_end(&t->c, late);
	ck_assert_str_eq(t->c.text, "error: too many clients at one time\n");
	close(late);
	t->ballot->box[0]->voters[7]->line_ms = 0;
	t->c.loop.time += BALLOT_QUIET_MS;
	late = connect_to(t->c.path);
	ask(&t->c, late, "+192.0.2.1\n", "ok\n");
	ck_assert_uint_eq(ballot_count(t->ballot).refused, 2);
	close(late);
	for (unsigned i = 0; i < BALLOT_CLIENTS_MAX; i++)
		close(fd[i]);
	end(t);
}
END_TEST

START_TEST(clients_beyond_the_descriptors_are_turned_away_without_spinning)
{
	struct counter *t = start(BALLOT_UNIX);
	int fd = connect_to(t->c.path), other = connect_to(t->c.path);
	rlim_t before = leave_no_descriptor();

	hear_the_end(&t->c, fd);
	hear_the_end(&t->c, other);
	ck_assert_uint_eq(ballot_count(t->ballot).no_files, 2);
	ck_assert(!has_work(&t->c));
	allow_descriptors(before);
	close(fd);
	fd = connect_to(t->c.path);
	ask(&t->c, fd, "+192.0.2.1\n", "ok\n");
	close(fd);
	close(other);
	end(t);
}
END_TEST

START_TEST(mode_and_group_are_as_configured_whatever_the_umask)
{
	static const enum ballot_kind kinds[] = { BALLOT_UNIX, BALLOT_FIFO };
	struct counter *t = prepare();
	struct ballot_conf conf = box_at(t, kinds[_i]);
	struct stat st;

	umask(077);
	conf.mode = 0662;
	conf.group = getgid() == 0 ? 12 : getgid();
	ck_assert_int_eq(open_one(t, &conf), 0);
	ck_assert_uint_eq(mode_of(t->c.path), 0662);
	ck_assert_int_eq(lstat(t->c.path, &st), 0);
	ck_assert_uint_eq(st.st_gid, conf.group);
	ck_assert_uint_eq(umask(077), 077);
	end(t);
}
END_TEST

/* Only root can give anything away. */
START_TEST(boxes_are_given_to_whom_we_become)
{
	static const enum ballot_kind kinds[] = { BALLOT_UNIX, BALLOT_FIFO };
	struct counter *t = prepare();
	struct ballot_conf conf = box_at(t, kinds[_i]);
	struct stat st;

	conf.owner = getuid() == 0 ? 65534 : getuid();
	ck_assert_int_eq(open_one(t, &conf), 0);
	ck_assert_int_eq(lstat(t->c.path, &st), 0);
	ck_assert_uint_eq(st.st_uid, conf.owner);
	end(t);
}
END_TEST

START_TEST(all_boxes_are_opened_or_none)
{
	struct counter *t = prepare();
	struct ballot_conf conf[3] = { box_at(t, BALLOT_UNIX), box_at(t, BALLOT_FIFO),
				       box_at(t, BALLOT_TCP) };
	unsigned which;

	snprintf(conf[1].path, sizeof(conf[1].path), "%s-fifo", t->c.path);
	conf[2].key_bytes = 0; /* no key, no socket */
	ck_assert(addr_parse("127.0.0.1", &conf[2].addr));
	ck_assert_int_eq(ballot_open(&t->ballot, &t->c.loop, conf, 3, &which), -EINVAL);
	ck_assert_uint_eq(which, 2);
	ck_assert_int_lt(access(conf[0].path, F_OK), 0);
	ck_assert_int_lt(access(conf[1].path, F_OK), 0);
	ck_assert_int_eq(ballot_open(&t->ballot, &t->c.loop, conf, 2, &which), 0);
	ck_assert_int_eq(access(conf[1].path, F_OK), 0);
	end(t);
}
END_TEST

START_TEST(anything_else_at_the_path_is_left_alone)
{
	struct counter *t = prepare();
	struct ballot_conf conf[2] = { box_at(t, BALLOT_UNIX), box_at(t, BALLOT_FIFO) };
	int fd = open(t->c.path, O_WRONLY | O_CREAT | O_EXCL, 0600);

	ck_assert_int_ge(fd, 0);
	close(fd);
	for (unsigned i = 0; i < 2; i++)
		ck_assert_int_eq(open_one(t, &conf[i]), -EEXIST);
	ck_assert_int_eq(unlink(t->c.path), 0);
	ck_assert_int_eq(symlink("/dev/zero", t->c.path), 0);
	for (unsigned i = 0; i < 2; i++)
		ck_assert_int_eq(open_one(t, &conf[i]), -EEXIST);
	ck_assert_int_eq(unlink(t->c.path), 0);
	ck_assert_int_eq(mkfifo(t->c.path, 0600), 0);
	ck_assert_int_eq(open_one(t, &conf[0]), -EEXIST);
	ck_assert_int_eq(unlink(t->c.path), 0);
	end(t);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_set_timeout(t, 60);
	tcase_add_test(t, a_vote_is_handed_on_and_answered);
	tcase_add_test(t, why_a_vote_is_not_wanted_is_told_to_the_voter);
	tcase_add_test(t, a_bad_line_ends_nothing_but_itself);
	tcase_add_test(t, ten_bad_lines_in_a_row_end_the_connection);
	tcase_add_test(t, ten_thousand_votes_on_one_connection_all_count);
	tcase_add_test(t, one_turn_takes_no_more_than_its_share_of_a_flood);
	tcase_add_test(t, who_never_reads_its_answers_waits_and_is_closed_after_a_minute);
	tcase_add_test(t, votes_of_who_closes_without_reading_count_all_the_same);
	tcase_add_test(t, beyond_its_quota_a_peer_is_refused_on_every_connection);
	tcase_add_test(t, forgetting_all_penalties_is_dear);
	tcase_add_test(t, a_newcomer_gets_the_place_of_who_is_quiet_or_is_refused);
	tcase_add_test(t,
		       clients_beyond_the_descriptors_are_turned_away_without_spinning);
	tcase_add_loop_test(t, mode_and_group_are_as_configured_whatever_the_umask, 0, 2);
	tcase_add_loop_test(t, boxes_are_given_to_whom_we_become, 0, 2);
	tcase_add_test(t, all_boxes_are_opened_or_none);
	tcase_add_test(t, anything_else_at_the_path_is_left_alone);
}

int main(void)
{
	return unit_main("ballot", add_tests);
}
