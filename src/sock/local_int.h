/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * local_int.h - unix sockets and FIFOs as files: made safely, removed when still ours
 *
 * All functions give a descriptor or a negative errno. Symbolic links are never followed
 * at the last step of a path.
 */
#ifndef SOCK_LOCAL_INT_H
#define SOCK_LOCAL_INT_H

#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "wire/proto.h"

enum { LOCAL_ASIDE_BYTES = sizeof(".before") - 1 };

/* What we made, so that nothing else is removed. */
struct local_file {
	char  path[PROTO_PATH_MAX + LOCAL_ASIDE_BYTES];
	dev_t dev;
	ino_t ino;
	bool  is_made; /* by us */
};

struct local_access {
	mode_t mode;
	gid_t  group; /* (gid_t)-1 = leave it */
	uid_t  owner; /* whom we are about to become; (uid_t)-1 = leave it */
};

/*
 * A listening stream socket. Mode and group are right before anybody can connect. What
 * lies at the path is replaced when it is a socket that nobody listens on; -EADDRINUSE
 * when somebody does, -EEXIST when it is no socket.
 */
int local_listen(const char *path, const struct local_access *access,
		 struct local_file *file);

/*
 * A FIFO, open for reading and writing, so that there is always a reader and always a
 * writer: no writer waits in open() or gets SIGPIPE, and we never see end of file. One
 * that lies there is taken over when it is our user's or the new owner's and nobody reads
 * from it (-EPERM, -EADDRINUSE); -EEXIST when it is no FIFO.
 */
int local_fifo(const char *path, const struct local_access *access,
	       struct local_file *file);

/* What we opened lies at that path. */
bool local_is_at(const struct local_file *file, const char *path);

/* Changes mode and group of what lies at its path; (gid_t)-1 is our own group, as if it
 * were made anew. */
int local_adapt(const struct local_file *file, const struct local_access *access);

/* Makes the path free and keeps what lies there, beside it; and takes that back. */
int local_move_aside(struct local_file *file);
void local_move_back(struct local_file *file);

/* Another spelling of its path. */
void local_rename(struct local_file *file, const char *path);

/* Removes what we made, if it is still what lies there. */
void local_remove(struct local_file *file);

/* local_linux.c, local_bsd.c: who is at the other end. False when nobody knows. */
bool local_peer(int fd, uid_t *out);

/* The same: gives the socket just made at the file's path its owner and group. 0 or a
 * negative errno; -ENOTSUP when others could have it give away something else. */
int local_own(const struct local_access *access, struct local_file *file);

/* For them. -EEXIST when that is no socket, or not one that we have made. */
int local_note(struct local_file *file, const struct stat *st);
bool local_is_to_change(const struct local_access *access);

#endif
