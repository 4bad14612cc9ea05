/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * eat.c - feed a fuzz target the files it is given, whole and cut at every length
 *
 * usage: fuzz_NAME FILE|DIRECTORY...
 * Each input lies in memory of exactly its size, so that a sanitizer sees a read too
 * far. The name of each file is printed before it is fed: the last one is the culprit.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fuzz.h"

enum {
	FILE_BYTES_MAX = 1 << 20,
	CUTS_MAX = 512,
};

static void feed(const uint8_t *bytes, size_t len)
{
	uint8_t *exact = malloc(len > 0 ? len : 1);

	if (!exact) {
		perror("eat");
		exit(1);
	}
	if (len > 0)
		memcpy(exact, bytes, len);
	(void)fuzz_one(exact, len);
	free(exact);
}

/* Feeds one file; gives back how many inputs it made, 0 when it cannot be read. */
static unsigned eat_file(const char *path)
{
	uint8_t *bytes = malloc(FILE_BYTES_MAX);
	FILE *f = fopen(path, "rb");
	unsigned inputs = 0;
	size_t len;

	if (!bytes || !f) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		goto out;
	}
	printf("%s\n", path);
	fflush(stdout);
	len = fread(bytes, 1, FILE_BYTES_MAX, f);
	for (size_t cut = 0; cut < len && cut <= CUTS_MAX; cut++, inputs++)
		feed(bytes, cut);
	feed(bytes, len);
	inputs++;
out:
	if (f)
		fclose(f);
	free(bytes);
	return inputs;
}

static int is_shown(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

static unsigned eat_directory(const char *path)
{
	struct dirent **names;
	int count = scandir(path, &names, is_shown, alphasort);
	unsigned inputs = 0;

	for (int i = 0; i < count; i++) {
		char file[4096];

		snprintf(file, sizeof(file), "%s/%s", path, names[i]->d_name);
		inputs += eat_file(file);
		free(names[i]);
	}
	if (count >= 0)
		free(names);
	return inputs;
}

int main(int argc, char **argv)
{
	unsigned total = 0;

	for (int i = 1; i < argc; i++) {
		struct stat st;
		unsigned inputs = 0;

		if (stat(argv[i], &st) == 0 && S_ISDIR(st.st_mode))
			inputs = eat_directory(argv[i]);
		else
			inputs = eat_file(argv[i]);
		if (inputs == 0) {
			fprintf(stderr, "%s: nothing to eat\n", argv[i]);
			return 1;
		}
		total += inputs;
	}
	printf("%u inputs\n", total);
	return total == 0;
}
