/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_ballot_change.c - other boxes while voters talk: who stays, and all or nothing
 */
#include <netinet/in.h>

#include "ballot_case.h"
#include "unit.h"

static struct ballot_conf box_beside(const struct counter *t, enum ballot_kind kind,
				     const char *name)
{
	struct ballot_conf conf = box_at(t, kind);

	snprintf(conf.path, sizeof(conf.path), "%s/%s", t->c.folder, name);
	return conf;
}

static int change(struct counter *t, const struct ballot_conf *conf, unsigned count)
{
	unsigned which = 99;
	int err = ballot_change(t->ballot, conf, count, &which);

	if (err == 0)
		ballot_set_handler(t->ballot, count_vote, t);
	case_turns(&t->c, 3);
	return err;
}

static bool is_socket(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISSOCK(st.st_mode);
}

START_TEST(what_did_not_change_keeps_its_clients)
{
	struct counter *t = start(BALLOT_UNIX);
	struct ballot_conf conf[2] = { box_beside(t, BALLOT_FIFO, "new"),
				       box_at(t, BALLOT_UNIX) };
	int fd = connect_to(t->c.path);

	ask(&t->c, fd, "+192.0.2.1\n", "ok\n");
	ck_assert_int_eq(change(t, conf, 2), 0);
	ask(&t->c, fd, "+192.0.2.2\n", "ok\n");
	ck_assert_uint_eq(mode_of(conf[0].path), 0660);
	ck_assert_int_eq(change(t, &conf[1], 1), 0);
	ck_assert_int_lt(access(conf[0].path, F_OK), 0);
	ask(&t->c, fd, "+192.0.2.3\n", "ok\n");
	ck_assert_uint_eq(ballot_count(t->ballot).clients, 1);
	ck_assert_int_eq(change(t, NULL, 0), 0);
	hear_the_end(&t->c, fd);
	ck_assert_int_lt(access(t->c.path, F_OK), 0);
	close(fd);
	end(t);
}
END_TEST

START_TEST(another_mode_or_group_keeps_the_clients_too)
{
	static const enum ballot_kind kinds[] = { BALLOT_UNIX, BALLOT_FIFO };
	struct counter *t = start(kinds[_i]);
	struct ballot_conf conf = box_at(t, kinds[_i]);
	struct stat before, after;
	int fd = _i == 0 ? connect_to(t->c.path) : open(t->c.path, O_WRONLY | O_NONBLOCK);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(lstat(t->c.path, &before), 0);
	conf.mode = 0600;
	conf.group = getgid() == 0 ? 12 : getgid();
	ck_assert_int_eq(change(t, &conf, 1), 0);
	ck_assert_uint_eq(mode_of(t->c.path), 0600);
	ck_assert_int_eq(lstat(t->c.path, &after), 0);
	ck_assert_uint_eq(after.st_gid, conf.group);
	ck_assert_uint_eq(after.st_ino, before.st_ino);
	say(fd, "+192.0.2.1\n");
	case_turns(&t->c, 5);
	expect_last(t, PROTO_BLACK, "192.0.2.1");
	conf.group = (gid_t)-1;
	ck_assert_int_eq(change(t, &conf, 1), 0);
	ck_assert_int_eq(lstat(t->c.path, &after), 0);
	ck_assert_uint_eq(after.st_gid, getegid());
	close(fd);
	end(t);
}
END_TEST

/* The third will not open: the first's new mode, and the second, are taken back. */
START_TEST(all_is_taken_over_or_nothing)
{
	struct counter *t = start(BALLOT_UNIX);
	struct ballot_conf conf[3] = { box_at(t, BALLOT_UNIX),
				       box_beside(t, BALLOT_UNIX, "second"),
				       box_beside(t, BALLOT_UNIX, "no/folder") };
	int fd = connect_to(t->c.path);
	unsigned which, before = count_descriptors();

	case_turns(&t->c, 3);
	before = count_descriptors();
	conf[0].mode = 0600;
	ck_assert_int_eq(ballot_change(t->ballot, conf, 3, &which), -ENOENT);
	ck_assert_uint_eq(which, 2);
	case_turns(&t->c, 3);
	ck_assert_uint_eq(mode_of(t->c.path), 0660);
	ck_assert_int_lt(access(conf[1].path, F_OK), 0);
	ck_assert_uint_eq(count_descriptors(), before);
	ask(&t->c, fd, "+192.0.2.1\n", "ok\n");
	close(fd);
	end(t);
}
END_TEST

START_TEST(another_kind_at_the_same_place_replaces_or_leaves_it)
{
	struct counter *t = start(BALLOT_UNIX);
	struct ballot_conf conf[2] = { box_at(t, BALLOT_FIFO),
				       box_beside(t, BALLOT_UNIX, "no/folder") };
	int fd = connect_to(t->c.path);

	ck_assert_int_eq(change(t, conf, 2), -ENOENT);
	ck_assert(is_socket(t->c.path));
	ask(&t->c, fd, "+192.0.2.1\n", "ok\n");
	close(fd);
	fd = connect_to(t->c.path); /* and newcomers find it */
	ask(&t->c, fd, "+192.0.2.1\n", "ok\n");
	ck_assert_int_eq(change(t, conf, 1), 0);
	ck_assert(!is_socket(t->c.path));
	hear_the_end(&t->c, fd);
	close(fd);
	fd = open(t->c.path, O_WRONLY | O_NONBLOCK);
	say(fd, "+192.0.2.2\n");
	case_turns(&t->c, 5);
	expect_last(t, PROTO_BLACK, "192.0.2.2");
	close(fd);
	end(t); /* which finds the folder empty */
}
END_TEST

START_TEST(what_somebody_took_away_comes_back)
{
	static const enum ballot_kind kinds[] = { BALLOT_UNIX, BALLOT_FIFO };
	struct counter *t = start(kinds[_i]);
	struct ballot_conf conf = box_at(t, kinds[_i]);

	ck_assert_int_eq(unlink(t->c.path), 0);
	ck_assert_int_eq(change(t, &conf, 1), 0);
	ck_assert_int_eq(access(t->c.path, F_OK), 0);
	ck_assert_int_eq(unlink(t->c.path), 0);
	ck_assert_int_eq(mkdir(t->c.path, 0700), 0);
	ck_assert_int_eq(change(t, &conf, 1), -EEXIST);
	ck_assert_int_eq(rmdir(t->c.path), 0);
	end(t);
}
END_TEST

START_TEST(another_spelling_of_the_path_is_the_same_place)
{
	struct counter *t = start(BALLOT_UNIX);
	struct ballot_conf conf = box_beside(t, BALLOT_UNIX, "./it");
	int fd = connect_to(t->c.path);

	ck_assert_int_eq(change(t, &conf, 1), 0);
	ask(&t->c, fd, "+192.0.2.1\n", "ok\n");
	close(fd);
	end(t);
}
END_TEST

START_TEST(another_key_counts_from_the_next_line_on)
{
	struct counter *t = prepare();
	struct ballot_conf conf = { .kind = BALLOT_TCP, .key_bytes = BALLOT_KEY_MIN };
	struct sockaddr_in at;
	socklen_t size = sizeof(at);
	int fd;

	ck_assert(addr_parse("127.0.0.1", &conf.addr));
	ck_assert_int_eq(open_one(t, &conf), 0);
	fd = t->ballot->box[0]->listener.fd;
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&at, &size), 0);
	conf.key[0] = 1;
	ck_assert_int_eq(change(t, &conf, 1), 0);
	ck_assert_int_eq(t->ballot->box[0]->listener.fd, fd);
	ck_assert_uint_eq(t->ballot->box[0]->conf.key[0], 1);
	end(t);
}
END_TEST

START_TEST(changing_again_and_again_leaks_nothing)
{
	struct counter *t = start(BALLOT_UNIX);
	struct ballot_conf conf[2] = { box_at(t, BALLOT_UNIX),
				       box_beside(t, BALLOT_FIFO, "fifo") };
	unsigned before;

	case_turns(&t->c, 3);
	before = count_descriptors();
	for (unsigned i = 0; i < 2 * PEERS_MAX; i++) {
		ck_assert_int_eq(change(t, conf, 2), 0);
		ck_assert_int_eq(change(t, conf, 1), 0);
	}
	ck_assert_uint_eq(count_descriptors(), before);
	end(t);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_set_timeout(t, 60);
	tcase_add_test(t, what_did_not_change_keeps_its_clients);
	tcase_add_loop_test(t, another_mode_or_group_keeps_the_clients_too, 0, 2);
	tcase_add_test(t, all_is_taken_over_or_nothing);
	tcase_add_test(t, another_kind_at_the_same_place_replaces_or_leaves_it);
	tcase_add_loop_test(t, what_somebody_took_away_comes_back, 0, 2);
	tcase_add_test(t, another_spelling_of_the_path_is_the_same_place);
	tcase_add_test(t, another_key_counts_from_the_next_line_on);
	tcase_add_test(t, changing_again_and_again_leaks_nothing);
}

int main(void)
{
	return unit_main("ballot-change", add_tests);
}
