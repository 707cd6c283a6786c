/* SPDX-License-Identifier: Apache-2.0
 *
 * What `athanor init` writes: configurations, environments, notes.
 */
#include "cli/migrate/templates.h"

const char mig_config_head[] =
    "# The configuration of athanor's migrations.  Relative paths begin in this file's folder, %(here)s;\n"
    "# a % needs no doubling.\n"
    "[athanor]\n"
    "script_location = ";

/* What all templates have, behind the URL. */
#define COMMON                                                                                                         \
    "\n"                                                                                                               \
    "# How files of revisions are called: rev, slug, epoch, year, month, day, hour, minute, second.\n"                 \
    "# file_template = %(year)d_%(month).2d_%(day).2d_%(hour).2d%(minute).2d-%(rev)s_%(slug)s\n"                       \
    "# truncate_slug_length = 40\n"                                                                                    \
    "\n"                                                                                                               \
    "# The zone of dates, such as UTC; default: the machine's.\n"                                                      \
    "# timezone = UTC\n"                                                                                               \
    "\n"                                                                                                               \
    "# Other folders of revisions; the first is where new ones go.  What stands between them: os (:), space, "         \
    "newline.\n"                                                                                                       \
    "# version_locations = %(here)s/migrations/versions:%(here)s/more\n"                                               \
    "# path_separator = os\n"                                                                                          \
    "# recursive_version_locations = false\n"                                                                          \
    "\n"                                                                                                               \
    "# The table that keeps where the database is.\n"                                                                  \
    "# version_table = athanor_version\n"                                                                              \
    "# version_table_schema =\n"                                                                                       \
    "\n"                                                                                                               \
    "# One transaction for each revision instead of one for the whole run, where DDL rolls back.\n"                    \
    "# transaction_per_migration = false\n"                                                                            \
    "\n"                                                                                                               \
    "# What autogenerate compares.\n"                                                                                  \
    "# compare_type = true\n"                                                                                          \
    "# compare_server_default = true\n"                                                                                \
    "\n"                                                                                                               \
    "# Programs that run over a new file.\n"                                                                           \
    "# [post_write_hooks]\n"                                                                                           \
    "# hooks = format\n"                                                                                               \
    "# format.executable = clang-format\n"                                                                             \
    "# format.options = -i REVISION_SCRIPT_FILENAME\n"

#define URL                                                                                                            \
    "\n\n"                                                                                                             \
    "# The database; ATHANOR_URL in the environment and --url on the command line go before it.\n"                     \
    "url = driver://user:password@host:port/database\n"

static const char environment[] = "/* The environment of the migrations: says what a run cannot know by itself. */\n"
                                  "#include <athanor/migrate.h>\n"
                                  "\n"
                                  "/* The models, for autogenerate and check: */\n"
                                  "/* #include \"../models.h\" */\n"
                                  "\n"
                                  "ATH_ENVIRONMENT(env) {\n"
                                  "    /* env->metadata = &Blog; */\n"
                                  "    /* if (getenv(\"DATABASE_URL\")) env->url = getenv(\"DATABASE_URL\"); */\n"
                                  "}\n";

const char mig_c_form[] = "/* ${comment}\n"
                          " *\n"
                          " * Revision ID: ${id}\n"
                          " * Revises: ${revises}\n"
                          " * Create Date: ${date}\n"
                          " */\n"
                          "#include <athanor/migrate.h>\n"
                          "\n"
                          "${declaration}\n"
                          "\n"
                          "ATH_UPGRADE(op) {\n"
                          "${up}"
                          "}\n"
                          "\n"
                          "ATH_DOWNGRADE(op) {\n"
                          "${down}"
                          "}\n";

static const char c_readme[] =
    "Revisions of a database, in C or in SQL.\n"
    "\n"
    "    athanor revision -m \"add posts\"     write one into versions/\n"
    "    athanor upgrade head                bring the database up\n"
    "    athanor downgrade -1                take the last one back\n"
    "    athanor history                     what there is\n"
    "\n"
    "env.c names the models and may change the URL; script.c.tmpl is the form of new revisions.\n";

static const char sql_readme[] =
    "Revisions of a database, in SQL.\n"
    "\n"
    "    athanor revision -m \"add posts\"     write one into versions/\n"
    "    athanor upgrade head                bring the database up\n"
    "    athanor downgrade -1                take the last one back\n"
    "    athanor history                     what there is\n"
    "\n"
    "Statements stand under -- +up and -- +down; under -- +up postgresql for that database alone.\n";

static const mig_template_file c_files[] = {
    {"script.c.tmpl", mig_c_form}, {"README", c_readme}, {"env.c", environment}, {NULL, NULL}};
static const mig_template_file sql_files[] = {{"README", sql_readme}, {NULL, NULL}};

const mig_template mig_templates[] = {
    {"c", "one database, revisions in C, compared with models", "versions\0", c_files, URL COMMON},
    {"sql", "one database, revisions in SQL; no compiler is needed", "versions\0", sql_files,
     "\n\n# New revisions are files in SQL.\nrevision_form = sql" URL COMMON},
    {"multidb", "several databases, each with a history of its own", "versions/main\0versions/archive\0", c_files,
     "\n\n"
     "# Commands work on each of these, or on the one of --database.  Each has a folder in versions/ and a section "
     "below, in\n"
     "# which every key of this one may stand.\n"
     "databases = main, archive\n" COMMON "\n"
     "[main]\n"
     "url = driver://user:password@host:port/main\n"
     "\n"
     "[archive]\n"
     "url = driver://user:password@host:port/archive\n"},
};
const size_t mig_template_count = ATH_COUNT_OF(mig_templates);
