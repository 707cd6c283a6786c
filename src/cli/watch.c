/* SPDX-License-Identifier: Apache-2.0
 *
 * The end of the program is watched.
 */
#include "cli/watch.h"

#include "cli/migrate/migrate.h"

#include <signal.h>
#include <unistd.h>

/* A handler of the process's end is given nothing but what is global. */
static struct watch {
    const cli_globals *globals;
    pid_t process; /* those that it has forked off end as they like */
    char revision[300];
    bool over;
} watched;

static void ended(void) {
    ath_error why;
    if (watched.over || getpid() != watched.process)
        return;
    ath_error_clear(&why);
    ath__fail(&why, ATH_INTERNAL, "%s%s ended the program (exit): what was not committed has not happened%s",
              watched.revision[0] ? "revision " : "", watched.revision[0] ? watched.revision : "a revision or env.c",
              ATH__HINT
              "nothing that is run here may call exit; `athanor repair` tells whether a revision is half-way");
    fflush(stdout);
    mig_say_failed(watched.globals, &why);
    fflush(stderr);
    _exit(CLI_DEFECT);
}

static void tell(const char *text) {
    size_t size = strlen(text);
    while (size) {
        ssize_t n = write(STDERR_FILENO, text, size);
        if (n <= 0)
            return;
        text += n;
        size -= (size_t)n;
    }
}

/* The signal does what it does without this, behind it. */
static void crashed(int signal_number) {
    tell("FAILED: athanor crashed");
    if (watched.revision[0]) {
        tell(" in revision ");
        tell(watched.revision);
    }
    tell("\n");
    raise(signal_number);
}

static void watch_signal(int number) {
    struct sigaction before, now = {.sa_handler = crashed, .sa_flags = (int)(SA_RESETHAND | SA_ONSTACK)};
    sigemptyset(&now.sa_mask);
    if (sigaction(number, NULL, &before) == 0 && !(before.sa_flags & SA_SIGINFO) && before.sa_handler == SIG_DFL)
        sigaction(number, &now, NULL);
}

void cli_watch(const cli_globals *globals) {
    static const int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    static char room[65536]; /* for the handler, when the stack is what ran out */
    const stack_t stack = {.ss_sp = room, .ss_size = sizeof room};
    watched = (struct watch){.globals = globals, .process = getpid()};
    if (atexit(ended) != 0)
        watched.over = true;
    sigaltstack(&stack, NULL);
    for (size_t i = 0; i < ATH_COUNT_OF(signals); i++)
        watch_signal(signals[i]);
}

void cli_watch_revision(const char *id) {
    ath__copy_text(watched.revision, sizeof watched.revision, id ? id : "", id ? strlen(id) : 0);
}

void cli_watch_over(void) {
    watched.over = true;
}
