/* SPDX-License-Identifier: Apache-2.0
 *
 * The command: options, help, diagnostics.
 */
#include "cli/command.h"

#include <stdarg.h>

void cli_say(const ath_error *error) {
    fprintf(stderr, "athanor: %s (%s)\n", error->message, ath_status_name(error->status));
}

void cli_complain(const char *format, ...) {
    va_list args;
    fputs("athanor: ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
}

ath_name_list cli_names(ath__arena *arena, const char *list) {
    size_t count = 0;
    const char **names = list && *list ? ath__arena_alloc(arena, (strlen(list) + 1) * sizeof *names) : NULL;
    while (names && *list) {
        size_t size = strcspn(list, ",");
        const char *name = ath__arena_strn(arena, list, size);
        if (!name)
            return (ath_name_list){0, NULL};
        if (size)
            names[count++] = name;
        list += size + (list[size] == ',');
    }
    return (ath_name_list){count, names};
}

/* ---- help ---- */

static void usage(FILE *out, const cli_globals *g, const cli_command *c) {
    fprintf(out, "usage: %s %s %s%s\n", g->program, c->name, c->option_count ? "[OPTION]... " : "", c->arguments);
}

void cli_print_option(FILE *out, const cli_option *o) {
    char named[64], letter[8] = "    ";
    if (o->letter)
        snprintf(letter, sizeof letter, "-%c, ", o->letter);
    snprintf(named, sizeof named, "%s--%s%s%s", letter, o->name, o->value ? " " : "", o->value ? o->value : "");
    fprintf(out, "  %-26s %s\n", named, o->what);
}

static int help(const cli_globals *g, const cli_command *c) {
    usage(stdout, g, c);
    printf("\n%c%s.\n", c->what[0] >= 'a' && c->what[0] <= 'z' ? c->what[0] - ('a' - 'A') : c->what[0], c->what + 1);
    if (c->more)
        printf("\n%s", c->more);
    putchar('\n');
    for (size_t i = 0; i < c->option_count; i++)
        cli_print_option(stdout, &c->options[i]);
    printf("  %-26s %s\n", "-h, --help", "print this");
    return CLI_DONE;
}

/* ---- global options ---- */

enum { CONFIG, NAME, X, URL, DATABASE, QUIET, RAISEERR, JSON, GLOBAL_COUNT };

const cli_option cli_global_options[] = {
    [CONFIG] = {"config", 'c', "FILE",
                "the configuration; else $ATHANOR_CONFIG, else athanor.ini here or in a folder above"},
    [NAME] = {"name", 'n', "SECTION", "its section (athanor)"},
    [X] = {"x", 'x', "NAME=VALUE", "given to env.c and to revisions; may come several times"},
    [URL] = {"url", 0, "URL", "the database; else $ATHANOR_URL, else what the configuration says"},
    [DATABASE] = {"database", 0, "NAME", "one of several databases (multidb)"},
    [QUIET] = {"quiet", 'q', NULL, "results and warnings alone"},
    [RAISEERR] = {"raiseerr", 0, NULL, "errors with all that is known of them"},
    [JSON] = {"json", 0, NULL, "results as JSON"},
};
const size_t cli_global_count = GLOBAL_COUNT;

bool cli_is_of_files(const cli_option *o) {
    return o == &cli_global_options[CONFIG] || o == &cli_global_options[NAME] || o == &cli_global_options[DATABASE];
}

static int add_x(cli_globals *g, const char *value) {
    if (g->x_count == CLI_MOST_GIVEN) {
        cli_complain("too many -x");
        return CLI_USAGE;
    }
    g->x[g->x_count++] = value;
    return CLI_DONE;
}

static int set_global(cli_globals *g, int option, const char *value) {
    switch (option) {
    case CONFIG:
        g->config = value;
        break;
    case NAME:
        g->section = value;
        break;
    case X:
        return add_x(g, value);
    case URL:
        g->url = value;
        break;
    case DATABASE:
        g->database = value;
        break;
    case QUIET:
        g->quiet = true;
        break;
    case RAISEERR:
        g->raiseerr = true;
        break;
    default:
        g->json = true;
        break;
    }
    return CLI_DONE;
}

static int global_of(const char *word, bool letters, const char **inside) {
    bool is_long = word[1] == '-';
    size_t size = is_long ? strcspn(word + 2, "=") : 0;
    for (int i = 0; i < GLOBAL_COUNT; i++) {
        const cli_option *o = &cli_global_options[i];
        if (is_long && strlen(o->name) == size && strncmp(o->name, word + 2, size) == 0) {
            *inside = word[2 + size] ? word + 3 + size : NULL;
            return i;
        }
        if (!is_long && letters && o->letter && word[1] == o->letter && (o->value || !word[2])) {
            *inside = word[2] ? word + 2 : NULL;
            return i;
        }
    }
    return -1;
}

int cli_take_global(cli_globals *globals, int argc, char **argv, int *at, bool letters) {
    const char *inside = NULL;
    int option = global_of(argv[*at], letters, &inside);
    if (option == -1)
        return -1;
    const cli_option *o = &cli_global_options[option];
    if (!o->value && inside) {
        cli_complain("this option takes no value: --%s", o->name);
        return CLI_USAGE;
    }
    if (o->value && !inside && *at + 1 >= argc) {
        cli_complain("a value is missing behind --%s", o->name);
        return CLI_USAGE;
    }
    return set_global(globals, option, o->value && !inside ? argv[++*at] : inside);
}

/* ---- options ---- */

typedef struct parsing {
    const cli_command *command;
    cli_globals *globals;
    cli_call *call;
    char **argv;
    int argc, at;
} parsing;

static int wrong(const parsing *p, const char *what, const char *which) {
    cli_complain("%s: %s%s", p->command->name, what, which);
    usage(stderr, p->globals, p->command);
    return CLI_USAGE;
}

/* The option of that name or letter, by its place; option_count: there is none. */
static size_t find(const cli_command *c, const char *name, size_t size, char letter) {
    size_t i = 0;
    while (i < c->option_count &&
           !(name ? strlen(c->options[i].name) == size && !strncmp(c->options[i].name, name, size)
                  : c->options[i].letter == letter))
        i++;
    return i;
}

/* Sets an option whose value is `inside` the word, or the word behind it. */
static int set(parsing *p, size_t option, const char *inside) {
    const cli_option *o = &p->command->options[option];
    if (!o->value && inside)
        return wrong(p, "this option takes no value: --", o->name);
    if (!o->value)
        inside = "";
    else if (!inside && p->at + 1 >= p->argc)
        return wrong(p, "a value is missing behind --", o->name);
    else if (!inside)
        inside = p->argv[++p->at];
    p->call->values[option] = inside;
    if (p->call->given_count == CLI_MOST_GIVEN)
        return wrong(p, "too many options; the last was --", o->name);
    p->call->given[p->call->given_count++] = (struct cli_given){option, inside};
    return CLI_DONE;
}

/* What the command does not know may be a global option. */
static int take_other(parsing *p, const char *dash, const char *word, bool letters) {
    int code = p->command->of_project ? cli_take_global(p->globals, p->argc, p->argv, &p->at, letters) : -1;
    if (code == -1) {
        char what[40];
        snprintf(what, sizeof what, "no such option: %s", dash);
        return wrong(p, what, word);
    }
    return code;
}

static int take_long(parsing *p, const char *word) {
    size_t size = strcspn(word, "="), option = find(p->command, word, size, 0);
    if (option == p->command->option_count)
        return take_other(p, "--", word, false);
    return set(p, option, word[size] ? word + size + 1 : NULL);
}

static int take_letters(parsing *p, const char *word) {
    for (; *word; word++) {
        size_t option = find(p->command, NULL, 0, *word);
        if (option == p->command->option_count)
            return take_other(p, "-", word, word == p->argv[p->at] + 1);
        if (p->command->options[option].value)
            return set(p, option, word[1] ? word + 1 : NULL);
        p->call->values[option] = "";
    }
    return CLI_DONE;
}

/* "-2" is a revision, not an option. */
static bool is_operand(const char *word) {
    return word[0] != '-' || !word[1] || (word[1] >= '0' && word[1] <= '9');
}

static bool asks_for_help(const char *word) {
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

int cli_run(const cli_command *command, cli_globals *globals, int argc, char **argv) {
    cli_call call = {.command = command, .globals = globals, .operands = argv};
    parsing p = {command, globals, &call, argv, argc, 0};
    bool only_operands = false;
    for (; p.at < argc; p.at++) {
        const char *word = argv[p.at];
        int code = CLI_DONE;
        if (only_operands || is_operand(word))
            argv[call.operand_count++] = argv[p.at]; /* those before are read already */
        else if (strcmp(word, "--") == 0)
            only_operands = true;
        else if (asks_for_help(word))
            return help(globals, command);
        else
            code = word[1] == '-' ? take_long(&p, word + 2) : take_letters(&p, word + 1);
        if (code != CLI_DONE)
            return code;
    }
    if (call.operand_count >= command->least && call.operand_count <= command->most)
        return command->run(&call);
    if (call.operand_count < command->least)
        return wrong(&p, "something is missing behind ", command->name);
    return wrong(&p, "one too many: ", argv[command->most]);
}
