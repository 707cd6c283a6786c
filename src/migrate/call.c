/* SPDX-License-Identifier: Apache-2.0
 *
 * The work of one step: the function of a C revision, or the statements of an SQL one, handed to the operations.
 */
#include "migrate/run.h"

static const char *file_of(const ath__source *source) {
    return source->path ? source->path : "(linked)";
}

static ath_status no_way(const ath__source *source, ath__way way, ath_error *error) {
    bool sql = source->form == ATH__FORM_SQL;
    const char *missing = sql ? (way > 0 ? "-- +up" : "-- +down") : (way > 0 ? "ATH_UPGRADE(op)" : "ATH_DOWNGRADE(op)");
    return ath__fail(error, ATH_STATE, "revision %s (%s) has no %s, so there is no way %s", source->revision.id,
                     file_of(source), missing, way > 0 ? "up" : "back");
}

/* Whether the text can be taken apart at all. */
static ath_status check_text(const ath__run *run, const ath__source *source, ath__way way, const char *dialect) {
    ath__arena scratch;
    ath__sql_piece *pieces = NULL;
    size_t count = 0;
    bool there = false;
    ath__arena_init(&scratch, run->arena.allocator);
    ath_status status = ath__sql_pieces(&scratch, file_of(source), source->text, source->text_size, way, dialect,
                                        &pieces, &count, &there, run->error);
    ath__arena_done(&scratch);
    return status != ATH_OK || there ? status : no_way(source, way, run->error);
}

/* Before anything is run: a run that would end in the middle does not begin. */
ath_status ath__step_check(const ath__run *run, const ath__source *source, ath__way way, const char *dialect) {
    ath_error *error = run->error;
    if (way == ATH__WAY_DOWN && source->revision.irreversible)
        return ath__fail(error, ATH_STATE, "revision %s (%s) cannot be taken back: %s", source->revision.id,
                         file_of(source),
                         source->revision.irreversible[0] ? source->revision.irreversible : "it is irreversible");
    if (source->form == ATH__FORM_SQL)
        return check_text(run, source, way, dialect);
    if (!(way == ATH__WAY_UP ? source->up : source->down))
        return no_way(source, way, error);
    return ATH_OK;
}

static ath_status with_line(const ath__source *source, size_t line, ath_error *error) {
    char message[sizeof error->message];
    ath__copy_text(message, sizeof message, error->message, strlen(error->message));
    snprintf(error->message, sizeof error->message, "%.160s:%zu: %.330s", file_of(source), line, message);
    return error->status;
}

static ath_status run_text(ath__run *run, ath_ops *ops, const ath__source *source, ath__way way, const char *dialect) {
    ath__sql_piece *pieces = NULL;
    size_t count = 0;
    bool there = false;
    ATH_TRY(ath__sql_pieces(&run->arena, file_of(source), source->text, source->text_size, way, dialect, &pieces,
                            &count, &there, run->error));
    if (!there)
        return no_way(source, way, run->error);
    for (size_t i = 0; i < count; i++)
        if (ath_op_execute_text(ops, pieces[i].sql) != ATH_OK) {
            ath__ops_finish(ops, run->error);
            return with_line(source, pieces[i].line, run->error);
        }
    return ath__ops_finish(ops, run->error);
}

ath_status ath__step_call(ath__run *run, ath_ops *ops, ath__source *source, ath__way way, const char *dialect) {
    if (source->form == ATH__FORM_SQL)
        return run_text(run, ops, source, way, dialect);
    ATH_TRY(ath__step_check(run, source, way, dialect));
    ath__ops_called(ops, source->revision.id);
    (way == ATH__WAY_UP ? source->up : source->down)(ops);
    return ath__ops_finish(ops, run->error);
}
