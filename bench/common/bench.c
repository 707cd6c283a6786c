/* SPDX-License-Identifier: Apache-2.0
 *
 * Turns, child processes, medians and the report.
 */
#include "bench.h"

#include <dirent.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MAX_TURNS = 101, MAX_SIDES = 8, PATH_SIZE = 300 };

typedef struct measure {
    double ms;
    double peak_mb;
} measure;

typedef struct options {
    size_t n, turns;
    const char *side;
    bool once, tsv;
} options;

void bench_fail(const char *what, const char *why) {
    fprintf(stderr, "bench: %s: %s\n", what, why);
    exit(1);
}

void bench_check(bool condition, const char *what) {
    if (!condition)
        bench_fail(what, "wrong");
}

/* ---- a folder in memory, if there is one ---- */

static char folder[PATH_SIZE];

static void make_folder(void) {
    const char *temporary = getenv("TMPDIR");
    const char *under = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : temporary ? temporary : "/tmp";
    snprintf(folder, sizeof folder, "%.200s/athanor-bench-XXXXXX", under);
    if (!mkdtemp(folder))
        bench_fail(folder, "cannot be made");
}

static void empty_folder(bool keep_base) {
    DIR *d = opendir(folder);
    if (!d)
        return;
    for (struct dirent *e; (e = readdir(d));) {
        char path[2 * PATH_SIZE];
        bool base = strcmp(e->d_name, "base.db") == 0;
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        if (e->d_name[0] != '.' && !(base && keep_base))
            unlink(path);
    }
    closedir(d);
}

static void remove_folder(void) {
    empty_folder(false);
    rmdir(folder);
}

static void path_of(const char *name, char *out) {
    snprintf(out, PATH_SIZE, "%.250s/%s", folder, name);
}

static void copy_base(const char *to) {
    char from[PATH_SIZE];
    static char block[64 * 1024];
    path_of("base.db", from);
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    if (!in || !out)
        bench_fail(to, "cannot be copied");
    for (size_t size; (size = fread(block, 1, sizeof block, in)) > 0;)
        bench_check(fwrite(block, 1, size, out) == size, "copying the database");
    fclose(in);
    bench_check(fclose(out) == 0, "copying the database");
}

/* ---- or a database on a server ---- */

static const bench_server *server;
static char database[64];
static pid_t maker;

static void drop_database(void) {
    if (getpid() == maker)
        server->drop(getenv(server->variable), database);
}

/* Without a server there is nothing to measure. */
static void make_database(void) {
    const char *url = getenv(server->variable);
    if (!url || !*url) {
        fprintf(stderr, "bench: %s is not set: no server\n", server->variable);
        exit(77);
    }
    maker = getpid();
    snprintf(database, sizeof database, "athanor_bench_%ld", (long)maker);
    server->make(url, database);
    atexit(drop_database);
}

/* The server's URL with the database of the benchmark: behind the last slash stands another one, or none. */
static void database_url(char *out) {
    const char *url = getenv(server->variable), *last = strrchr(url, '/');
    snprintf(out, PATH_SIZE, "%.*s/%s%s", (int)(last - url), url, database, server->options);
}

/* Where the tables are made, and where a run works. */
static void place_of(const char *file, char *out) {
    if (server)
        database_url(out);
    else
        path_of(file, out);
}

/* ---- one run ---- */

static double milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec * 1e-6;
}

/* The highest resident memory this process ever had (ru_maxrss would begin with the parent's). */
static double peak_megabytes(void) {
    char line[200];
    double kilobytes = 0;
    FILE *f = fopen("/proc/self/status", "r");
    while (f && fgets(line, sizeof line, f))
        if (strncmp(line, "VmHWM:", 6) == 0)
            kilobytes = strtod(line + 6, NULL);
    if (f)
        fclose(f);
    return kilobytes / 1024;
}

/* What callgrind counts: it finds this function by name. */
void bench_timed(const bench_side *side, void *state);
__attribute__((noinline)) void bench_timed(const bench_side *side, void *state) {
    side->timed(state);
    __asm__ volatile("" ::: "memory"); /* no tail call: callgrind must see the return */
}

static measure run_here(const bench_side *side, size_t n) {
    char place[PATH_SIZE];
    place_of("run.db", place);
    if (!server) {
        empty_folder(true);
        copy_base(place);
    }
    void *state = side->start(place, n);
    double start = milliseconds();
    bench_timed(side, state);
    measure m = {.ms = milliseconds() - start};
    m.peak_mb = peak_megabytes();
    side->finish(state);
    return m;
}

static void await(pid_t child, const char *what) {
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
        bench_fail(what, "the child failed");
}

/* In a fresh process, so that no run finds memory that another one warmed. */
static measure run_apart(const bench_side *side, size_t n) {
    int ends[2];
    measure m = {0, 0};
    bench_check(pipe(ends) == 0, "pipe");
    pid_t child = fork();
    if (child == 0) {
        m = run_here(side, n);
        _exit(write(ends[1], &m, sizeof m) == (ssize_t)sizeof m ? 0 : 1);
    }
    close(ends[1]);
    ssize_t got = read(ends[0], &m, sizeof m);
    close(ends[0]);
    await(child, side->name);
    bench_check(got == (ssize_t)sizeof m, "the child's report");
    return m;
}

static void prepare(const bench *b, size_t n, bool here) {
    char place[PATH_SIZE];
    place_of("base.db", place);
    pid_t child = here ? 0 : fork();
    if (child == 0)
        b->prepare(place, n);
    if (here)
        return;
    if (child == 0)
        _exit(0);
    await(child, "making the database");
}

/* ---- medians ---- */

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(const double *values, size_t count) {
    double sorted[MAX_TURNS];
    memcpy(sorted, values, count * sizeof *values);
    qsort(sorted, count, sizeof *sorted, by_value);
    return count % 2 ? sorted[count / 2] : (sorted[count / 2 - 1] + sorted[count / 2]) / 2;
}

/* ---- the report ---- */

typedef struct results {
    measure of[MAX_SIDES][MAX_TURNS];
    size_t turns, n;
} results;

static size_t side_index(const bench *b, const char *name) {
    for (size_t i = 0; i < b->side_count; i++)
        if (strcmp(b->sides[i]->name, name) == 0)
            return i;
    bench_fail(name, "there is no such side");
}

static double value_of(const results *r, size_t side, size_t turn, bench_unit unit) {
    const measure *m = &r->of[side][turn];
    return unit == BENCH_MEMORY ? m->peak_mb : unit == BENCH_EACH ? m->ms * 1000 / (double)r->n : m->ms;
}

static void report_line(const bench *b, const results *r, const bench_line *line, bool tsv) {
    static const char *const units[] = {"ms", "MB", "us each"};
    double base[MAX_TURNS] = {0}, own[MAX_TURNS], ratio[MAX_TURNS] = {0};
    size_t side = side_index(b, line->side);
    for (size_t i = 0; i < r->turns; i++) {
        own[i] = value_of(r, side, i, line->unit);
        if (line->base) {
            base[i] = value_of(r, side_index(b, line->base), i, line->unit);
            ratio[i] = own[i] / base[i];
        }
    }
    printf(tsv ? "%s\t%s\t%.3f\t%.3f\t%.3f\t%.2f\t%s\t%s\t%zu\n" : "%-50s %8s %9.2f %9.2f %7.2f %6.2f\n", line->label,
           units[line->unit], median(base, r->turns), median(own, r->turns), median(ratio, r->turns), line->goal,
           line->base ? line->base : "", line->side, b->small_n);
}

/* Each turn begins with another side. */
static void measure_all(const bench *b, results *r) {
    for (size_t turn = 0; turn < r->turns; turn++)
        for (size_t i = 0; i < b->side_count; i++) {
            size_t side = (turn + i) % b->side_count;
            r->of[side][turn] = run_apart(b->sides[side], r->n);
        }
}

static void compare(const bench *b, const options *o) {
    static results r;
    r.turns = o->turns;
    r.n = o->n;
    prepare(b, o->n, false);
    measure_all(b, &r);
    if (!o->tsv)
        printf("%-50s %8s %9s %9s %7s %6s\n", b->name, "unit", "raw", "ours", "ratio", "goal");
    if (!o->tsv && o->n != b->n)
        printf("with n = %zu instead of %zu\n", o->n, b->n);
    for (size_t i = 0; i < b->line_count; i++)
        report_line(b, &r, &b->lines[i], o->tsv);
}

static void run_once(const bench *b, const options *o) {
    prepare(b, o->n, true);
    measure m = run_here(b->sides[side_index(b, o->side)], o->n);
    printf("%s %s, n = %zu: %.3f ms, peak %.1f MB\n", b->name, o->side, o->n, m.ms, m.peak_mb);
}

/* ---- options ---- */

static void read_options(int argc, char **argv, const bench *b, options *o) {
    static const struct option known[] = {
        {"n", required_argument, NULL, 'n'},    {"turns", required_argument, NULL, 't'},
        {"side", required_argument, NULL, 's'}, {"raw", no_argument, NULL, 'r'},
        {"ours", no_argument, NULL, 'o'},       {"once", no_argument, NULL, '1'},
        {"tsv", no_argument, NULL, 'v'},        {NULL, 0, NULL, 0}};
    *o = (options){.n = b->n, .turns = 7};
    for (int c; (c = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        if (c == 'n')
            o->n = (size_t)strtoull(optarg, NULL, 10);
        else if (c == 't')
            o->turns = (size_t)strtoull(optarg, NULL, 10);
        else if (c == 's' || c == 'r' || c == 'o')
            o->side = c == 's' ? optarg : c == 'r' ? "raw" : "ours";
        else if (c == '1')
            o->once = true;
        else if (c == 'v')
            o->tsv = true;
        else
            exit(2);
    }
    if (optind != argc || o->n == 0 || o->turns == 0 || o->turns > MAX_TURNS || o->once != (o->side != NULL)) {
        fprintf(stderr, "usage: %s [--n N] [--turns N] [--tsv] | [--n N] (--raw | --ours | --side NAME) --once\n",
                argv[0]);
        exit(2);
    }
}

int bench_main(int argc, char **argv, const bench *b) {
    options o;
    read_options(argc, argv, b, &o);
    server = b->server;
    if (server) {
        make_database();
    } else {
        make_folder();
        atexit(remove_folder);
    }
    if (o.once)
        run_once(b, &o);
    else
        compare(b, &o);
    return 0;
}
