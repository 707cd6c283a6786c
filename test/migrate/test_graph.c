/* SPDX-License-Identifier: Apache-2.0
 *
 * The revision graph: what is refused and in which words, symbols, plans; random graphs; memory that runs out; long
 * histories.
 */
#include "test.h"

#include "migrate/graph.h"

#include "../base/counting.h"

static ath__arena arena;
static ath_error error;

typedef struct line {
    const char *id, *down, *depends_on, *labels;
} line;

static ath__graph *graph_of(const line *lines, size_t count) {
    ath__arena_init(&arena, &ath__malloc_allocator);
    ath_error_clear(&error);
    ath__graph *g = ath__graph_new(&arena, &error);
    for (size_t i = 0; i < count; i++) {
        char path[80];
        snprintf(path, sizeof path, "versions/%zu.c", i);
        ath_revision r = {.id = lines[i].id,
                          .down = lines[i].down,
                          .depends_on = lines[i].depends_on,
                          .branch_labels = lines[i].labels};
        if (ath__graph_add(g, &r, path, NULL, &error) != ATH_OK)
            return NULL;
    }
    return ath__graph_finish(g, &error) == ATH_OK ? g : NULL;
}
#define GRAPH(...) graph_of((const line[]){__VA_ARGS__}, sizeof((const line[]){__VA_ARGS__}) / sizeof(line))

/* Part of a message. */
static bool says(const char *text) {
    return strstr(error.message, text) != NULL;
}

static void done(void) {
    ath__arena_done(&arena);
}

/* ---- what is wrong with a graph ---- */

TEST(broken_graphs) {
    CHECK(!GRAPH({"a", "a", NULL, NULL}));
    CHECK(says("Self-loop is detected in revisions (a): versions/0.c"));
    done();
    CHECK(!GRAPH({"a", NULL, "a", NULL}));
    CHECK(says("Dependency self-loop is detected in revisions (a)"));
    done();
    CHECK(!GRAPH({"a", NULL, NULL, NULL}, {"b", "x", NULL, NULL}));
    CHECK(says("Revision x referenced from b (versions/1.c) is not present"));
    done();
    CHECK(!GRAPH({"a", NULL, NULL, "lab"}, {"b", "lab", NULL, NULL})); /* a parent is named by its id */
    CHECK(says("Revision lab referenced from b"));
    done();
    CHECK(!GRAPH({"a", NULL, "gone", NULL}));
    CHECK(says("Revision gone referenced from a"));
    done();
    CHECK(!GRAPH({"a", NULL, NULL, NULL}, {"b", "a", NULL, NULL}, {"a", NULL, NULL, NULL}));
    CHECK(says("Revision a is present more than once: in versions/0.c and versions/2.c"));
    done();
    CHECK(!GRAPH({"a", NULL, NULL, "shop"}, {"b", "a", NULL, "shop"}));
    CHECK(says("Branch name 'shop' in revision b already used by revision a"));
    done();
    CHECK(!GRAPH({"a", NULL, NULL, "b"}, {"b", "a", NULL, NULL}));
    CHECK(says("Branch name 'b' in revision a already used by revision b"));
    done();
    CHECK(!GRAPH({"bad-id", NULL, NULL, NULL}));
    CHECK(says("Character(s) '-' not allowed in revision identifier 'bad-id' (versions/0.c)"));
    done();
    CHECK(!GRAPH({"a:@b", NULL, NULL, NULL}));
    CHECK(says("Character(s) ':, @' not allowed in revision identifier"));
    done();
    CHECK(!GRAPH({"", NULL, NULL, NULL}));
    CHECK(says("1 to 255 characters"));
    done();
}

TEST(loops_are_told) {
    CHECK(!GRAPH({"a", "b", NULL, NULL}, {"b", "a", NULL, NULL}));
    CHECK(says("Cycle is detected in revisions (a, b): "));
    CHECK(says("a -> b -> a") || says("b -> a -> b"));
    done();
    /* in the middle: there is a base, there is a head */
    CHECK(!GRAPH({"base", NULL, NULL, NULL}, {"b", "base, d", NULL, NULL}, {"c", "b", NULL, NULL},
                 {"d", "c", NULL, NULL}, {"head", "d", NULL, NULL}));
    CHECK(says("Cycle is detected in revisions (b, c, d): "));
    CHECK(says("b -> c -> d -> b") || says("c -> d -> b -> c") || says("d -> b -> c -> d"));
    done();
    CHECK(!GRAPH({"a", NULL, "c", NULL}, {"b", "a", NULL, NULL}, {"c", "b", NULL, NULL}));
    CHECK(says("Dependency cycle is detected in revisions (a, b, c): "));
    done();
    CHECK(!GRAPH({"a", NULL, NULL, NULL}, {"b", "a", "lab", NULL}, {"c", "b", NULL, "lab"}, {"d", "c", NULL, NULL}));
    CHECK(says("Dependency cycle is detected in revisions (b, c): "));
    done();
}

/* ---- symbols ---- */

static const line shop[] = {{"aaaa11", NULL, NULL, NULL},        {"aaaa22", "aaaa11", NULL, NULL},
                            {"left1", "aaaa22", NULL, "left"},   {"left2", "left1", NULL, NULL},
                            {"right1", "aaaa22", NULL, "right"}, {"net1", NULL, "left1", "net"},
                            {"net2", "net1", NULL, NULL}};

static const char *resolve(ath__graph *g, const char *symbol, ath_name_list current) {
    static char text[400];
    ath__nodes nodes;
    ath_error_clear(&error);
    if (ath__graph_resolve(g, symbol, current, &nodes, &error) != ATH_OK)
        return error.message;
    text[0] = '\0';
    for (size_t i = 0; i < nodes.count; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s", i ? " " : "", nodes.at[i]->id);
    return text;
}

TEST(symbols) {
    ath__graph *g = graph_of(shop, TEST_COUNT(shop));
    const ath_name_list none = {0, NULL};
    CHECK(g != NULL);
    static const char *const cases[][2] = {{"left1", "left1"},
                                           {"righ", "right1"},
                                           {"heads", "left2 right1 net2"},
                                           {"base", ""},
                                           {"left", "left1"},
                                           {"left@head", "left2"},
                                           {"left@heads", "left2"},
                                           {"left2@head", "left2"},
                                           {"right@base", ""},
                                           {"left@aaaa1", "aaaa11"},
                                           {"net@-1", "net1"}};
    for (size_t i = 0; i < TEST_COUNT(cases); i++)
        CHECK_STR(resolve(g, cases[i][0], none), cases[i][1]);
    CHECK_STR(resolve(g, "current", ath_names("left1", "net2")), "left1 net2");
    static const char *const refusals[][2] = {
        {"aaaa", "Can't locate revision identified by 'aaaa': several revisions start with it: 'aaaa11', 'aaaa22'"},
        {"leff1", "did you mean 'left1', 'left', 'left2'?"},
        {"zzzzzz", "`athanor history` lists the revisions"},
        {"head",
         "Multiple head revisions are present for given argument 'head'; please specify a specific target revision"},
        {"head", "the heads are left2, right1, net2"},
        {"left@right1", "Can't locate revision identified by 'right1': it is not a member of branch 'left'"},
        {"nobody@head", "Can't locate revision identified by 'nobody'"},
        {"", "Can't locate revision identified by ''"},
        {"-9", "Walked too far"},
        {"-99999999999999999999", "Walked too far"}};
    for (size_t i = 0; i < TEST_COUNT(refusals); i++) {
        resolve(g, refusals[i][0], none);
        CHECK(says(refusals[i][1]));
    }
    resolve(g, "current", ath_names("gone"));
    CHECK(says("Can't locate revision identified by 'gone'") && says("stamp --purge"));
    done();
}

static const char *range(ath__graph *g, const char *text, ath_name_list current) {
    static char out[400];
    ath__nodes nodes;
    ath_error_clear(&error);
    if (ath__graph_range(g, text, current, &nodes, &error) != ATH_OK)
        return error.message;
    out[0] = '\0';
    for (size_t i = 0; i < nodes.count; i++)
        snprintf(out + strlen(out), sizeof out - strlen(out), "%s%s", i ? " " : "", nodes.at[i]->id);
    return out;
}

TEST(ranges) {
    ath__graph *g = GRAPH({"a1", NULL, NULL, NULL}, {"b2", "a1", NULL, NULL}, {"c3", "b2", NULL, NULL},
                          {"d4", "c3", NULL, NULL}, {"e5", "d4", NULL, NULL});
    static const char *const cases[][2] = {{":", "e5 d4 c3 b2 a1"}, {"b2:d4", "d4 c3 b2"},     {"b2:", "e5 d4 c3 b2"},
                                           {":b2", "b2 a1"},        {":+2", "b2 a1"},          {"b2:+1", "c3 b2"},
                                           {"-2:", "e5 d4 c3"},     {"current:", "e5 d4 c3"},  {":current", "c3 b2 a1"},
                                           {"base:a1", "a1"},       {"-9:", "e5 d4 c3 b2 a1"}, {"head:", "e5"}};
    for (size_t i = 0; i < TEST_COUNT(cases); i++) {
        test_context("%s", cases[i][0]);
        CHECK_STR(range(g, cases[i][0], ath_names("c3")), cases[i][1]);
    }
    CHECK_STR(range(g, NULL, ath_names("c3")), "e5 d4 c3 b2 a1");
    range(g, "d4:b2", ath_names("c3"));
    CHECK(says("Requested range d4:b2 does not refer to ancestor/descendant revisions along the same branch"));
    range(g, "d4", ath_names("c3"));
    CHECK(says("History range requires [start]:[end], [start]:, or :[end]"));
    done();
}

TEST(node_facts) {
    ath__graph *g = graph_of(shop, TEST_COUNT(shop));
    const ath__node *left = ath__graph_node(g, "left1"), *net = ath__graph_node(g, "net1");
    CHECK(!left->is_head && !left->is_branch_point && left->next.count == 1);
    CHECK(ath__graph_node(g, "left2")->is_head && ath__graph_node(g, "left2")->is_effective_head);
    CHECK(ath__graph_node(g, "aaaa22")->is_branch_point && ath__graph_node(g, "aaaa11")->is_base);
    CHECK_INT(net->needs.count, 1);
    CHECK_STR(net->needs.names[0], "left1");
    CHECK_STR(ath__graph_node(g, "net2")->all_labels.names[0], "net");
    CHECK_INT(ath__graph_node(g, "aaaa22")->all_labels.count, 0);
    CHECK(ath__graph_node(g, "left") == NULL); /* a label is no id */
    done();
}

/* ---- new revisions ---- */

static ath_status place(ath__graph *g, const char *id, ath_name_list heads, ath__graph_place *out) {
    ath_error_clear(&error);
    return ath__graph_place_new(g, &(ath__graph_request){.id = id, .heads = heads}, out, &error);
}

TEST(new_revisions) {
    ath__graph *g = graph_of(shop, TEST_COUNT(shop));
    ath__graph_place p;
    CHECK_INT(place(g, "n", ath_names("left@head"), &p), ATH_OK);
    CHECK_INT(p.down.count, 1);
    CHECK_INT(place(g, "n", ath_names("base"), &p), ATH_OK);
    CHECK_INT(p.down.count, 0);
    CHECK_INT(place(g, "n", ath_names("heads"), &p), ATH_OK);
    CHECK_INT(p.down.count, 3);
    CHECK_INT(place(g, "n", (ath_name_list){0, NULL}, &p), ATH_ARGUMENT);
    CHECK(
        says("Multiple heads are present; please specify the head revision on which the new revision should be based, "
             "or perform a merge. -- hint: "));
    CHECK_INT(place(g, "n", ath_names("left2", "left2"), &p), ATH_ARGUMENT);
    CHECK(says("Duplicate head revisions specified"));
    CHECK_INT(place(g, "left1", ath_names("heads"), &p), ATH_ARGUMENT);
    CHECK(says("Revision left1 is present more than once"));
    CHECK_INT(place(g, "left", ath_names("heads"), &p), ATH_ARGUMENT);
    CHECK(says("already used by revision"));
    ath__graph_request wrong = {.id = "n", .heads = ath_names("heads"), .labels = ath_names("net")};
    CHECK_INT(ath__graph_place_new(g, &wrong, &p, &error), ATH_ARGUMENT);
    CHECK(says("Branch name 'net' in revision n already used by revision net1"));
    ath__graph_request depends = {.id = "n", .heads = ath_names("left2"), .depends_on = ath_names("righ", "net")};
    CHECK_INT(ath__graph_place_new(g, &depends, &p, &error), ATH_OK);
    CHECK_STR(p.depends_on.names[0], "right1");
    CHECK_STR(p.depends_on.names[1], "net");
    done();
}

/* ---- refusals of plans ---- */

TEST(refused_plans) {
    ath__graph *g = graph_of(shop, TEST_COUNT(shop));
    ath__graph_plan plan;
    static const struct {
        bool up;
        const char *current, *target, *text;
    } cases[] = {
        {true, "left1", "head", "for given argument 'head'"},
        {true, "gone", "heads", "the database is there, but no file here has this id"},
        {true, "left1", "a:b", "Range revision not allowed"},
        {true, "left1", "left1-9", "Walked too far"},
        {true, "left1", "+5", "Relative revision +5 didn't produce 5 migrations"},
        {true, "aaaa22", "+1", "Ambiguous walk -- hint: from aaaa22 there is more than one way: left1, right1"},
        {false, "left1", "left2", "Destination left2 is not a valid downgrade target from current head(s)"},
        {false, "left1", "-9", "Relative revision -9 didn't produce 9 migrations"},
        {false, "left1", "right@-1", "the database has no revision of branch 'right'"},
    };
    for (size_t i = 0; i < TEST_COUNT(cases); i++) {
        ath_name_list rows = {1, &cases[i].current};
        test_context("%s %s", cases[i].up ? "upgrade" : "downgrade", cases[i].target);
        ath_error_clear(&error);
        CHECK_INT(cases[i].up ? ath__graph_upgrade(g, rows, cases[i].target, &plan, &error)
                              : ath__graph_downgrade(g, rows, cases[i].target, &plan, &error),
                  ATH_ARGUMENT);
        CHECK(says(cases[i].text));
    }
    CHECK_INT(ath__graph_upgrade(g, ath_names("left1", "aaaa22"), "heads", &plan, &error), ATH_ARGUMENT);
    CHECK(says("Requested revision left1 overlaps with other requested revisions aaaa22"));
    done();
}

/* ---- random graphs ---- */

enum { MOST = 40 };

static uint64_t seed;

static unsigned chance(unsigned below) {
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)((seed >> 33) % below);
}

typedef struct random_graph {
    line lines[MOST];
    char ids[MOST][8], down[MOST][40], deps[MOST][40], labels[MOST][12];
    size_t count;
} random_graph;

static void pick(const random_graph *r, size_t before, unsigned most, char *out, size_t size) {
    out[0] = '\0';
    for (unsigned n = before ? chance(most + 1) : 0; n > 0; n--)
        snprintf(out + strlen(out), size - strlen(out), "%s%s", out[0] ? "," : "", r->ids[chance((unsigned)before)]);
}

static void make_random(random_graph *r) {
    r->count = 1 + chance(MOST);
    for (size_t i = 0; i < r->count; i++) {
        snprintf(r->ids[i], sizeof r->ids[i], "%c%02zu", 'a' + (char)chance(6), i);
        pick(r, i, 3, r->down[i], sizeof r->down[i]);
        pick(r, i, chance(3) == 0 ? 2 : 0, r->deps[i], sizeof r->deps[i]);
        r->labels[i][0] = '\0';
        if (chance(8) == 0)
            snprintf(r->labels[i], sizeof r->labels[i], "lab%zu", i);
        r->lines[i] = (line){r->ids[i], r->down[i], r->deps[i], r->labels[i]};
    }
}

/* The revisions that are applied, and the rows that stand for them. */
typedef struct state {
    bool applied[MOST];
    const char *rows[MOST + 1];
    size_t row_count;
} state;

static size_t row_of(const state *s, const char *id) {
    size_t i = 0;
    while (i < s->row_count && strcmp(s->rows[i], id) != 0)
        i++;
    return i;
}

static void change_row(state *s, const ath__row_change *c) {
    if (c->from) {
        size_t at = row_of(s, c->from);
        CHECK(at < s->row_count);
        if (at < s->row_count)
            s->rows[at] = s->rows[--s->row_count];
    }
    if (c->to) {
        CHECK(row_of(s, c->to) == s->row_count);
        CHECK(s->row_count < MOST);
        s->rows[s->row_count++] = c->to;
    }
}

/* The rows are just those applied revisions that no other applied one needs. */
static void check_rows(const ath__graph *g, const state *s) {
    size_t tips = 0;
    for (size_t i = 0; i < ath__graph_count(g); i++) {
        const ath__node *n = ath__graph_at(g, i);
        bool needed = false;
        for (size_t j = 0; j < ath__graph_count(g); j++) {
            const ath__node *other = ath__graph_at(g, j);
            for (size_t k = 0; s->applied[other->place] && k < other->needs.count; k++)
                needed = needed || strcmp(other->needs.names[k], n->id) == 0;
        }
        if (s->applied[n->place] && !needed) {
            CHECK(row_of(s, n->id) < s->row_count);
            tips++;
        }
    }
    CHECK_INT(s->row_count, tips);
}

static void apply(const ath__graph *g, state *s, const ath__graph_plan *plan) {
    for (size_t i = 0; i < plan->count; i++) {
        const ath__graph_step *step = &plan->steps[i];
        bool up = step->way == ATH__WAY_UP;
        CHECK(s->applied[step->node->place] != up);
        for (size_t j = 0; j < step->node->needs.count; j++)
            CHECK(s->applied[ath__graph_node(g, step->node->needs.names[j])->place]);
        s->applied[step->node->place] = up;
        for (size_t j = 0; j < step->row_count; j++)
            change_row(s, &step->rows[j]);
        CHECK_INT(s->row_count, step->heads_after.count);
        check_rows(g, s);
    }
}

static void travel(ath__graph *g, const random_graph *r) {
    state s = {.row_count = 0};
    ath__graph_plan plan;
    for (int i = 0; i < 6; i++) {
        const char *target = i == 4 ? "heads" : i == 5 ? "base" : r->ids[chance((unsigned)r->count)];
        ath_name_list rows = {s.row_count, s.rows};
        bool up = i == 4 || (i < 4 && chance(2));
        ath_status status = up ? ath__graph_upgrade(g, rows, target, &plan, &error)
                               : ath__graph_downgrade(g, rows, target, &plan, &error);
        test_context("%s %s", up ? "upgrade" : "downgrade", target);
        if (status == ATH_OK)
            apply(g, &s, &plan);
        else /* the only reason that there is */
            CHECK(!up && says("is not a valid downgrade target from current head(s)"));
    }
    CHECK_INT(s.row_count, 0);
    for (size_t i = 0; i < r->count; i++)
        CHECK(!s.applied[i]);
}

TEST(random_graphs) {
    static random_graph r;
    for (unsigned i = 0; i < 300 && test_failures_ == 0; i++) {
        seed = i;
        make_random(&r);
        ath__graph *g = graph_of(r.lines, r.count);
        test_context("seed %u: %s", i, g ? "" : error.message);
        CHECK(g != NULL);
        if (g)
            travel(g, &r);
        done();
    }
}

/* Random symbols never hang or crash; what they answer is theirs. */
TEST(random_symbols) {
    static const char *const parts[] = {"a", "b01", "lab",  "@",     "+",    "-",       "1",
                                        "2", ":",   "head", "heads", "base", "current", ""};
    static random_graph r;
    for (unsigned i = 0; i < 200; i++) {
        char symbol[80] = "";
        ath__nodes nodes;
        ath__graph_plan plan;
        seed = i + 1000;
        make_random(&r);
        ath__graph *g = graph_of(r.lines, r.count);
        for (unsigned n = 1 + chance(5); n > 0; n--)
            strncat(symbol, parts[chance(TEST_COUNT(parts))], sizeof symbol - strlen(symbol) - 1);
        const char *row = r.ids[chance((unsigned)r.count)];
        ath_name_list rows = {1, &row}, one = {1, (const char *const[]){symbol}};
        ath_status all[] = {
            ath__graph_resolve(g, symbol, rows, &nodes, &error), ath__graph_range(g, symbol, rows, &nodes, &error),
            ath__graph_upgrade(g, rows, symbol, &plan, &error), ath__graph_downgrade(g, rows, symbol, &plan, &error),
            ath__graph_stamp(g, rows, one, &plan, &error)};
        for (size_t j = 0; j < TEST_COUNT(all); j++)
            CHECK(all[j] == ATH_OK || all[j] == ATH_ARGUMENT);
        done();
    }
}

/* ---- memory ---- */

static ath_status whole_life(const ath_allocator *a, ath_error *e) {
    ath__arena own;
    ath__nodes nodes;
    ath__graph_plan plan;
    ath__graph_place placed;
    ath__arena_init(&own, a);
    ath__graph *g = ath__graph_new(&own, e);
    ath_status status = g ? ATH_OK : e->status;
    char id[8], down[8] = "";
    for (int i = 0; status == ATH_OK && i < 150; i++) {
        snprintf(id, sizeof id, "r%03d", i);
        status = ath__graph_add(g, &(ath_revision){.id = id, .down = down, .message = "some words"}, id, NULL, e);
        snprintf(down, sizeof down, "r%03d", i % 3 ? i - 1 : i);
    }
    if (status == ATH_OK)
        status = ath__graph_finish(g, e);
    if (status == ATH_OK)
        status = ath__graph_upgrade(g, ath_names("r010"), "heads", &plan, e);
    if (status == ATH_OK)
        status = ath__graph_downgrade(g, ath_names("r120"), "base", &plan, e);
    if (status == ATH_OK)
        status = ath__graph_stamp(g, ath_names("r120"), ath_names("r010"), &plan, e);
    if (status == ATH_OK)
        status = ath__graph_range(g, "r010:", ath_names("r120"), &nodes, e);
    if (status == ATH_OK)
        status = ath__graph_place_new(g, &(ath__graph_request){.id = "n", .heads = ath_names("heads")}, &placed, e);
    if (status == ATH_OK && ath__graph_resolve(g, "r01", ath_names("r120"), &nodes, e) == ATH_NO_MEMORY)
        status = ATH_NO_MEMORY;
    ath__arena_done(&own);
    return status;
}

TEST(memory_runs_out) {
    counting c;
    ath_error e;
    counting_init(&c, 0);
    CHECK_INT(whole_life(&c.allocator, &e), ATH_OK);
    size_t requests = c.requests;
    CHECK(requests > 5);
    for (size_t i = 1; i <= requests; i++) {
        counting_init(&c, i);
        CHECK_INT(whole_life(&c.allocator, &e), ATH_NO_MEMORY);
        CHECK_INT(c.live, 0);
        CHECK_INT(c.wrong, 0);
    }
}

TEST(a_long_history) {
    enum { LONG = 20000 };
    static char ids[LONG][12];
    static line lines[LONG];
    ath__graph_plan plan;
    for (size_t i = 0; i < LONG; i++) {
        snprintf(ids[i], sizeof ids[i], "r%06zu", i);
        lines[i] = (line){ids[i], i ? ids[i - 1] : NULL, NULL, NULL};
    }
    ath__graph *g = graph_of(lines, LONG);
    CHECK(g != NULL);
    CHECK_INT(ath__graph_upgrade(g, (ath_name_list){0, NULL}, "head", &plan, &error), ATH_OK);
    CHECK_INT(plan.count, LONG);
    CHECK_STR(plan.steps[LONG - 1].node->id, ids[LONG - 1]);
    CHECK_INT(ath__graph_downgrade(g, ath_names(ids[LONG - 1]), "-2", &plan, &error), ATH_OK);
    CHECK_INT(plan.count, 2);
    done();
}

int main(int argc, char **argv) {
    static const test_case cases[] = {{"broken_graphs", broken_graphs},
                                      {"loops_are_told", loops_are_told},
                                      {"symbols", symbols},
                                      {"ranges", ranges},
                                      {"node_facts", node_facts},
                                      {"new_revisions", new_revisions},
                                      {"refused_plans", refused_plans},
                                      {"random_graphs", random_graphs},
                                      {"random_symbols", random_symbols},
                                      {"memory_runs_out", memory_runs_out},
                                      {"a_long_history", a_long_history}};
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
