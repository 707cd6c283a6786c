/* SPDX-License-Identifier: Apache-2.0
 *
 * The topological sort, as a table of graphs, and against a thousand random ones.
 */
#include "counting.h"

#include "base/base.h"

#define EDGES(...) .edges = {__VA_ARGS__}

static const struct {
    const char *name;
    uint32_t n;
    size_t edge_count;
    ath__edge edges[8];
    uint32_t order[8];
    uint32_t cycle_from;
} graphs[] = {
    {.name = "none", .n = 0, .cycle_from = 0},
    {.name = "one", .n = 1, .order = {0}, .cycle_from = 1},
    {.name = "no edges keep index order", .n = 4, .order = {0, 1, 2, 3}, .cycle_from = 4},
    {.name = "chain backwards", .n = 3, .edge_count = 2, EDGES({2, 1}, {1, 0}), .order = {2, 1, 0}, .cycle_from = 3},
    {.name = "smallest free first", .n = 4, .edge_count = 1, EDGES({3, 0}), .order = {1, 2, 3, 0}, .cycle_from = 4},
    {.name = "diamond",
     .n = 4,
     .edge_count = 4,
     EDGES({0, 2}, {0, 1}, {2, 3}, {1, 3}),
     .order = {0, 1, 2, 3},
     .cycle_from = 4},
    {.name = "edge twice", .n = 2, .edge_count = 2, EDGES({1, 0}, {1, 0}), .order = {1, 0}, .cycle_from = 2},
    {.name = "to itself", .n = 2, .edge_count = 2, EDGES({0, 0}, {1, 1}), .order = {0, 1}, .cycle_from = 2},
    {.name = "two-cycle", .n = 2, .edge_count = 2, EDGES({0, 1}, {1, 0}), .order = {0, 1}, .cycle_from = 0},
    {.name = "cycle and what is behind it",
     .n = 5,
     .edge_count = 4,
     EDGES({1, 2}, {2, 1}, {2, 0}, {4, 3}),
     .order = {4, 3, 0, 1, 2},
     .cycle_from = 2},
    {.name = "before a cycle",
     .n = 3,
     .edge_count = 3,
     EDGES({2, 0}, {0, 1}, {1, 0}),
     .order = {2, 0, 1},
     .cycle_from = 1},
};

TEST(table) {
    for (size_t i = 0; i < TEST_COUNT(graphs); i++) {
        uint32_t order[8], cycle_from = 99;
        test_context("%s", graphs[i].name);
        CHECK_INT(ath__topo_sort(&ath__malloc_allocator, graphs[i].n, graphs[i].edges, graphs[i].edge_count, order,
                                 &cycle_from),
                  ATH_OK);
        CHECK_INT(cycle_from, graphs[i].cycle_from);
        for (uint32_t v = 0; v < graphs[i].n; v++)
            CHECK_INT(order[v], graphs[i].order[v]);
    }
}

static uint32_t random_below(uint32_t *state, uint32_t limit) {
    *state = *state * 1664525 + 1013904223;
    return (*state >> 8) % limit;
}

/* The slow definition: always the smallest node without an open predecessor. */
static void sort_slowly(uint32_t n, const ath__edge *edges, size_t edge_count, uint32_t *order) {
    bool done[64] = {false};
    for (uint32_t at = 0; at < n; at++) {
        uint32_t chosen = n;
        for (uint32_t v = n; v-- > 0;) {
            bool open = false;
            for (size_t i = 0; i < edge_count; i++)
                open = open || (edges[i].after == v && !done[edges[i].before]);
            if (!open && !done[v])
                chosen = v;
        }
        done[chosen] = true;
        order[at] = chosen;
    }
}

TEST(random_graphs) {
    uint32_t state = 1;
    for (int round = 0; round < 1000; round++) {
        uint32_t n = 2 + random_below(&state, 60), place[64], order[64], expected[64], cycle_from;
        ath__edge edges[128];
        size_t edge_count = random_below(&state, 128);
        /* Edges along a random permutation make no cycle. */
        for (uint32_t v = 0; v < n; v++)
            place[v] = v;
        for (uint32_t v = n - 1; v > 0; v--) {
            uint32_t other = random_below(&state, v + 1), kept = place[v];
            place[v] = place[other];
            place[other] = kept;
        }
        for (size_t i = 0; i < edge_count; i++) {
            uint32_t a = random_below(&state, n - 1), b = a + 1 + random_below(&state, n - 1 - a);
            edges[i] = (ath__edge){place[a], place[b]};
        }
        test_context("round %d", round);
        CHECK_INT(ath__topo_sort(&ath__malloc_allocator, n, edges, edge_count, order, &cycle_from), ATH_OK);
        CHECK_INT(cycle_from, n);
        sort_slowly(n, edges, edge_count, expected);
        CHECK(memcmp(order, expected, n * sizeof *order) == 0);
    }
}

TEST(long_chain) {
    enum { N = 100000 };
    ath__edge *edges = malloc((N - 1) * sizeof *edges);
    uint32_t *order = malloc(N * sizeof *order), cycle_from;
    for (uint32_t v = 0; v + 1 < N; v++)
        edges[v] = (ath__edge){v + 1, v};
    CHECK_INT(ath__topo_sort(&ath__malloc_allocator, N, edges, N - 1, order, &cycle_from), ATH_OK);
    CHECK_INT(cycle_from, N);
    CHECK_INT(order[0], N - 1);
    CHECK_INT(order[N - 1], 0);
    free(edges);
    free(order);
}

TEST(out_of_memory) {
    counting c;
    uint32_t order[2], cycle_from;
    const ath__edge edge = {0, 1};
    counting_init(&c, 1);
    CHECK_INT(ath__topo_sort(&c.allocator, 2, &edge, 1, order, &cycle_from), ATH_NO_MEMORY);
    CHECK_INT(ath__topo_sort(&c.allocator, 2, &edge, SIZE_MAX, order, &cycle_from), ATH_NO_MEMORY);
    CHECK_INT(c.requests, 1);
    CHECK_INT(ath__topo_sort(&c.allocator, 2, &edge, 1, order, &cycle_from), ATH_OK);
    CHECK_RELEASED(&c);
}

static const test_case cases[] = {
    {"table", table},
    {"random_graphs", random_graphs},
    {"long_chain", long_chain},
    {"out_of_memory", out_of_memory},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
