/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `engine`: the log of statements, in the form SQLAlchemy's users know: the SQL, then how it was found and its
 * values, long ones cut.
 */
#include "engine/engine.h"

enum { VALUE_LIMIT = 100, VALUES_SHOWN = 60 };

void ath__echo(ath_connection *c, const char *sql, size_t size, const ath_value *values, size_t count, bool cached) {
    const ath__log *log = &c->engine->log;
    ath__log_line(log, ATH_LOG_INFO, "%.*s", (int)(size > 3000 ? 3000 : size), sql);
    ath__buf line;
    ath__buf_init(&line, &c->engine->allocator);
    ath__buf_str(&line, cached ? "[cached] (" : "[generated] (");
    for (size_t i = 0; i < count && i < VALUES_SHOWN && !c->engine->hide_parameters; i++) {
        ath__buf_str(&line, i ? ", " : "");
        ath__value_print(&line, &values[i], VALUE_LIMIT);
    }
    if (c->engine->hide_parameters && count)
        ath__buf_str(&line, "values hidden");
    else if (count > VALUES_SHOWN)
        ath__buf_printf(&line, " ... displaying %d of %zu values", VALUES_SHOWN, count);
    ath__buf_char(&line, ')');
    if (!line.failed)
        ath__log_line(log, ATH_LOG_INFO, "%s", ath__buf_text(&line));
    ath__buf_done(&line);
}
