/* SPDX-License-Identifier: Apache-2.0
 *
 * What is made from the table of commands: completion in a real bash, and the manual page.
 */
#include "command_run.h"

/* What bash offers for a line, sorted, with blanks between. */
static const char *offered(const char *line) {
    static char script[1500];
    snprintf(
        script, sizeof script,
        "PATH='%s':$PATH bash -c 'source <(athanor completion bash); COMP_WORDS=(%s); "
        "COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _athanor; printf \"%%s\\n\" \"${COMPREPLY[@]}\"' | sort | tr '\\n' ' ' "
        ">.out 2>.err",
        built_in(), line);
    CHECK_INT(system(script), 0);
    read_into(".out", out, sizeof out);
    return out;
}

TEST(bash) {
    unsetenv("ATHANOR_URL");
    unsetenv("ATHANOR_CONFIG");
    CHECK_RUN(0, "init -t sql");
    write_text("athanor.ini", "[athanor]\nscript_location = migrations\nrevision_form = sql\n");
    CHECK_RUN(0, "revision -m 'one -> two' --rev-id aaa111");
    CHECK_RUN(0, "revision -m two --rev-id abc123");
    CHECK_STR(offered("athanor up"), "upgrade ");
    CHECK_STR(offered("athanor --url sqlite:///x.db down"), "downgrade ");
    CHECK_STR(offered("athanor upgrade a"), "aaa111 abc123 ");
    CHECK_STR(offered("athanor upgrade hea"), "head heads ");
    CHECK_STR(offered("athanor upgrade --d"), "--database --dry-run ");
    CHECK_STR(offered("athanor revision --head ab"), "abc123 ");
    CHECK_STR(offered("athanor revision --version-path mig"), "migrations ");
    CHECK_STR(offered("athanor -c ath"), "athanor.ini ");
    CHECK_STR(offered("athanor query --nosuch"), " ");
}

/* Every command of the help is known to both shells and to the manual. */
TEST(all_commands) {
    static char bash[30000], zsh[60000], man[60000], help[16000];
    char name[60], wanted[100];
    size_t count = 0;
    CHECK_RUN(0, "completion zsh");
    read_into(".out", zsh, sizeof zsh);
    CHECK_RUN(0, "completion bash");
    read_into(".out", bash, sizeof bash);
    CHECK_RUN(0, "--help");
    snprintf(help, sizeof help, "%s", out);
    CHECK_RUN(0, "--man");
    read_into(".out", man, sizeof man);
    CHECK_IN(zsh, "#compdef athanor\n");
    const char *line = strstr(help, "\n\n  ");
    for (line = line ? line + 2 : ""; strncmp(line, "  ", 2) == 0 && sscanf(line, " %59[a-z-]", name) == 1;
         line = strchr(line, '\n') + 1) {
        count++;
        snprintf(wanted, sizeof wanted, "\n    %s)\n", name);
        CHECK_IN(bash, wanted);
        snprintf(wanted, sizeof wanted, "\n        %s)\n", name);
        CHECK_IN(zsh, wanted);
        CHECK_RUN(0, "%s --help", name);
    }
    CHECK(count > 25);
    CHECK_RUN(2, "completion fish");
    CHECK_STR(err, "athanor: completion: no such shell: fish (bash and zsh are known)\n");
    CHECK_IN(man, ".SH COMMANDS\n");
}

/* The page that is installed is the one that this command would write. */
TEST(manual) {
    char line[900];
    CHECK_RUN(0, "--man");
    CHECK_IN(out, ".SS upgrade \\fI[REVISION]\\fR\n");
    snprintf(line, sizeof line, "'%s/athanor' --man | cmp - '%s/docs/athanor.1'", built_in(), getenv("ATHANOR_SOURCE"));
    CHECK_INT(system(line), 0);
}

int main(int argc, char **argv) {
    static const test_case cases[] = {{"bash", bash}, {"all_commands", all_commands}, {"manual", manual}};
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
