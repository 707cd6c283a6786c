/* SPDX-License-Identifier: Apache-2.0
 *
 * The manual page, made from the table of commands: `athanor --man` prints what docs/athanor.1 holds.
 */
#include "cli/tell.h"

/* Text in roff: hyphens are minus signs, a backslash is one, and no line begins with a request. */
static void text(FILE *out, const char *from) {
    bool begins = true;
    for (; *from; from++) {
        if (begins && (*from == '.' || *from == '\''))
            fputs("\\&", out);
        if (*from == '-')
            fputs("\\-", out);
        else if (*from == '\\')
            fputs("\\e", out);
        else
            fputc(*from, out);
        begins = *from == '\n';
    }
}

static void option(FILE *out, const cli_option *o) {
    fputs(".TP\n.B ", out);
    if (o->letter)
        fprintf(out, "\\-%c, ", o->letter);
    text(out, "--");
    text(out, o->name);
    if (o->value) {
        fputs(" \\fI", out);
        text(out, o->value);
        fputs("\\fR", out);
    }
    fputc('\n', out);
    text(out, o->what);
    fputs(".\n", out);
}

static void command(FILE *out, const cli_command *c) {
    fputs(".SS ", out);
    text(out, c->name);
    fprintf(out, "%s\\fI", *c->arguments ? " " : "");
    text(out, c->arguments);
    fputs("\\fR\n", out);
    fputc(c->what[0] >= 'a' && c->what[0] <= 'z' ? c->what[0] - ('a' - 'A') : c->what[0], out);
    text(out, c->what + 1);
    fputs(".\n", out);
    if (c->more) {
        fputs(".PP\n", out);
        text(out, c->more);
    }
    for (size_t i = 0; i < c->option_count; i++)
        option(out, &c->options[i]);
}

static const char begins[] =
    ".SH NAME\nathanor \\- migrations of databases, models from databases\n"
    ".SH SYNOPSIS\n.B athanor\n[\\fIOPTION\\fR]... \\fICOMMAND\\fR ...\n"
    ".SH DESCRIPTION\n"
    "A database's schema changes in revisions: files in C or SQL, each with a way up and a way "
    "down, each naming the one it stands on.\n"
    "athanor writes them, runs them, and knows from a table in the database which have run.\n"
    "Results go to standard output, diagnostics to standard error.\n"
    ".SH OPTIONS\nThey stand before the command; the long ones behind it too.\n";

static const char ends[] =
    ".SH REVISIONS\n"
    "An id or the beginning of one, \\fBhead\\fR, \\fBheads\\fR, \\fBbase\\fR, \\fBcurrent\\fR, a "
    "label, \\fILABEL\\fB@head\\fR, \\fB+2\\fR, \\fB\\-1\\fR, \\fIID\\fB+1\\fR;\n"
    "ranges are written \\fIFROM\\fB:\\fITO\\fR.\n"
    ".SH EXIT STATUS\n"
    ".TP\n.B 0\nDone.\n.TP\n.B 1\nRefused, or something was found.\n.TP\n.B 2\nWrong usage.\n"
    ".TP\n.B 3\nThe database refused, or is not there.\n"
    ".TP\n.B 4\nAnother runner, or a lock, was in the way for too long.\n"
    ".TP\n.B 5\nStopped half\\-way on a database that cannot roll back; the same command goes on.\n"
    ".TP\n.B 6\nOut of memory, or a defect of athanor.\n"
    ".SH ENVIRONMENT\n"
    ".TP\n.B ATHANOR_URL\nThe database.\n.TP\n.B ATHANOR_CONFIG\nThe configuration.\n"
    ".TP\n.B CC\\fR, \\fBCFLAGS\nHow revisions in C are compiled.\n"
    ".TP\n.B XDG_CACHE_HOME\nWhere what was compiled is kept, in a folder athanor.\n"
    ".TP\n.B EDITOR\nWhat \\fBedit\\fR opens.\n"
    ".SH FILES\n.TP\n.B athanor.ini\n"
    "The configuration, looked for in the current folder and in those above it.\n"
    ".TP\n.B env.c\\fR, \\fBversions/\nIn the script location: what a run cannot know by itself, "
    "and the revisions.\n";

void cli_write_man(FILE *out) {
    fputs(".\\\" Made by `athanor --man`.\n.TH ATHANOR 1 \"\" \"athanor\" \"User Commands\"\n", out);
    fputs(begins, out);
    for (size_t i = 0; i < cli_global_count; i++)
        option(out, &cli_global_options[i]);
    fputs(".TP\n.B \\-\\-version\nPrint the version.\n.TP\n.B \\-\\-help\nPrint a summary; behind a command, what it "
          "takes.\n.TP\n.B \\-\\-man\nPrint this page.\n.SH COMMANDS\n",
          out);
    for (size_t i = 0; i < cli_command_count; i++)
        command(out, cli_commands[i]);
    fputs(ends, out);
}
