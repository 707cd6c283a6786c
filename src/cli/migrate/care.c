/* SPDX-License-Identifier: Apache-2.0
 *
 * The commands that care for what has run: verify and repair.
 */
#include "cli/migrate/migrate.h"

/* What is found, as lines or as JSON. */
typedef struct finds {
    ath__buf out;
    bool json;
    size_t count;
} finds;

/* Begins one more object of the list. */
static void begin_json(finds *f) {
    ath__buf_str(&f->out, f->count++ ? ",\n {\"revision\": " : "[{\"revision\": ");
}

static void member(finds *f, const char *name, const char *text) {
    ath__buf_printf(&f->out, ", \"%s\": ", name);
    mig_json_string(&f->out, text);
}

static void begin_finds(mig *m, finds *f) {
    *f = (finds){.json = m->globals->json};
    ath__buf_init(&f->out, &ath__malloc_allocator);
}

static int print_finds(mig *m, finds *f) {
    if (f->json)
        ath__buf_str(&f->out, f->count ? "]\n" : "[]\n");
    return mig_print(m, &f->out);
}

/* ---- verify ---- */

static ath_status tell_edited(void *context, const ath_revision *revision, const char *applied, const char *now) {
    finds *f = context;
    ath__buf *out = &f->out;
    if (f->json) {
        begin_json(f);
        mig_json_string(out, revision->id);
        member(f, "applied", applied);
        member(f, "now", now);
        ath__buf_char(out, '}');
    } else if (now)
        ath__buf_printf(out, "%s: its file was edited after it was applied: checksum %s then, %s now\n", revision->id,
                        applied, now);
    else
        ath__buf_printf(out, "%s: applied, and no file here has it (checksum %s)\n", revision->id, applied);
    return out->failed ? ATH_NO_MEMORY : ATH_OK;
}

static int verify(mig *m) {
    finds f;
    if (mig_open_engine(m) != ATH_OK)
        return mig_fail(m);
    begin_finds(m, &f);
    ath_status status = ath_migrate_verify(m->engine, &m->migration, tell_edited, &f);
    bool found = f.out.size > 0;
    if (status != ATH_OK && !(status == ATH_STATE && found)) {
        ath__buf_done(&f.out);
        return mig_fail(m);
    }
    int code = print_finds(m, &f);
    return code == CLI_DONE && found ? CLI_REFUSED : code;
}

static int run_verify(const cli_call *call) {
    return mig_each(call, verify);
}

const cli_command cli_verify = {.name = "verify",
                                .arguments = "",
                                .what = "whether the files of applied revisions are what was applied (exit 1: not)",
                                .run = run_verify,
                                .of_project = true,
                                .of_bundle = true};

/* ---- repair ---- */

enum { DONE, UNDONE, FORGET, CHECKSUM };

static const cli_option repair_options[] = {
    [DONE] = {"done", 0, NULL, "the statement whose fate is not known was done"},
    [UNDONE] = {"undone", 0, NULL, "it was not"},
    [FORGET] = {"forget", 0, NULL, "forget how far it came: it starts from its first statement"},
    [CHECKSUM] = {"checksum", 0, NULL, "the file of an applied revision is right as it is now"},
};

static const char *const states[] = {"", "planned", "begun, perhaps done", "done", "refused"};
static const char *const json_states[] = {"", "planned", "started", "done", "failed"};

static ath_status tell_line(void *context, const ath_journal_line *line) {
    finds *f = context;
    const char *way = line->way == ATH_WAY_UP ? "upgrade" : "downgrade";
    if (f->json) {
        begin_json(f);
        mig_json_string(&f->out, line->revision);
        member(f, "way", way);
        ath__buf_printf(&f->out, ", \"statement\": %lld", (long long)line->number);
        member(f, "state", json_states[line->state]);
        member(f, "sql", line->statement);
        ath__buf_char(&f->out, '}');
    } else {
        ath__buf_printf(&f->out, "%s %s, statement %lld: %s\n    %s\n", way, line->revision, (long long)line->number,
                        states[line->state], line->statement);
    }
    return f->out.failed ? ATH_NO_MEMORY : ATH_OK;
}

/* Nothing is asked for: it says what is half-way. */
static int tell_journal(mig *m) {
    finds f;
    begin_finds(m, &f);
    if (ath_migrate_journal(m->engine, &m->migration, tell_line, &f) != ATH_OK) {
        ath__buf_done(&f.out);
        return mig_fail(m);
    }
    if (!f.out.size && !f.json)
        ath__buf_str(&f.out, "No revision is half-way.\n");
    return print_finds(m, &f);
}

static int repair(mig *m) {
    const ath_repair kinds[] = {
        [DONE] = ATH_REPAIR_DONE,
        [UNDONE] = ATH_REPAIR_UNDONE,
        [FORGET] = ATH_REPAIR_FORGET,
        [CHECKSUM] = ATH_REPAIR_CHECKSUM,
    };
    size_t asked = 0, which = 0;
    for (size_t i = 0; i < ATH_COUNT_OF(kinds); i++)
        if (mig_option(m, i)) {
            asked++;
            which = i;
        }
    if (asked > 1)
        return mig_refuse(m, "Only one of --done, --undone, --forget and --checksum can be meant");
    if (mig_open_engine(m) != ATH_OK)
        return mig_fail(m);
    if (!asked)
        return tell_journal(m);
    const char *revision = m->call->operand_count ? m->call->operands[0] : NULL;
    return ath_migrate_repair(m->engine, &m->migration, revision, kinds[which]) == ATH_OK ? CLI_DONE : mig_fail(m);
}

static int run_repair(const cli_call *call) {
    return mig_each(call, repair);
}

const cli_command cli_repair = {.name = "repair",
                                .arguments = "[REVISION]",
                                .what = "what is half-way; with an option: settle it by hand",
                                .most = 1,
                                .run = run_repair,
                                .options = repair_options,
                                .option_count = ATH_COUNT_OF(repair_options),
                                .of_project = true,
                                .of_bundle = true};
