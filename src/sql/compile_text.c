/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 2, SQL text: what the caller wrote is copied as it is, and each :name becomes a placeholder.
 *
 * A colon inside quotes or a comment means nothing, nor does :: (a cast); "\\:" is a colon.
 */
#include "sql/compiler.h"

static void str(ath__compiler *c, const char *text) {
    ath__buf_str(&c->out, text);
}

static bool is_operator(const ath_expr *e) {
    while (e && (e->node == ATH_NODE_LABEL || e->node == ATH_NODE_BIND))
        e = e->args[0];
    return e && e->node == ATH_NODE_OPERATOR;
}

static bool name_char(char ch, bool first) {
    return ch == '_' || (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (!first && ch >= '0' && ch <= '9');
}

static const ath_expr *find_bind(const ath_expr *e, const char *bind_name, size_t size) {
    for (uint32_t i = 0; i < e->count; i++) {
        const ath_expr *bind = e->args[i];
        if (bind && bind->node == ATH_NODE_BIND && bind->u.text && strlen(bind->u.text) == size &&
            memcmp(bind->u.text, bind_name, size) == 0)
            return bind;
    }
    return NULL;
}

/* Copies a quoted part of the text, up to and with its closing quote. */
static const char *copy_quoted(ath__compiler *c, const char *at) {
    char quote = *at;
    do
        ath__buf_char(&c->out, *at++);
    while (*at && *at != quote);
    if (*at)
        ath__buf_char(&c->out, *at++);
    return at;
}

/* Copies a comment, in which a colon means nothing; NULL when there is none. */
static const char *copy_comment(ath__compiler *c, const char *at) {
    const char *end = NULL;
    if (at[0] == '-' && at[1] == '-') {
        end = at + strcspn(at, "\n");
    } else if (at[0] == '/' && at[1] == '*') {
        const char *close = strstr(at + 2, "*/");
        end = close ? close + 2 : at + strlen(at);
    }
    if (end)
        ath__buf_add(&c->out, at, (size_t)(end - at));
    return end;
}

static const char *named_bind(ath__compiler *c, const ath_expr *e, const char *at, uint64_t *used) {
    const char *end = at + 1;
    while (name_char(*end, end == at + 1))
        end++;
    const ath_expr *bind = find_bind(e, at + 1, (size_t)(end - at - 1));
    if (!bind) {
        if (c->error->status == ATH_OK)
            ath__fail(c->error, ATH_ARGUMENT, "a value is required for bind parameter '%.*s'", (int)(end - at - 1),
                      at + 1);
        return end;
    }
    for (uint32_t i = 0; i < e->count && i < 64; i++)
        if (e->args[i] == bind)
            *used |= 1ull << i;
    bool parentheses = is_operator(bind);
    str(c, parentheses ? "(" : "");
    ath__render(c, bind->args[0], NULL);
    str(c, parentheses ? ")" : "");
    return end;
}

static void check_binds_used(ath__compiler *c, const ath_expr *e, uint64_t used) {
    for (uint32_t i = 0; i < e->count && i < 64; i++) {
        if (used & 1ull << i || c->error->status != ATH_OK)
            continue;
        bool named = e->args[i] && e->args[i]->node == ATH_NODE_BIND && e->args[i]->u.text;
        ath__fail(c->error, ATH_ARGUMENT, "the text has no parameter named '%s'",
                  named ? e->args[i]->u.text : "(no ath_bind)");
    }
}

void ath__render_text(ath__compiler *c, const ath_expr *e) {
    uint64_t used = 0;
    for (const char *at = e->u.text ? e->u.text : ""; *at;) {
        const char *behind = copy_comment(c, at);
        if (behind) {
            at = behind;
        } else if (*at == '\'' || *at == '"' || *at == '`') {
            at = copy_quoted(c, at);
        } else if (*at == '\\' && at[1] == ':') {
            ath__buf_char(&c->out, ':');
            at += 2;
        } else if (*at == ':' && at[1] == ':') {
            str(c, "::");
            at += 2;
        } else if (*at == ':' && name_char(at[1], true)) {
            at = named_bind(c, e, at, &used);
        } else {
            ath__buf_char(&c->out, *at++);
        }
    }
    check_binds_used(c, e, used);
}
