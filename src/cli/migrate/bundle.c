/* SPDX-License-Identifier: Apache-2.0
 *
 * `athanor bundle`: one program that holds every revision.  It is this program itself, with what is said in bundled.h behind
 * its end: nothing is linked, and where all revisions are in SQL nothing is compiled.
 */
#include "cli/migrate/bundled.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OUTPUT };

static const cli_option options[] = {[OUTPUT] = {"output", 'o', "FILE", "the program that is written"}};

/* What the bundle shall know of the configuration; never where the database is, nor its password. */
static const char *const kept_keys[] = {"version_table", "version_table_schema", "transaction_per_migration"};

/* ---- the list of records ---- */

static void add_record(ath__buf *out, char kind, const char *checksum, const char *name, const char *data,
                       size_t size) {
    ath__buf_printf(out, "%c %zu %s %s\n", kind, size, checksum && *checksum ? checksum : "-", name);
    ath__buf_add(out, data, size);
}

static const char *last_part(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static ath_status add_object(mig *m, ath__buf *out, char kind, const char *path) {
    char *data = NULL;
    size_t size = 0;
    if (!path)
        return ATH_OK;
    ATH_TRY(ath__read_file(&m->arena, path, &data, &size, &m->error));
    add_record(out, kind, NULL, "-", data, size);
    return ATH_OK;
}

static ath_status write_list(mig *m, ath__buf *out) {
    const char *revisions, *environment;
    ATH_TRY(mig_open_script(m));
    ATH_TRY(ath__build_objects(&m->script, &m->migration, &m->arena, &revisions, &environment, &m->error));
    for (size_t i = 0; i < ATH_COUNT_OF(kept_keys); i++) {
        const char *value = mig_config_get(&m->config, kept_keys[i], NULL);
        if (value)
            add_record(out, 'K', NULL, kept_keys[i], value, strlen(value));
    }
    for (size_t i = 0; i < m->script.count; i++) {
        ath__source *s = m->script.sources[i];
        const char *sum = NULL;
        const char *file = last_part(s->path);
        ATH_TRY(ath__source_checksum(&m->script, s, &sum, &m->error));
        if (s->form == ATH__FORM_SQL)
            add_record(out, 'S', sum, file, s->text, s->text_size);
        else
            add_record(out, 'C', sum, s->revision.id, file, strlen(file));
    }
    ATH_TRY(add_object(m, out, 'R', revisions));
    ATH_TRY(add_object(m, out, 'E', environment));
    return out->failed ? ath__fail_memory(&m->error) : ATH_OK;
}

/* ---- the program ---- */

/* The place of the seal in what was read; NULL: it is not there, or not once. */
static char *find_seal(char *program, size_t size) {
    char seal[MIG_SEAL];
    for (size_t i = 0; i < MIG_SEAL; i++)
        seal[i] = mig_seal[i];
    char *at = memmem(program, size, seal, MIG_SEAL);
    size_t behind = at ? (size_t)(program + size - at) - MIG_SEAL : 0;
    return at && !memmem(at + MIG_SEAL, behind, seal, MIG_SEAL) ? at : NULL;
}

static ath_status read_program(mig *m, char **program, size_t *size) {
    ATH_TRY(ath__read_file(&m->arena, "/proc/self/exe", program, size, &m->error));
    char *seal = find_seal(*program, *size);
    if (!seal)
        return ath__fail(&m->error, ATH_INTERNAL, "this program does not know itself: it cannot be made a bundle");
    seal[MIG_SEAL - 1] = 'D';
    return ATH_OK;
}

static bool write_program(int file, const char *program, size_t size, const ath__buf *list) {
    char tail[MIG_TAIL + 1];
    FILE *out = fdopen(file, "wb");
    if (!out) {
        close(file);
        return false;
    }
    snprintf(tail, sizeof tail, "%s%016zx", MIG_BUNDLE_MARK, list->size);
    bool good = fwrite(program, 1, size, out) == size &&
                fwrite(ath__buf_text(list), 1, list->size, out) == list->size &&
                fwrite(tail, 1, MIG_TAIL, out) == MIG_TAIL && fflush(out) == 0 && fsync(file) == 0;
    return fclose(out) == 0 && good;
}

/* It is written beside the place and put there whole, so that a bundle that runs is not overwritten. */
static ath_status write_bundle(mig *m, const char *path, const ath__buf *list) {
    const char *draft = ath__arena_printf(&m->arena, "%s.%ld.new", path, (long)getpid());
    char *program = NULL;
    size_t size = 0;
    if (!draft)
        return ath__fail_memory(&m->error);
    ATH_TRY(read_program(m, &program, &size));
    int file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0777);
    errno = file < 0 ? errno : 0;
    if (file >= 0 && write_program(file, program, size, list) && rename(draft, path) == 0)
        return ATH_OK;
    int why = errno;
    if (file >= 0)
        unlink(draft);
    return ath__fail(&m->error, ATH_ARGUMENT, "%s cannot be written: %s", path, strerror(why ? why : EIO));
}

static int tell(mig *m, const char *path) {
    ath__buf out;
    ath__buf_init(&out, &ath__malloc_allocator);
    if (m->globals->json) {
        ath__buf_str(&out, "{\"path\": ");
        mig_json_string(&out, path);
        ath__buf_printf(&out, ", \"revisions\": %zu}\n", m->script.count);
    } else if (!m->globals->quiet) {
        ath__buf_printf(&out, "%s: %zu revision%s\n", path, m->script.count, m->script.count == 1 ? "" : "s");
    }
    return mig_print(m, &out);
}

static int bundle(mig *m) {
    const char *path = mig_option(m, OUTPUT);
    ath__buf list;
    if (!path)
        return mig_refuse(m, "bundle writes a program" ATH__HINT "-o FILE says which");
    if (m->config.database && !m->globals->database)
        return mig_refuse(m, "A bundle is for one database" ATH__HINT "--database NAME says for which");
    if (path[0] != '/' && !(path = ath__arena_printf(&m->arena, "%s/%s", m->called_in, path)))
        return mig_refuse(m, "out of memory");
    ath__buf_init(&list, &ath__malloc_allocator);
    ath_status status = write_list(m, &list);
    if (status == ATH_OK)
        status = write_bundle(m, path, &list);
    ath__buf_done(&list);
    return status == ATH_OK ? tell(m, path) : mig_fail(m);
}

static int run_bundle(const cli_call *call) {
    return mig_each(call, bundle);
}

const cli_command cli_bundle = {
    .name = "bundle",
    .arguments = "-o FILE",
    .what = "write one program that holds every revision, and runs them",
    .more = "It knows upgrade, downgrade, current, history and the other commands that need no files, and takes the\n"
            "database from --url or ATHANOR_URL.  It needs neither a compiler nor the revisions' folder.\n",
    .run = run_bundle,
    .options = options,
    .option_count = ATH_COUNT_OF(options),
    .of_project = true};
