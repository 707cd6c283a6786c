/* SPDX-License-Identifier: Apache-2.0
 *
 * `athanor init`: a folder of revisions and athanor.ini, from a template; and the list of the templates.
 */
#include "cli/migrate/templates.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TEMPLATE };

static const cli_option init_options[] = {
    [TEMPLATE] = {"template", 't', "NAME", "which of `athanor list-templates` (c)"},
};

/* Names that people know from elsewhere. */
static const mig_template *find_template(const char *name) {
    static const char *const others[][2] = {{"generic", "c"}, {"async", "c"}, {"pyproject", "c"}};
    for (size_t i = 0; i < ATH_COUNT_OF(others); i++)
        if (strcmp(others[i][0], name) == 0)
            name = others[i][1];
    for (size_t i = 0; i < mig_template_count; i++)
        if (strcmp(mig_templates[i].name, name) == 0)
            return &mig_templates[i];
    return NULL;
}

/* 0: not there, 1: a folder, empty, 2: with something in it, 3: no folder. */
static int state_of(const char *path) {
    struct stat st;
    DIR *dir = stat(path, &st) == 0 && S_ISDIR(st.st_mode) ? opendir(path) : NULL;
    int state = dir ? 1 : access(path, F_OK) == 0 ? 3 : 0;
    for (struct dirent *e; dir && (e = readdir(dir)) != NULL;)
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
            state = 2;
    if (dir)
        closedir(dir);
    return state;
}

static ath_status make_in(mig *m, const char *folder, const char *name, const char *text) {
    char path[PATH_MAX + 100];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return mig_make_file(m->globals, path, text, &m->error);
}

static ath_status make_folders(mig *m, const mig_template *t, const char *folder) {
    ATH_TRY(mig_make_folder(m->globals, folder, &m->error));
    for (const char *inner = t->folders; *inner; inner += strlen(inner) + 1) {
        char path[PATH_MAX + 100];
        snprintf(path, sizeof path, "%s/%s", folder, inner);
        ATH_TRY(mig_make_folder(m->globals, path, &m->error));
    }
    return ATH_OK;
}

/* athanor.ini; where there is one already it stays as it is. */
static ath_status make_config(mig *m, const mig_template *t, const char *path, const char *location) {
    if (access(path, F_OK) == 0) {
        if (!m->globals->quiet && !m->globals->json)
            printf("File %s already exists, skipping\n", path);
        return ATH_OK;
    }
    const char *text = ath__arena_printf(&m->arena, "%s%s%s", mig_config_head, location, t->config);
    return text ? mig_make_file(m->globals, path, text, &m->error) : ath__fail_memory(&m->error);
}

/* The location as the file says it: from its own folder on, where that can be. */
static const char *location_from(mig *m, const char *config, const char *folder) {
    const char *slash = strrchr(config, '/');
    size_t size = slash ? (size_t)(slash - config) : 0;
    if (strncmp(folder, config, size) == 0 && folder[size] == '/')
        return ath__arena_printf(&m->arena, "%%(here)s/%s", folder + size + 1);
    return folder;
}

static const char *absolute(mig *m, const char *path) {
    char here[PATH_MAX];
    while (strncmp(path, "./", 2) == 0)
        path += 2;
    size_t size = strlen(path);
    while (size > 1 && path[size - 1] == '/')
        size--;
    if (path[0] == '/')
        return ath__arena_strn(&m->arena, path, size);
    return getcwd(here, sizeof here)
               ? ath__arena_printf(&m->arena, "%s/%.*s", strcmp(here, "/") ? here : "", (int)size, path)
               : NULL;
}

static int make_all(mig *m, const mig_template *t, const char *folder) {
    const char *set = getenv("ATHANOR_CONFIG");
    const char *named = m->globals->config ? m->globals->config : set && *set ? set : "athanor.ini";
    const char *config = absolute(m, named), *location = config ? location_from(m, config, folder) : NULL;
    if (!location) {
        ath__fail_memory(&m->error);
        return mig_fail(m);
    }
    if (make_folders(m, t, folder) != ATH_OK)
        return mig_fail(m);
    for (const mig_template_file *f = t->files; f->name; f++)
        if (make_in(m, folder, f->name, f->text) != ATH_OK)
            return mig_fail(m);
    if (make_config(m, t, config, location) != ATH_OK)
        return mig_fail(m);
    if (m->globals->json) {
        ath__buf out;
        ath__buf_init(&out, &ath__malloc_allocator);
        ath__buf_str(&out, "{\"config\": ");
        mig_json_string(&out, config);
        ath__buf_str(&out, ", \"script_location\": ");
        mig_json_string(&out, folder);
        ath__buf_str(&out, "}\n");
        return mig_print(m, &out);
    }
    if (!m->globals->quiet)
        printf("Please edit the configuration in %s before proceeding.\n", config);
    return CLI_DONE;
}

static int init(mig *m) {
    const char *asked = m->call->operand_count ? m->call->operands[0] : "migrations";
    const char *name = mig_option(m, TEMPLATE) ? mig_option(m, TEMPLATE) : "c", *folder = absolute(m, asked);
    const mig_template *t = find_template(name);
    if (!t)
        return mig_refuse(m, "No such template '%s'" ATH__HINT "`athanor list-templates` lists them", name);
    if (!folder) {
        ath__fail_memory(&m->error);
        return mig_fail(m);
    }
    int state = state_of(folder);
    if (state == 2)
        return mig_refuse(m, "Directory %s already exists and is not empty", asked);
    if (state == 3)
        return mig_refuse(m, "%s is there and is no folder", asked);
    return make_all(m, t, folder);
}

static int run_init(const cli_call *call) {
    mig m = {.call = call, .globals = call->globals};
    ath__arena_init(&m.arena, &ath__malloc_allocator);
    int code = init(&m);
    ath__arena_done(&m.arena);
    return code;
}

const cli_command cli_init = {.name = "init",
                              .arguments = "[FOLDER]",
                              .what = "begin: a folder for revisions (migrations) and athanor.ini",
                              .most = 1,
                              .run = run_init,
                              .options = init_options,
                              .option_count = ATH_COUNT_OF(init_options),
                              .of_project = true};

/* ---- list-templates ---- */

static int list_json(void) {
    for (size_t i = 0; i < mig_template_count; i++)
        printf("%s{\"name\": \"%s\", \"what\": \"%s\"}", i ? ",\n " : "[", mig_templates[i].name,
               mig_templates[i].what);
    puts("]");
    return CLI_DONE;
}

static int run_list_templates(const cli_call *call) {
    if (call->globals->json)
        return list_json();
    puts("Available templates:\n");
    for (size_t i = 0; i < mig_template_count; i++)
        printf("%s - %s\n", mig_templates[i].name, mig_templates[i].what);
    puts("\nTemplates are used via the 'init' command, e.g.:\n\n  athanor init --template sql ./migrations");
    return CLI_DONE;
}

const cli_command cli_list_templates = {.name = "list-templates",
                                        .arguments = "",
                                        .what = "what init can begin with",
                                        .run = run_list_templates,
                                        .of_project = true};
