/* SPDX-License-Identifier: Apache-2.0
 *
 * Kahn's topological sort: nodes without open predecessors wait in a heap, and the smallest index leaves it first.
 * That makes the order of tables and of rows a function of the input alone.  All memory is one block, freed at the end.
 */
#include <assert.h>
#include <string.h>

#include "base/base.h"

/* One block: the successors of node v are targets[first[v]] .. targets[first[v + 1] - 1]. */
typedef struct graph {
    size_t *first;    /* n + 1 */
    uint32_t *open;   /* n: predecessors that are not in the order yet */
    uint32_t *heap;   /* n */
    uint32_t *target; /* one per edge */
    size_t heap_size;
} graph;

static void heap_push(graph *g, uint32_t node) {
    size_t i = g->heap_size++;
    while (i > 0 && g->heap[(i - 1) / 2] > node) {
        g->heap[i] = g->heap[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    g->heap[i] = node;
}

static uint32_t heap_pop(graph *g) {
    uint32_t smallest = g->heap[0];
    uint32_t last = g->heap[--g->heap_size];
    size_t i = 0;
    for (;;) {
        size_t child = 2 * i + 1;
        if (child >= g->heap_size)
            break;
        if (child + 1 < g->heap_size && g->heap[child + 1] < g->heap[child])
            child++;
        if (g->heap[child] >= last)
            break;
        g->heap[i] = g->heap[child];
        i = child;
    }
    g->heap[i] = last;
    return smallest;
}

static void fill_graph(graph *g, uint32_t n, const ath__edge *edges, size_t edge_count) {
    for (size_t i = 0; i < edge_count; i++) {
        assert(edges[i].before < n && edges[i].after < n);
        if (edges[i].before == edges[i].after)
            continue;
        g->first[edges[i].before]++;
        g->open[edges[i].after]++;
    }
    /* Each `first` becomes the end of its node's part; filling backwards turns it into the start. */
    for (uint32_t v = 1; v <= n; v++)
        g->first[v] += g->first[v - 1];
    for (size_t i = 0; i < edge_count; i++) {
        if (edges[i].before != edges[i].after)
            g->target[--g->first[edges[i].before]] = edges[i].after;
    }
}

/* Returns how many nodes could be ordered. */
static uint32_t order_free(graph *g, uint32_t n, uint32_t *order) {
    uint32_t done = 0;
    for (uint32_t v = 0; v < n; v++) {
        if (g->open[v] == 0)
            heap_push(g, v);
    }
    while (g->heap_size > 0) {
        uint32_t v = heap_pop(g);
        order[done++] = v;
        for (size_t i = g->first[v]; i < g->first[v + 1]; i++) {
            if (--g->open[g->target[i]] == 0)
                heap_push(g, g->target[i]);
        }
    }
    return done;
}

ath_status ath__topo_sort(const ath_allocator *a, uint32_t n, const ath__edge *edges, size_t edge_count,
                          uint32_t *order, uint32_t *cycle_from) {
    *cycle_from = n;
    if (n == 0)
        return ATH_OK;
    size_t firsts = ((size_t)n + 1) * sizeof(size_t);
    if (edge_count > PTRDIFF_MAX / sizeof(uint32_t) / 2)
        return ATH_NO_MEMORY;
    size_t size = firsts + (2 * (size_t)n + edge_count) * sizeof(uint32_t);
    char *block = ath__alloc_zero(a, 1, size);
    if (block == NULL)
        return ATH_NO_MEMORY;
    graph g = {.first = (size_t *)(void *)block, .open = (uint32_t *)(void *)(block + firsts)};
    g.heap = g.open + n;
    g.target = g.heap + n;
    fill_graph(&g, n, edges, edge_count);
    uint32_t done = order_free(&g, n, order);
    *cycle_from = done;
    for (uint32_t v = 0; v < n; v++) {
        if (g.open[v] > 0)
            order[done++] = v;
    }
    ath__free(a, block, size);
    return ATH_OK;
}
