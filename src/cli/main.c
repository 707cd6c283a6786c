/* SPDX-License-Identifier: Apache-2.0
 *
 * The command `athanor`: the table of its sub-commands, and the two smallest of them.
 *
 * Exit codes stand in command.h; those of `models --check`: 0 alike, 1 differs, 2 trouble.
 */
#include "cli/command.h"
#include "cli/migrate/bundled.h"
#include "cli/tell.h"
#include "cli/watch.h"

#include <inttypes.h>

static int refuse(const ath_error *error) {
    cli_say(error);
    return CLI_REFUSED;
}

/* ---- query ---- */

static void print_time(const ath_value *v) {
    char text[ATH_INTERVAL_TEXT];
    if (v->kind == ATH_KIND_DATE)
        ath_date_format(v->as.date, text);
    else if (v->kind == ATH_KIND_TIME)
        ath_time_format(v->as.time, text);
    else if (v->kind == ATH_KIND_TIMESTAMP)
        ath_timestamp_format(v->as.timestamp, text);
    else if (v->kind == ATH_KIND_INTERVAL)
        ath_interval_format(v->as.interval, text);
    else
        ath_datetime_format(v->as.datetime, text);
    fputs(text, stdout);
}

static void print_hex(ath_bytes bytes) {
    const unsigned char *at = bytes.data;
    for (size_t i = 0; i < bytes.size; i++)
        printf("%02x", at[i]);
}

static void print_value(const ath_value *v) {
    char text[ATH_DECIMAL_TEXT];
    switch (v->kind) {
    case ATH_KIND_NULL:
        fputs("NULL", stdout);
        break;
    case ATH_KIND_BOOL:
        fputs(v->as.b ? "true" : "false", stdout);
        break;
    case ATH_KIND_INT:
        printf("%" PRId64, v->as.i);
        break;
    case ATH_KIND_UINT:
        printf("%" PRIu64, v->as.u);
        break;
    case ATH_KIND_REAL:
        printf("%.17g", v->as.d);
        break;
    case ATH_KIND_DECIMAL:
        ath_decimal_format(v->as.decimal, text);
        fputs(text, stdout);
        break;
    case ATH_KIND_UUID:
        ath_uuid_format(v->as.uuid, text);
        fputs(text, stdout);
        break;
    case ATH_KIND_TEXT:
    case ATH_KIND_JSON:
        fwrite(v->as.text.data, 1, v->as.text.size, stdout);
        break;
    case ATH_KIND_BYTES:
        print_hex(v->as.bytes);
        break;
    default:
        print_time(v);
        break;
    }
}

static void print_row(const ath_result *result, const ath_row *row) {
    for (size_t i = 0; i < ath_result_column_count(result); i++) {
        if (i)
            putchar('\t');
        if (row)
            print_value(ath_row_at(row, i));
        else
            fputs(ath_result_column_name(result, i), stdout);
    }
    putchar('\n');
}

static int run_query(ath_connection *connection, const char *sql) {
    ath_result *result = ath_execute(connection, ath_text(sql));
    if (!result)
        return refuse(ath_error(connection));
    if (ath_result_column_count(result))
        print_row(result, NULL);
    for (const ath_row *row; (row = ath_fetch(result)) != NULL;)
        print_row(result, row);
    ath_error error = *ath_result_error(result);
    ath_result_close(result);
    if (error.status == ATH_OK && ath_commit(connection) != ATH_OK)
        error = *ath_error(connection);
    return error.status == ATH_OK ? CLI_DONE : refuse(&error);
}

static int query(const cli_call *call) {
    ath_error error;
    ath_engine *engine = ath_engine_open(call->operands[0], .error = &error);
    ath_connection *connection = engine ? ath_connect(engine, &error) : NULL;
    int code = connection ? run_query(connection, call->operands[1]) : refuse(&error);
    ath_connection_close(connection);
    ath_engine_close(engine);
    return code;
}

/* ---- url ---- */

static int url(const cli_call *call) {
    ath_error error;
    char text[1024];
    ath_url *parsed = ath_url_parse(call->operands[0], &error);
    if (!parsed)
        return refuse(&error);
    ath_url_print(parsed, text, sizeof text);
    puts(text);
    ath_url_free(parsed);
    return CLI_DONE;
}

/* ---- the table ---- */

static const cli_command cli_query = {.name = "query",
                                      .arguments = "URL SQL",
                                      .what = "run one statement and print its rows, tab-separated",
                                      .least = 2,
                                      .most = 2,
                                      .run = query};
static const cli_command cli_url = {.name = "url",
                                    .arguments = "URL",
                                    .what = "check a database URL and print it with its password masked",
                                    .least = 1,
                                    .most = 1,
                                    .run = url};

const cli_command *const cli_commands[] = {
    &cli_init,      &cli_list_templates, &cli_revision,       &cli_merge,   &cli_edit,      &cli_upgrade,
    &cli_downgrade, &cli_stamp,          &cli_current,        &cli_history, &cli_heads,     &cli_branches,
    &cli_show,      &cli_check,          &cli_ensure_version, &cli_plan,    &cli_lint,      &cli_verify,
    &cli_repair,    &cli_bundle,         &cli_baseline,       &cli_dump,    &cli_diagram,   &cli_drift,
    &cli_squash,    &cli_models,         &cli_query,          &cli_url,     &cli_completion};
const size_t cli_command_count = ATH_COUNT_OF(cli_commands);

/* A program that carries revisions has the commands that need no files. */
static bool is_known(const cli_globals *globals, const cli_command *command) {
    return !globals->bundled || command->of_bundle;
}

static int usage(FILE *out, const cli_globals *globals, int code) {
    fprintf(out, "usage: %s [OPTION]... COMMAND ...\n\n", globals->program);
    for (size_t i = 0; i < cli_command_count; i++)
        if (is_known(globals, cli_commands[i]))
            fprintf(out, "  %-15s %-12s %s\n", cli_commands[i]->name, cli_commands[i]->arguments,
                    cli_commands[i]->what);
    fprintf(out, "\n%s COMMAND --help tells more of a command.  Before the command:\n", globals->program);
    for (size_t i = 0; i < cli_global_count; i++)
        if (!globals->bundled || !cli_is_of_files(&cli_global_options[i]))
            cli_print_option(out, &cli_global_options[i]);
    fputs("      --version              print the version\n"
          "      --help                 print this\n"
          "      --man                  print the manual page\n"
          "\nexit codes: 0 done; 1 refused, or something was found; 2 wrong usage; 3 the database refused;\n"
          "            4 a lock was in the way; 5 stopped half-way; 6 out of memory, or a defect of athanor\n",
          out);
    return code;
}

/* list_templates is list-templates. */
static bool is_named(const cli_command *command, const char *name) {
    const char *at = command->name;
    while (*at && (*at == *name || (*at == '-' && *name == '_')))
        at++, name++;
    return !*at && !*name;
}

static int run_named(cli_globals *globals, int argc, char **argv) {
    for (size_t i = 0; i < cli_command_count; i++)
        if (is_named(cli_commands[i], argv[0]) && is_known(globals, cli_commands[i]))
            return cli_run(cli_commands[i], globals, argc - 1, argv + 1);
    cli_complain("no command '%s'", argv[0]);
    return usage(stderr, globals, CLI_USAGE);
}

static int run_words(cli_globals *globals, int argc, char **argv) {
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--version") == 0)
            return printf("athanor %s\n", ath_version()) > 0 ? CLI_DONE : CLI_REFUSED;
        if (strcmp(argv[i], "--man") == 0) {
            cli_write_man(stdout);
            return fflush(stdout) == 0 ? CLI_DONE : CLI_REFUSED;
        }
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return usage(stdout, globals, CLI_DONE);
        if (argv[i][0] != '-')
            return run_named(globals, argc - i, argv + i);
        int code = cli_take_global(globals, argc, argv, &i, true);
        if (code == -1)
            cli_complain("no such option: %s", argv[i]);
        if (code != CLI_DONE)
            return usage(stderr, globals, CLI_USAGE);
    }
    cli_complain("too few arguments");
    return usage(stderr, globals, CLI_USAGE);
}

int main(int argc, char **argv) {
    cli_globals globals = {.program = "athanor"};
    mig_bundled bundled;
    ath_error error;
    bool there;
    cli_watch(&globals);
    if (mig_bundled_open(&bundled, &there, &error) != ATH_OK) {
        mig_say_failed(&globals, &error);
        cli_watch_over();
        return mig_code(&error);
    }
    if (there) {
        const char *slash = argc ? strrchr(argv[0], '/') : NULL;
        globals.program = slash ? slash + 1 : argc ? argv[0] : "bundle";
        globals.bundled = &bundled;
    }
    int code = run_words(&globals, argc, argv);
    if (there)
        mig_bundled_close(&bundled);
    cli_watch_over();
    return code;
}
