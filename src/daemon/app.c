/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * app.c - carry out what the core wished, tell how things stand
 */
#include <stdarg.h>
#include <stdio.h>

#include "daemon/app_int.h"
#include "daemon/clock_int.h"

bool app_is_heard(const struct app *app)
{
	return log_has(app->log, LEVEL_NOTE) ||
	       (app->control && control_has_watchers(app->control));
}

void app_tell(struct app *app, const char *fmt, ...)
{
	char line[LOG_LINE_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	log_note(app->log, "%s", line);
	if (app->control)
		control_tell_watchers(app->control, line);
}

static void log_sibling(struct app *app, const struct addr *who,
			const struct dns_answer *heard)
{
	char sibling[ADDR_TEXT_MAX], of[ADDR_TEXT_MAX];

	app_tell(app, "sibling src=%s of=%s name=%s", addr_format(who, sibling),
		 addr_format(&heard->who, of), heard->name);
}

void app_apply(struct app *app, const struct effects *fx, const struct dns_answer *heard,
	       struct mono now)
{
	char text[ADDR_TEXT_MAX];

	for (unsigned i = 0; i < fx->count; i++) {
		switch (fx->list[i].kind) {
		case EFFECT_ASK_NAMES:
			log_trace(app->log, "asking names src=%s",
				  addr_format(&fx->list[i].who, text));
			if (app->resolver)
				resolver_ask(app->resolver, &fx->list[i].who, now);
			break;
		case EFFECT_ADMITTED:
			if (heard)
				log_sibling(app, &fx->list[i].who, heard);
			break;
		}
	}
	app->stats.lost_wishes += fx->lost;
}

void app_hear_names(struct app *app)
{
	struct mono now = mono_now();
	char text[ADDR_TEXT_MAX];
	struct dns_answer heard;

	while (resolver_collect(app->resolver, &heard)) {
		struct effects fx = { .count = 0 };
		struct heard h = {
			.who = heard.who,
			.name = heard.name[0] == '\0' ? NULL : heard.name,
			.siblings = heard.siblings,
			.count = heard.count,
			.is_final = heard.is_final,
			.is_failure = heard.is_failure,
		};

		log_talk(app->log, "named src=%s name=%s addresses=%u",
			 addr_format(&heard.who, text), heard.name, heard.count);
		gate_hear_name(app->gate, &h, now, &fx);
		app_apply(app, &fx, &heard, now);
	}
}

/* Once a second. A burst of losses is told when it begins, not every second it lasts.
 * What the kernel drops without a word shows in /proc only, which is looked at less
 * often. */
void app_watch_queue(struct app *app)
{
	struct queue_told *told = &app->told;
	struct nfqueue_counts q = nfqueue_count(app->queue);
	uint32_t full = told->full, buffer = told->buffer;
	bool is_trouble;

	if (q.overruns != told->overruns || told->is_burst || ++told->seconds >= 10) {
		told->seconds = 0;
		(void)nfqueue_kernel_drops(app->queue, &full, &buffer);
	}
	is_trouble = q.overruns != told->overruns || full != told->full ||
		     buffer != told->buffer;
	if (is_trouble && !told->is_burst)
		log_bad(app->log,
			"queue %d overrun: packets come faster than they are read "
			"(overruns=%llu kernel-full=%u kernel-buffer=%u); raise "
			"queue-maxlen and net.core.rmem_max when this goes on",
			app->settings.queue_num, (unsigned long long)q.overruns, full,
			buffer);
	told->overruns = q.overruns;
	told->full = full;
	told->buffer = buffer;
	told->is_burst = is_trouble;
}
