/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_control_socket.c - the operator's socket as a file, and who gets in
 */
#include "control_case.h"
#include "unit.h"

/* Leaves a socket behind that nobody listens on, as a daemon that was killed does. */
static void leave_stale(const char *path)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(sun.sun_path, sizeof(sun.sun_path), "%s", path);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&sun, sizeof(sun)), 0);
	close(fd);
}

START_TEST(only_root_and_its_group_may_connect)
{
	struct answerer *a = start();
	struct stat st;

	ck_assert_uint_eq(mode_of(a->c.path), 0600);
	control_close(a->control);
	case_turns(&a->c, 2);
	ck_assert_int_lt(access(a->c.path, F_OK), 0);
	ck_assert_int_eq(open_at(a, &a->control, getgid()), 0);
	ck_assert_uint_eq(mode_of(a->c.path), 0660);
	ck_assert_int_eq(lstat(a->c.path, &st), 0);
	ck_assert_uint_eq(st.st_gid, getgid());
	end(a);
}
END_TEST

START_TEST(a_live_socket_is_left_alone)
{
	struct answerer *a = start();
	struct control *second = NULL;

	ck_assert_int_eq(open_at(a, &second, (gid_t)-1), -EADDRINUSE);
	ck_assert_ptr_null(second);
	close(connect_to(a->c.path));
	end(a);
}
END_TEST

START_TEST(a_stale_socket_is_replaced)
{
	struct answerer *a = calloc(1, sizeof(*a));
	int fd;

	case_start(&a->c);
	leave_stale(a->c.path);
	ck_assert_int_eq(open_at(a, &a->control, (gid_t)-1), 0);
	fd = connect_to(a->c.path);
	ask(&a->c, fd, "status\n", "kind=0\nend\n");
	close(fd);
	end(a);
}
END_TEST

START_TEST(anything_else_at_the_path_is_left_alone)
{
	struct answerer *a = calloc(1, sizeof(*a));
	char target[128];

	case_start(&a->c);
	ck_assert_int_eq(mkdir(a->c.path, 0700), 0);
	ck_assert_int_eq(open_at(a, &a->control, (gid_t)-1), -EEXIST);
	ck_assert_int_eq(rmdir(a->c.path), 0);

	snprintf(target, sizeof(target), "%s-target", a->c.path);
	ck_assert_int_eq(symlink(target, a->c.path), 0);
	ck_assert_int_eq(open_at(a, &a->control, (gid_t)-1), -EEXIST);
	ck_assert_int_lt(access(target, F_OK), 0);
	ck_assert_int_eq(unlink(a->c.path), 0);
	end(a);
}
END_TEST

START_TEST(a_folder_that_is_not_there_is_an_error)
{
	struct answerer *a = calloc(1, sizeof(*a));

	case_start(&a->c);
	snprintf(a->c.path, sizeof(a->c.path), "%s/no/it", a->c.folder);
	ck_assert_int_eq(open_at(a, &a->control, (gid_t)-1), -ENOENT);
	end(a);
}
END_TEST

START_TEST(a_path_that_no_socket_can_have_is_an_error)
{
	struct answerer *a = calloc(1, sizeof(*a));
	struct control_conf conf = { .path = "", .group = (gid_t)-1,
				     .owner = (uid_t)-1 };
	char path[PROTO_PATH_MAX + 8];

	case_start(&a->c);
	ck_assert_int_eq(control_open(&a->control, &a->c.loop, &conf, &ops, a), -EINVAL);
	conf.path = path;
	memset(path, 'x', sizeof(path));
	path[sizeof(path) - 1] = '\0';
	ck_assert_int_eq(control_open(&a->control, &a->c.loop, &conf, &ops, a),
			 -ENAMETOOLONG);
	path[108] = '\0';
	ck_assert_int_eq(control_open(&a->control, &a->c.loop, &conf, &ops, a),
			 -ENAMETOOLONG);
	end(a);
}
END_TEST

START_TEST(closing_leaves_what_another_put_at_its_path)
{
	struct answerer *a = start();

	ck_assert_int_eq(unlink(a->c.path), 0);
	leave_stale(a->c.path);
	control_close(a->control);
	a->control = NULL;
	ck_assert_int_eq(unlink(a->c.path), 0);
	end(a);
}
END_TEST

START_TEST(closing_with_clients_in_every_state_leaks_nothing)
{
	unsigned before = count_descriptors_of_libuv();
	struct answerer *a = start();
	int fd[4];

	a->rows = 1000000;
	for (unsigned i = 0; i < 4; i++)
		fd[i] = connect_to(a->c.path);
	say(fd[0], "list\n");
	say(fd[1], "watch\n");
	say(fd[2], "import\nx\n");
	case_turns(&a->c, 50);
	ck_assert_uint_eq(a->begun, 3);
	ck_assert_uint_eq(a->gone, 0);
	end(a); /* asks for as many goings as beginnings */
	for (unsigned i = 0; i < 4; i++)
		close(fd[i]);
	ck_assert_uint_le(count_descriptors(), before);
}
END_TEST

START_TEST(a_command_may_close_the_socket_it_came_by)
{
	struct answerer *a = start();
	int fd = connect_to(a->c.path);

	say(fd, "reload\nstatus\n");
	hear_the_end(&a->c, fd);
	ck_assert_ptr_null(a->control);
	ck_assert_uint_eq(a->begun, 1);
	close(fd);
	end(a);
}
END_TEST

START_TEST(clients_beyond_the_descriptors_are_turned_away_without_spinning)
{
	struct answerer *a = start();
	rlim_t before;
	int fd[4];

	for (unsigned i = 0; i < 4; i++)
		fd[i] = connect_to(a->c.path);
	before = leave_no_descriptor();
	hear_the_end(&a->c, fd[0]);
	hear_the_end(&a->c, fd[3]);
	ck_assert_uint_eq(control_count(a->control).no_files, 4);
	ck_assert(!has_work(&a->c));
	allow_descriptors(before);
	close(fd[0]);
	fd[0] = connect_to(a->c.path);
	ask(&a->c, fd[0], "status\n", "kind=0\nend\n");
	for (unsigned i = 0; i < 4; i++)
		close(fd[i]);
	end(a);
}
END_TEST

START_TEST(one_client_too_many_is_told_and_closed)
{
	struct answerer *a = start();
	int fd[CONTROL_CLIENTS_MAX], more_fd;

	for (unsigned i = 0; i < CONTROL_CLIENTS_MAX; i++)
		fd[i] = connect_to(a->c.path);
	case_turns(&a->c, 20);
	more_fd = connect_to(a->c.path);
	hear_the_end(&a->c, more_fd);
	ck_assert_str_eq(a->c.text, "error: too many clients at one time\nend\n");
	ck_assert_uint_eq(control_count(a->control).refused, 1);
	close(more_fd);
	close(fd[0]);
	case_turns(&a->c, 3);
	fd[0] = connect_to(a->c.path);
	ask(&a->c, fd[0], "status\n", "kind=0\nend\n");
	for (unsigned i = 0; i < CONTROL_CLIENTS_MAX; i++)
		close(fd[i]);
	end(a);
}
END_TEST

START_TEST(who_asks_nothing_makes_room_for_who_does)
{
	struct answerer *a = start();
	int fd[CONTROL_CLIENTS_MAX], late;

	for (unsigned i = 0; i < CONTROL_CLIENTS_MAX; i++)
		fd[i] = connect_to(a->c.path);
	case_turns(&a->c, 20);
	for (unsigned i = 0; i < CONTROL_CLIENTS_MAX; i++) {
		ck_assert_ptr_nonnull(a->control->clients[i]);
		a->control->clients[i]->stream.progress_ms = 0;
	}
	a->c.loop.time += CONTROL_QUIET_MS;
	late = connect_to(a->c.path);
	ask(&a->c, late, "status\n", "kind=0\nend\n");
	ck_assert_uint_eq(control_count(a->control).refused, 1);
	close(late);
	for (unsigned i = 0; i < CONTROL_CLIENTS_MAX; i++)
		close(fd[i]);
	end(a);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_set_timeout(t, 60);
	tcase_add_test(t, only_root_and_its_group_may_connect);
	tcase_add_test(t, a_live_socket_is_left_alone);
	tcase_add_test(t, a_stale_socket_is_replaced);
	tcase_add_test(t, anything_else_at_the_path_is_left_alone);
	tcase_add_test(t, a_folder_that_is_not_there_is_an_error);
	tcase_add_test(t, a_path_that_no_socket_can_have_is_an_error);
	tcase_add_test(t, closing_leaves_what_another_put_at_its_path);
	tcase_add_test(t, closing_with_clients_in_every_state_leaks_nothing);
	tcase_add_test(t, a_command_may_close_the_socket_it_came_by);
	tcase_add_test(t,
		       clients_beyond_the_descriptors_are_turned_away_without_spinning);
	tcase_add_test(t, one_client_too_many_is_told_and_closed);
	tcase_add_test(t, who_asks_nothing_makes_room_for_who_does);
}

int main(void)
{
	return unit_main("control_socket", add_tests);
}
