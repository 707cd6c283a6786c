/* SPDX-License-Identifier: Apache-2.0
 *
 * How a revision is written: a line, an entry of several, JSON.
 */
#include "cli/migrate/migrate.h"

static void add_list(ath__buf *out, ath_name_list list) {
    for (size_t i = 0; i < list.count; i++)
        ath__buf_printf(out, "%s%s", i ? ", " : "", list.names[i]);
}

static void add_parents(ath__buf *out, const ath__node *n) {
    add_list(out, n->down);
    ath__buf_str(out, n->down.count ? "" : "<base>");
}

static void add_first_line(ath__buf *out, const char *text) {
    ath__buf_add(out, text, strcspn(text, "\r\n"));
}

void mig_line(ath__buf *out, const ath__node *n, unsigned what, bool is_current) {
    if (what & MIG_PARENTS) {
        add_parents(out, n);
        if (n->depends_on.count) {
            ath__buf_str(out, " (");
            add_list(out, n->depends_on);
            ath__buf_char(out, ')');
        }
        ath__buf_str(out, " -> ");
    }
    ath__buf_str(out, n->id);
    if ((what & MIG_LABELS) && n->all_labels.count) {
        ath__buf_str(out, " (");
        add_list(out, n->all_labels);
        ath__buf_char(out, ')');
    }
    ath__buf_str(out, n->is_effective_head ? " (head)" : n->is_head ? " (effective head)" : "");
    ath__buf_str(out, is_current ? " (current)" : "");
    if (what & MIG_TREE) {
        ath__buf_str(out, n->is_branch_point ? " (branchpoint)" : "");
        ath__buf_str(out, n->is_merge_point ? " (mergepoint)" : "");
    }
    if ((what & MIG_DOC) && n->message) {
        ath__buf_str(out, ", ");
        add_first_line(out, n->message);
    }
}

/* Indented, each line of it. */
static void add_indented(ath__buf *out, const char *text) {
    while (*text) {
        size_t size = strcspn(text, "\n");
        ath__buf_str(out, "    ");
        ath__buf_add(out, text, size);
        ath__buf_char(out, '\n');
        text += size + (text[size] == '\n');
    }
}

void mig_entry_text(ath__buf *out, const ath__node *n, bool is_current) {
    ath__buf_printf(out, "Rev: %s%s%s%s%s\n", n->id, n->is_head ? " (head)" : "",
                    n->is_branch_point ? " (branchpoint)" : "", n->is_merge_point ? " (mergepoint)" : "",
                    is_current ? " (current)" : "");
    ath__buf_str(out, n->is_merge_point ? "Merges: " : "Parent: ");
    add_parents(out, n);
    const struct {
        const char *title;
        ath_name_list list;
    } more[] = {{"\nAlso depends on: ", n->depends_on},
                {"\nBranches into: ", n->is_branch_point ? n->next : (ath_name_list){0, NULL}},
                {"\nBranch names: ", n->all_labels}};
    for (size_t i = 0; i < ATH_COUNT_OF(more); i++)
        if (more[i].list.count) {
            ath__buf_str(out, more[i].title);
            add_list(out, more[i].list);
        }
    ath__buf_printf(out, "\nPath: %s\n\n", n->path ? n->path : "");
    if (n->message && *n->message) {
        add_indented(out, n->message);
        ath__buf_str(out, "    \n");
    }
    if (n->doc && *n->doc) {
        add_indented(out, n->doc);
        ath__buf_str(out, "    \n");
    }
    ath__buf_printf(out, "    Revision ID: %s\n    Revises: ", n->id);
    add_list(out, n->down);
    ath__buf_printf(out, "\n    Create Date: %s\n\n", n->create_date ? n->create_date : "");
}

/* ---- JSON ---- */

void mig_json_string(ath__buf *out, const char *text) {
    if (!text) {
        ath__buf_str(out, "null");
        return;
    }
    bool utf8 = ath__utf8_valid(text, strlen(text));
    ath__buf_char(out, '"');
    for (const unsigned char *c = (const unsigned char *)text; *c; c++)
        if (*c == '"' || *c == '\\')
            ath__buf_printf(out, "\\%c", *c);
        else if (*c == '\n')
            ath__buf_str(out, "\\n");
        else if (*c < 0x20 || (!utf8 && *c >= 0x80))
            ath__buf_printf(out, "\\u%04x", *c);
        else
            ath__buf_char(out, (char)*c);
    ath__buf_char(out, '"');
}

void mig_json_list(ath__buf *out, ath_name_list list) {
    ath__buf_char(out, '[');
    for (size_t i = 0; i < list.count; i++) {
        ath__buf_str(out, i ? ", " : "");
        mig_json_string(out, list.names[i]);
    }
    ath__buf_char(out, ']');
}

void mig_entry_json(ath__buf *out, const ath__node *n, bool is_current) {
    const struct {
        const char *name;
        ath_name_list list;
    } lists[] = {{"down", n->down}, {"depends_on", n->depends_on}, {"branch_labels", n->all_labels}, {"next", n->next}};
    const struct {
        const char *name, *text;
    } texts[] = {{"message", n->message}, {"doc", n->doc}, {"create_date", n->create_date}, {"path", n->path}};
    const struct {
        const char *name;
        bool is;
    } flags[] = {{"is_head", n->is_head},
                 {"is_effective_head", n->is_effective_head},
                 {"is_branch_point", n->is_branch_point},
                 {"is_merge_point", n->is_merge_point},
                 {"is_current", is_current}};
    ath__buf_str(out, "{\"revision\": ");
    mig_json_string(out, n->id);
    for (size_t i = 0; i < ATH_COUNT_OF(lists); i++) {
        ath__buf_printf(out, ", \"%s\": ", lists[i].name);
        mig_json_list(out, lists[i].list);
    }
    for (size_t i = 0; i < ATH_COUNT_OF(texts); i++) {
        ath__buf_printf(out, ", \"%s\": ", texts[i].name);
        mig_json_string(out, texts[i].text);
    }
    for (size_t i = 0; i < ATH_COUNT_OF(flags); i++)
        ath__buf_printf(out, ", \"%s\": %s", flags[i].name, flags[i].is ? "true" : "false");
    ath__buf_char(out, '}');
}

/* ---- out ---- */

int mig_print(mig *m, ath__buf *out) {
    int code = CLI_DONE;
    if (out->failed) {
        ath__fail_memory(&m->error);
        code = mig_fail(m);
    } else if (out->size && (fwrite(out->data, 1, out->size, stdout) != out->size || fflush(stdout) != 0)) {
        code = mig_refuse(m, "The result could not be written");
    }
    ath__buf_done(out);
    return code;
}

bool mig_among(ath_name_list list, const char *name) {
    for (size_t i = 0; i < list.count; i++)
        if (strcmp(list.names[i], name) == 0)
            return true;
    return false;
}
