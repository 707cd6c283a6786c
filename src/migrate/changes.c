/* SPDX-License-Identifier: Apache-2.0
 *
 * The list that a comparison makes.
 */
#include "migrate/comparing.h"

#include <stdarg.h>

static ath_status add(ath__comparing *c, ath__change change) {
    ath__changes *out = c->out;
    if (out->count == out->capacity) {
        size_t capacity = out->capacity ? out->capacity * 2 : 32;
        ath__change *larger = ath__arena_alloc(&out->arena, capacity * sizeof *larger);
        if (!larger)
            return ath__fail_memory(c->error);
        if (out->count)
            memcpy(larger, out->items, out->count * sizeof *larger);
        out->items = larger;
        out->capacity = capacity;
    }
    out->items[out->count++] = change;
    return ATH_OK;
}

ath_status ath__add_change(ath__comparing *c, ath_operation operation) {
    c->differences++;
    operation.struct_size = sizeof operation;
    return c->dry ? ATH_OK : add(c, (ath__change){.operation = operation});
}

ath_status ath__add_held(ath__comparing *c, ath_operation operation, const char *note) {
    c->differences++;
    operation.struct_size = sizeof operation;
    return c->dry ? ATH_OK : add(c, (ath__change){.operation = operation, .held = !c->opts->allow_drop, .note = note});
}

ath_status ath__add_text(ath__comparing *c, const char *text, const char *back) {
    const ath_operation o = {.struct_size = sizeof o, .kind = ATH_OPERATION_EXECUTE, .text = text};
    if (!text || !back)
        return ath__fail_memory(c->error);
    c->differences++;
    return c->dry ? ATH_OK : add(c, (ath__change){.operation = o, .text_back = back});
}

void ath__detected(ath__comparing *c, const char *format, ...) {
    char line[512] = "Detected ";
    size_t size = strlen(line);
    va_list args;
    if (c->dry || !c->opts->log)
        return;
    va_start(args, format);
    vsnprintf(line + size, sizeof line - size, format, args);
    va_end(args);
    c->opts->log(c->opts->log_context, ATH_LOG_INFO, line);
}

static const char *print(ath__comparing *c, const char *format, va_list args) ATH_PRINTF(2, 0);
static const char *print(ath__comparing *c, const char *format, va_list args) {
    ath__buf text;
    ath__buf_init(&text, c->arena->allocator);
    ath__buf_vprintf(&text, format, args);
    const char *kept = text.failed ? NULL : ath__arena_str(c->arena, ath__buf_text(&text));
    ath__buf_done(&text);
    if (!kept)
        ath__fail_memory(c->error);
    return kept;
}

const char *ath__text_of(ath__comparing *c, const char *format, ...) {
    va_list args;
    va_start(args, format);
    const char *kept = print(c, format, args);
    va_end(args);
    return kept;
}

ath_status ath__remark(ath__comparing *c, const char *format, ...) {
    ath__changes *out = c->out;
    va_list args;
    if (c->dry)
        return ATH_OK;
    va_start(args, format);
    const char *kept = print(c, format, args);
    va_end(args);
    if (!kept)
        return ATH_NO_MEMORY;
    if (out->remark_count == out->remark_capacity) {
        size_t capacity = out->remark_capacity ? out->remark_capacity * 2 : 16;
        const char **larger = ath__arena_zero(&out->arena, capacity * sizeof *larger);
        if (!larger)
            return ath__fail_memory(c->error);
        if (out->remark_count)
            memcpy(larger, out->remarks, out->remark_count * sizeof *larger);
        out->remarks = larger;
        out->remark_capacity = capacity;
    }
    out->remarks[out->remark_count++] = kept;
    return ATH_OK;
}

bool ath__included(const ath__comparing *c, ath__compared what, const char *schema, const char *table, const char *name,
                   bool in_database) {
    const ath__object object = {what, schema, table, name, in_database};
    return !c->opts->include || c->opts->include(c->opts->context, &object);
}

size_t ath__changes_due(const ath__changes *changes) {
    size_t count = 0;
    for (size_t i = 0; i < changes->count; i++)
        count += !changes->items[i].held && changes->items[i].operation.kind != ATH_OPERATION_NOTHING;
    return count;
}

void ath__changes_done(ath__changes *changes) {
    ath__live_done(&changes->live);
    for (ath__live *l = changes->scratch, *next; l; l = next) {
        next = l->next;
        ath__live_done(l);
    }
    ath__arena_done(&changes->arena);
    *changes = (ath__changes){0};
}
