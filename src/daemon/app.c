/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * app.c - carry out what the core wished, tell how things stand
 */
#include <stdarg.h>
#include <stdio.h>

#include "daemon/app_int.h"
#include "daemon/clock_int.h"
#include "daemon/findings_int.h"

enum { NAMES_END_MS = 1000 };

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
				resolver_ask(app->resolver, &fx->list[i].who,
					     fx->list[i].is_known ? RESOLVER_KNOWN
								  : RESOLVER_STRANGER,
					     now);
			break;
		case EFFECT_ADMITTED:
			if (heard)
				log_sibling(app, &fx->list[i].who, heard);
			source_heed(app, &fx->list[i].who, now);
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
		tally_note_name(app->tally, &h);
		if (gate_policy(app->gate)->observe)
			findings_hear(app->tally, app->gate, &heard.who, &fx, now);
		app_apply(app, &fx, &heard, now);
	}
}

/* Its thread reads files of /etc, and these may hang. */
bool app_end_names(struct app *app)
{
	struct mono until = mono_after(mono_now(), NAMES_END_MS);

	while (app->resolver && !resolver_end(app->resolver)) {
		if (mono_reached(mono_now(), until))
			return false;
		clock_nap(1000);
	}
	resolver_stop(app->resolver);
	app->resolver = NULL;
	return true;
}
