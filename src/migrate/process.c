/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs programs (the C compiler), several at a time, and collects what they say.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "migrate/build.h"

extern char **environ;

static ath_status spawn(ath__process *job, int output, ath_error *error) {
    posix_spawn_file_actions_t actions;
    pid_t pid = 0;
    if (posix_spawn_file_actions_init(&actions) != 0)
        return ath__fail_memory(error);
    int failed = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    failed = failed ? failed : posix_spawn_file_actions_adddup2(&actions, output, 1);
    failed = failed ? failed : posix_spawn_file_actions_adddup2(&actions, output, 2);
    union {
        const char *const *ours;
        char *const *theirs;
    } argv = {.ours = job->argv};
    failed = failed ? failed : posix_spawnp(&pid, job->argv[0], &actions, NULL, argv.theirs, environ);
    posix_spawn_file_actions_destroy(&actions);
    job->pid = failed ? 0 : (int)pid;
    if (failed == ENOENT)
        return ath__fail(error, ATH_NOT_SUPPORTED, "there is no program \"%s\"", job->argv[0]);
    return failed ? ath__fail(error, ATH_STATE, "cannot run %s: %s", job->argv[0], strerror(failed)) : ATH_OK;
}

static ath_status start(ath__process *job, ath_error *error) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return ath__fail(error, ATH_STATE, "cannot make a pipe: %s", strerror(errno));
    ath_status status = spawn(job, ends[1], error);
    close(ends[1]);
    if (status != ATH_OK)
        close(ends[0]);
    else
        job->output = ends[0];
    return status;
}

static void finish(ath__process *job) {
    int how = 0;
    close(job->output);
    while (waitpid(job->pid, &how, 0) < 0 && errno == EINTR) {
    }
    job->code = WIFEXITED(how) ? WEXITSTATUS(how) : -1;
    job->pid = 0;
}

/* Takes in what has come.  False: that was all. */
static bool listen_to(ath__process *job) {
    char words[4096];
    ssize_t n = read(job->output, words, sizeof words);
    if (n > 0)
        ath__buf_add(&job->said, words, (size_t)n);
    return n > 0 || (n < 0 && errno == EINTR);
}

/* Waits for one of those that run; returns how many have ended. */
static size_t wait_some(ath__process *jobs, size_t started) {
    struct pollfd places[64];
    ath__process *who[64];
    nfds_t n = 0;
    size_t ended = 0;
    for (size_t i = 0; i < started && n < ATH_COUNT_OF(places); i++)
        if (jobs[i].pid) {
            places[n] = (struct pollfd){.fd = jobs[i].output, .events = POLLIN};
            who[n++] = &jobs[i];
        }
    if (n == 0 || poll(places, n, -1) < 0)
        return 0;
    for (nfds_t i = 0; i < n; i++)
        if (places[i].revents && !listen_to(who[i])) {
            finish(who[i]);
            ended++;
        }
    return ended;
}

ath_status ath__run_jobs(ath__process *jobs, size_t count, ath_error *error) {
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    size_t most = processors < 1 ? 1 : processors > 32 ? 32 : (size_t)processors;
    size_t started = 0, running = 0;
    ath_status status = ATH_OK;
    while (running > 0 || (started < count && status == ATH_OK)) {
        while (status == ATH_OK && started < count && running < most) {
            status = start(&jobs[started], error);
            running += status == ATH_OK;
            started += status == ATH_OK;
        }
        running -= wait_some(jobs, started);
    }
    return status;
}

ath_status ath__run_program(const char *const *argv, ath__buf *said, int *code, ath_error *error) {
    ath__process job = {.argv = argv, .said = *said};
    ath_status status = ath__run_jobs(&job, 1, error);
    *said = job.said;
    *code = job.code;
    if (status == ATH_OK && said->failed)
        return ath__fail_memory(error);
    return status;
}
