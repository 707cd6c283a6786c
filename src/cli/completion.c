/* SPDX-License-Identifier: Apache-2.0
 *
 * `athanor completion`: what a shell needs to complete commands, options and revisions, made from the table of commands.
 */
#include "cli/tell.h"

/* Prints the ids of the history; the shells' scripts call it. */
static const char revisions[] = "    athanor history 2>/dev/null | awk '{ for (i = 1; i < NF; i++) if ($i == \"->\") "
                                "{ sub(/,$/, \"\", $(i + 1)); print $(i + 1); next } }'\n";

bool cli_takes_revisions(const cli_command *c) {
    return strstr(c->arguments, "REVISION") || strstr(c->arguments, "FROM:TO");
}

static bool takes_path(const cli_option *o) {
    return o->value &&
           (strcmp(o->value, "FILE") == 0 || strcmp(o->value, "PATH") == 0 || strcmp(o->value, "FOLDER") == 0);
}

static bool takes_revision(const cli_option *o) {
    return o->value && strcmp(o->value, "REVISION") == 0;
}

/* ---- bash ---- */

static void bash_words(FILE *out, const cli_option *options, size_t count) {
    for (size_t i = 0; i < count; i++)
        fprintf(out, "%s--%s", i ? " " : "", options[i].name);
}

/* The words of options, as a pattern of `case`; those for which `which` holds. */
static void bash_pattern(FILE *out, const cli_option *options, size_t count, bool (*which)(const cli_option *),
                         bool *any) {
    for (size_t i = 0; i < count; i++)
        if (which(&options[i])) {
            fprintf(out, "%s--%s", *any ? "|" : "", options[i].name);
            if (options[i].letter)
                fprintf(out, "|-%c", options[i].letter);
            *any = true;
        }
}

static bool takes_value(const cli_option *o) {
    return o->value != NULL;
}

static void bash_command(FILE *out, const cli_command *c) {
    bool path = false, revision = false;
    fprintf(out, "    %s)\n        options=\"", c->name);
    bash_words(out, c->options, c->option_count);
    fprintf(out, " --help\"\n");
    for (size_t i = 0; i < c->option_count; i++) {
        path = path || takes_path(&c->options[i]);
        revision = revision || takes_revision(&c->options[i]);
    }
    if (path || revision)
        fputs("        case $previous in\n", out);
    if (path) {
        path = false;
        fputs("        ", out);
        bash_pattern(out, c->options, c->option_count, takes_path, &path);
        fputs(") operands=files ;;\n", out);
    }
    if (revision) {
        revision = false;
        fputs("        ", out);
        bash_pattern(out, c->options, c->option_count, takes_revision, &revision);
        fputs(") operands=revisions ;;\n", out);
    }
    fprintf(out, "        %s%s%s\n        ;;\n", path || revision ? "*) " : "",
            cli_takes_revisions(c) ? "operands=revisions" : "operands=files",
            path || revision ? " ;;\n        esac" : "");
}

static const char bash_begin[] = "# Completion of athanor for bash: source <(athanor completion bash)\n"
                                 "_athanor_revisions() {\n    echo head heads base\n";

static const char bash_middle[] =
    "}\n\n_athanor() {\n"
    "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}\n"
    "    local command='' options='' operands=none i\n"
    "    for ((i = 1; i < COMP_CWORD; i++)); do\n        case ${COMP_WORDS[i]} in\n        ";

static const char bash_end[] = "    esac\n"
                               "    if [[ $current == -* ]]; then\n"
                               "        COMPREPLY=($(compgen -W \"$options $globals\" -- \"$current\"))\n"
                               "    elif [[ $operands == revisions ]]; then\n"
                               "        COMPREPLY=($(compgen -W \"$(_athanor_revisions)\" -- \"$current\"))\n"
                               "    elif [[ $operands == files ]]; then\n"
                               "        COMPREPLY=($(compgen -f -- \"$current\"))\n"
                               "    fi\n"
                               "}\n"
                               "complete -F _athanor athanor\n";

void cli_complete_bash(FILE *out) {
    bool any = false;
    fputs(bash_begin, out);
    fputs(revisions, out);
    fputs(bash_middle, out);
    bash_pattern(out, cli_global_options, cli_global_count, takes_value, &any);
    fputs(") ((i++)) ;;\n        -*) ;;\n        *)\n            command=${COMP_WORDS[i]}\n            break\n"
          "            ;;\n        esac\n    done\n    local globals=\"",
          out);
    bash_words(out, cli_global_options, cli_global_count);
    fputs("\"\n    COMPREPLY=()\n    case $command in\n    '')\n"
          "        if [[ $previous == -c || $previous == --config ]]; then\n"
          "            COMPREPLY=($(compgen -f -- \"$current\"))\n            return\n        fi\n"
          "        COMPREPLY=($(compgen -W \"",
          out);
    for (size_t i = 0; i < cli_command_count; i++)
        fprintf(out, "%s%s", i ? " " : "", cli_commands[i]->name);
    fputs(" $globals --version --help\" -- \"$current\"))\n        return\n        ;;\n", out);
    for (size_t i = 0; i < cli_command_count; i++)
        bash_command(out, cli_commands[i]);
    fputs(bash_end, out);
}

/* ---- zsh ---- */

/* Inside of single quotes, where some characters have a meaning for _arguments. */
static void zsh_text(FILE *out, const char *text) {
    for (; *text; text++) {
        if (*text == '\'')
            fputs("'\\'", out);
        else if (strchr("[]:\\", *text))
            fputc('\\', out);
        fputc(*text, out);
    }
}

static const char *zsh_action(const cli_option *o) {
    return takes_path(o) ? "_files" : takes_revision(o) ? "_athanor_revisions" : " ";
}

static void zsh_option(FILE *out, const cli_option *o) {
    if (o->letter)
        fprintf(out, " '(-%c --%s)'{-%c,--%s}'[", o->letter, o->name, o->letter, o->name);
    else
        fprintf(out, " '--%s[", o->name);
    zsh_text(out, o->what);
    fputc(']', out);
    if (o->value) {
        fputc(':', out);
        zsh_text(out, o->value);
        fprintf(out, ":%s", zsh_action(o));
    }
    fputc('\'', out);
}

static void zsh_command(FILE *out, const cli_command *c) {
    fprintf(out, "        %s)\n            _arguments $globals", c->name);
    for (size_t i = 0; i < c->option_count; i++) {
        fputs(" \\\n               ", out);
        zsh_option(out, &c->options[i]);
    }
    fprintf(out, " \\\n                '*:%s:%s'\n            ;;\n", cli_takes_revisions(c) ? "revision" : "argument",
            cli_takes_revisions(c) ? "_athanor_revisions" : "_files");
}

void cli_complete_zsh(FILE *out) {
    fputs("#compdef athanor\n# Completion of athanor for zsh: athanor completion zsh > DIRECTORY-OF-FPATH/_athanor\n"
          "_athanor_revisions() {\n    local -a all\n    all=(head heads base ${(f)\"$(\n",
          out);
    fputs(revisions, out);
    fputs("    )\"})\n    compadd -a all\n}\n\n_athanor() {\n    local context state state_descr line\n"
          "    typeset -A opt_args\n    local -a globals commands\n    globals=(\n",
          out);
    for (size_t i = 0; i < cli_global_count; i++) {
        fputs("       ", out);
        zsh_option(out, &cli_global_options[i]);
        fputc('\n', out);
    }
    fputs("    )\n    commands=(\n", out);
    for (size_t i = 0; i < cli_command_count; i++) {
        fprintf(out, "        '%s:", cli_commands[i]->name);
        zsh_text(out, cli_commands[i]->what);
        fputs("'\n", out);
    }
    fputs("    )\n    _arguments -C $globals '1:command:->command' '*::argument:->argument'\n    case $state in\n"
          "    command) _describe command commands ;;\n    argument)\n        case $line[1] in\n",
          out);
    for (size_t i = 0; i < cli_command_count; i++)
        zsh_command(out, cli_commands[i]);
    fputs("        esac\n        ;;\n    esac\n}\n\n_athanor \"$@\"\n", out);
}

/* ---- the command ---- */

static int completion(const cli_call *call) {
    const char *shell = call->operands[0];
    if (strcmp(shell, "bash") == 0)
        cli_complete_bash(stdout);
    else if (strcmp(shell, "zsh") == 0)
        cli_complete_zsh(stdout);
    else {
        cli_complain("completion: no such shell: %s (bash and zsh are known)", shell);
        return CLI_USAGE;
    }
    return fflush(stdout) == 0 ? CLI_DONE : CLI_REFUSED;
}

const cli_command cli_completion = {.name = "completion",
                                    .arguments = "SHELL",
                                    .what = "print what bash or zsh needs to complete commands",
                                    .more = "In bash: source <(athanor completion bash)\n",
                                    .least = 1,
                                    .most = 1,
                                    .run = completion};
