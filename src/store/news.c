/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * news.c - what the thread has to say
 */
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>

#include "store/store_int.h"

enum { NAP_MS = 2 };

void store_tell(struct store *s, struct store_news *news)
{
	while (!ring_put(s->news, news)) {
		bell_ring(&s->telling);
		(void)poll(NULL, 0, NAP_MS);
	}
	bell_ring(&s->telling);
}

static void __attribute__((format(printf, 3, 0)))
say(struct store *s, enum store_news_kind kind, const char *fmt, va_list ap)
{
	struct store_news news = { .kind = kind };

	(void)vsnprintf(news.of.text, sizeof(news.of.text), fmt, ap);
	store_tell(s, &news);
}

void store_say(struct store *s, enum store_news_kind kind, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(s, kind, fmt, ap);
	va_end(ap);
}

void store_has_trouble(struct store *s, const char *fmt, ...)
{
	va_list ap;

	atomic_fetch_add(&s->failed, 1);
	if (s->is_troubled)
		return;
	s->is_troubled = true;
	va_start(ap, fmt);
	say(s, STORE_TROUBLE, fmt, ap);
	va_end(ap);
}

void store_is_well(struct store *s)
{
	if (s->is_troubled)
		store_say(s, STORE_WELL, "%s", s->folder.path);
	s->is_troubled = false;
}
