/* SPDX-License-Identifier: Apache-2.0
 *
 * Programs: those that run over a new file ([post_write_hooks]), and the editor.
 */
#include "cli/migrate/migrate.h"

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

/* At blanks; quotes keep them. */
ath_status mig_split_words(ath__arena *arena, const char *text, char ***words, size_t *count, ath_error *error) {
    char *copy = ath__arena_str(arena, text), *to = copy;
    *words = ath__arena_alloc(arena, (strlen(text) / 2 + 3) * sizeof **words);
    *count = 0;
    if (!copy || !*words)
        return ath__fail_memory(error);
    while (*text) {
        char quote = 0;
        text += strspn(text, " \t\r\n");
        if (!*text)
            break;
        (*words)[(*count)++] = to;
        for (; *text && (quote || !strchr(" \t\r\n", *text)); text++)
            if (quote ? *text == quote : *text == '"' || *text == '\'')
                quote = quote ? 0 : *text;
            else
                *to++ = *text;
        text += *text != '\0';
        *to++ = '\0';
    }
    (*words)[*count] = NULL;
    return ATH_OK;
}

int mig_run_program(char *const *words, const char *folder) {
    int status;
    fflush(NULL);
    pid_t child = fork();
    if (child == -1)
        return -1;
    if (child == 0) {
        if (!folder || chdir(folder) == 0)
            execvp(words[0], words);
        _exit(127);
    }
    while (waitpid(child, &status, 0) == -1)
        if (errno != EINTR)
            return -1;
    return WIFEXITED(status) && WEXITSTATUS(status) != 127 ? WEXITSTATUS(status) : -1;
}

/* ---- hooks ---- */

static const char *setting(mig *m, const char *hook, const char *what) {
    char key[200];
    snprintf(key, sizeof key, "%s.%s", hook, what);
    return mig_config_in(&m->config, "post_write_hooks", key);
}

/* REVISION_SCRIPT_FILENAME stands for the file; without it the file comes last. */
static ath_status words_of(mig *m, const char *program, const char *options, const char *path, char ***words) {
    static const char name[] = "REVISION_SCRIPT_FILENAME";
    char **given;
    size_t count;
    bool said = false;
    ATH_TRY(mig_split_words(&m->arena, options ? options : "", &given, &count, &m->error));
    *words = ath__arena_alloc(&m->arena, (count + 3) * sizeof **words);
    if (!*words || !((*words)[0] = ath__arena_str(&m->arena, program)))
        return ath__fail_memory(&m->error);
    for (size_t i = 0; i < count; i++) {
        char *at = strstr(given[i], name);
        (*words)[i + 1] =
            at ? ath__arena_printf(&m->arena, "%.*s%s%s", (int)(at - given[i]), given[i], path, at + sizeof name - 1)
               : given[i];
        if (!(*words)[i + 1])
            return ath__fail_memory(&m->error);
        said = said || at;
    }
    (*words)[count + 1] = said ? NULL : ath__arena_str(&m->arena, path);
    (*words)[count + 2] = NULL;
    return ATH_OK;
}

static ath_status run_hook(mig *m, const char *hook, const char *path) {
    const char *program = setting(m, hook, "executable"), *folder = setting(m, hook, "cwd");
    char **words;
    if (!program)
        program = setting(m, hook, "entrypoint");
    if (!program)
        return ath__fail(&m->error, ATH_ARGUMENT,
                         "No program for the hook %s" ATH__HINT "write %s.executable = ... under [post_write_hooks]",
                         hook, hook);
    ATH_TRY(words_of(m, program, setting(m, hook, "options"), path, &words));
    int code = mig_run_program(words, folder ? mig_config_path(&m->config, folder) : NULL);
    if (code == 0)
        return ATH_OK;
    return ath__fail(&m->error, ATH_ARGUMENT,
                     code == -1 ? "The hook %s: %s could not be run; the file %s is written"
                                : "The hook %s: %s has failed; the file %s is written",
                     hook, program, path);
}

ath_status mig_run_hooks(mig *m, const char *path) {
    const char *list = mig_config_in(&m->config, "post_write_hooks", "hooks");
    ath_name_list hooks = list ? cli_names(&m->arena, list) : (ath_name_list){0, NULL};
    for (size_t i = 0; i < hooks.count; i++) {
        const char *name = hooks.names[i] + strspn(hooks.names[i], " \t");
        const char *trimmed = ath__arena_strn(&m->arena, name, strcspn(name, " \t"));
        if (!trimmed)
            return ath__fail_memory(&m->error);
        if (*trimmed)
            ATH_TRY(run_hook(m, trimmed, path));
    }
    return ATH_OK;
}
