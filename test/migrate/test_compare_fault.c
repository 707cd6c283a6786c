/* SPDX-License-Identifier: Apache-2.0
 *
 * A comparison, its inverse and its text, with each allocation failing in turn: it says that memory ran out, and leaves
 * nothing behind.
 */
#include "base/counting.h"
#include "comparing.h"

#include "engine/engine.h"
#include "migrate/render.h"

#define C(...) ath_column_def(__VA_ARGS__)

static ath_table *from, *to, *child, *gone;

static void make_tables(void) {
    from = ath_table_new("t", C("id", ATH_INTEGER, .primary_key = true), C("a", ATH_STRING(9), .index = true),
                         C("b", ATH_INTEGER, .unique = true), C("old", ATH_TEXT), C("drop", ATH_TEXT));
    gone = ath_table_new("gone", C("id", ATH_INTEGER, .primary_key = true), C("t", ATH_INTEGER, .foreign_key = "t.id"));
    to = ath_table_new("t", C("id", ATH_INTEGER, .primary_key = true),
                       C("a", ATH_STRING(19), .server_default = ath_str("x")), C("b", ATH_INTEGER, .check = "b > 0"),
                       C("fresh", ATH_TEXT, .unique = true), ath_check_def(.name = "ck", .check = "a <> 'y'"));
    child = ath_table_new("u", C("id", ATH_INTEGER, .primary_key = true),
                          C("t", ATH_INTEGER, .foreign_key = "t.id", .index = true));
}

static ath_status compare_and_write(ath_connection *c, const ath_metadata *md, const ath_allocator *a) {
    const ath__compare_opts opts = {.allow_drop = true, .renames = ath_names("t.old:fresh")};
    ath__changes changes;
    ath__change *inverse;
    ath_error error = {0};
    ath__buf text;
    ath_status status = ath__compare(c, md, &opts, &changes, &error);
    ath__buf_init(&text, a);
    if (status == ATH_OK)
        status = ath__changes_inverse(changes.items, changes.count, &changes.arena, &inverse, &error);
    if (status == ATH_OK) {
        ath__render_c(&text, changes.items, changes.count);
        ath__render_c(&text, inverse, changes.count);
        status = text.failed ? ATH_NO_MEMORY : ATH_OK;
    }
    ath__buf_done(&text);
    ath__changes_done(&changes);
    return status;
}

/* 0: all went well, so no allocation was left to fail. */
static int once(counting *counts, size_t fail_at) {
    const ath_metadata before = ath_metadata_of(ath_tables(from, gone)), after = ath_metadata_of(ath_tables(to, child));
    const ath_allocator *usual = ath__process_allocator;
    ath_error error = {0};
    counting_init(counts, 0);
    ath_engine *db = ath_engine_open("sqlite://", .allocator = &counts->allocator);
    CHECK_INT(ath_create_all(db, &before, &error), ATH_OK);
    ath_connection *c = ath_connect(db);
    counts->requests = 0;
    counts->fail_at = fail_at;
    ath__process_allocator = &counts->allocator;
    ath_status status = compare_and_write(c, &after, &counts->allocator);
    bool failed = counts->requests >= fail_at;
    ath__process_allocator = usual;
    counts->fail_at = 0;
    if (failed && status != ATH_OK && status != ATH_NO_MEMORY)
        test_failed_(__FILE__, __LINE__, "allocation %zu: status %d", fail_at, (int)status);
    if (!failed)
        CHECK_INT(status, ATH_OK);
    ath_connection_close(c);
    ath_engine_close(db);
    if (counts->live || counts->wrong)
        test_failed_(__FILE__, __LINE__, "allocation %zu: %zu bytes are left, %zu released wrongly", fail_at,
                     counts->live, counts->wrong);
    return failed;
}

TEST(every_allocation_fails_once) {
    counting counts;
    size_t n = 1;
    make_tables();
    while (n < 4000 && test_failures_ < 5 && once(&counts, n))
        n += n < 300 ? 1 : 3;
    CHECK(n > 100 && n < 4000);
    ath_table_free(from);
    ath_table_free(to);
    ath_table_free(child);
    ath_table_free(gone);
}

static const test_case cases[] = {{"every_allocation_fails_once", every_allocation_fails_once}};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
