/* SPDX-License-Identifier: Apache-2.0
 *
 * Tables as a picture.  Each stands in a column to the right of all that it refers to, and lines lead back; characters are
 * taken to be of one width, so that no font needs to be known.
 */
#include "cli/migrate/diagram.h"

enum { CHARACTER = 8, LINE = 18, PADDING = 8, GAP_X = 70, GAP_Y = 24, MARGIN = 20 };

typedef struct box {
    const ath_reflected_table *table;
    size_t rank;
    int x, y, width, height;
} box;

typedef struct drawing {
    const mig_picture *picture;
    box *boxes;
    size_t ranks;
    int width, height;
} drawing;

/* ---- where each stands ---- */

static const char *type_of(const ath_reflected_column *c) {
    return c->type_text && strcmp(c->type_text, "NULL") != 0 ? c->type_text : "";
}

/* Characters, where one is several bytes. */
static int width_of(const char *text) {
    int n = 0;
    for (; *text; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

static void measure(box *b) {
    const ath_reflected_table *t = b->table;
    int widest = width_of(t->name);
    for (size_t i = 0; i < t->column_count; i++) {
        int wide = width_of(t->columns[i].name) + width_of(type_of(&t->columns[i])) + 6;
        widest = wide > widest ? wide : widest;
    }
    b->width = widest * CHARACTER + 2 * PADDING;
    b->height = (int)(t->column_count + 1) * LINE + 2 * PADDING;
}

static void rank(drawing *d, size_t i) {
    const ath_reflected_table *t = d->boxes[i].table;
    for (size_t k = 0; k < t->foreign_key_count; k++) {
        size_t to = mig_picture_find(d->picture, &t->foreign_keys[k]);
        if (to < i && d->boxes[to].rank >= d->boxes[i].rank) /* those behind are part of a loop */
            d->boxes[i].rank = d->boxes[to].rank + 1;
    }
    if (d->boxes[i].rank >= d->ranks)
        d->ranks = d->boxes[i].rank + 1;
}

static void place(drawing *d) {
    int x = MARGIN;
    for (size_t r = 0; r < d->ranks; r++) {
        int y = MARGIN, widest = 0;
        for (size_t i = 0; i < d->picture->count; i++) {
            box *b = &d->boxes[i];
            if (b->rank != r)
                continue;
            b->x = x;
            b->y = y;
            y += b->height + GAP_Y;
            widest = b->width > widest ? b->width : widest;
        }
        d->height = y > d->height ? y : d->height;
        x += widest + GAP_X;
    }
    d->width = x > MARGIN ? x - GAP_X + MARGIN : 2 * MARGIN;
}

/* ---- drawing ---- */

static void add_text(ath__buf *out, const char *text) {
    for (const char *c = text; *c; c++)
        switch (*c) {
        case '<':
            ath__buf_str(out, "&lt;");
            break;
        case '>':
            ath__buf_str(out, "&gt;");
            break;
        case '&':
            ath__buf_str(out, "&amp;");
            break;
        case '"':
            ath__buf_str(out, "&quot;");
            break;
        default:
            ath__buf_char(out, (unsigned char)*c < 0x20 ? ' ' : *c);
        }
}

/* The middle of a column's line. */
static int line_of(const box *b, const char *column) {
    size_t i = 0;
    while (i < b->table->column_count && strcmp(b->table->columns[i].name, column) != 0)
        i++;
    return b->y + PADDING + (int)(i < b->table->column_count ? i + 1 : 0) * LINE + LINE / 2;
}

static void draw_key(ath__buf *out, const drawing *d, const box *from, const ath_reflected_foreign_key *key) {
    size_t at = mig_picture_find(d->picture, key);
    if (at == d->picture->count || !key->columns.count)
        return;
    const box *to = &d->boxes[at];
    int x = from->x, y = line_of(from, key->columns.names[0]), bend = GAP_X / 2;
    int y2 = line_of(to, key->referred_columns.count ? key->referred_columns.names[0] : "");
    bool left = to->x < from->x; /* else in the same column or a loop: around the left side */
    int x2 = left ? to->x + to->width : to->x;
    ath__buf_printf(out, "  <path d=\"M%d %d C%d %d %d %d %d %d\" marker-end=\"url(#end)\"/>\n", x, y, x - bend, y,
                    left ? x2 + bend : x2 - bend, y2, x2, y2);
}

static void draw_column(ath__buf *out, const box *b, size_t i) {
    const ath_reflected_column *c = &b->table->columns[i];
    int y = b->y + PADDING + (int)(i + 1) * LINE + 13;
    const char *mark = c->primary_key ? "PK" : mig_is_foreign_key(b->table, c->name) ? "FK" : "";
    ath__buf_printf(out, "  <text x=\"%d\" y=\"%d\"%s>", b->x + PADDING, y, c->nullable ? "" : " class=\"must\"");
    add_text(out, c->name);
    ath__buf_printf(out, "</text><text x=\"%d\" y=\"%d\" class=\"type\">", b->x + b->width - PADDING, y);
    add_text(out, type_of(c));
    ath__buf_printf(out, "%s%s</text>\n", *mark ? " " : "", mark);
}

static void draw_box(ath__buf *out, const box *b) {
    ath__buf_printf(out, "  <rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"4\"/>\n", b->x, b->y, b->width,
                    b->height);
    ath__buf_printf(out, "  <text x=\"%d\" y=\"%d\" class=\"name\">", b->x + PADDING, b->y + PADDING + 12);
    add_text(out, b->table->name);
    ath__buf_str(out, "</text>\n");
    for (size_t i = 0; i < b->table->column_count; i++)
        draw_column(out, b, i);
}

static const char style[] =
    "  <style>text{font:13px monospace;fill:#222}.name{font-weight:bold}.must{text-decoration:underline}"
    ".type{text-anchor:end;fill:#777}rect{fill:#fff;stroke:#444}path{fill:none;stroke:#47a}</style>\n"
    "  <defs><marker id=\"end\" markerWidth=\"8\" markerHeight=\"8\" refX=\"7\" refY=\"4\" orient=\"auto\">"
    "<path d=\"M0 0 L7 4 L0 8\"/></marker></defs>\n";

ath_status mig_draw_svg(ath__buf *out, const mig_picture *p, ath__arena *arena, ath_error *error) {
    drawing d = {.picture = p, .boxes = ath__arena_zero(arena, (p->count + 1) * sizeof(box))};
    if (!d.boxes)
        return ath__fail_memory(error);
    for (size_t i = 0; i < p->count; i++) {
        d.boxes[i].table = p->tables[i];
        measure(&d.boxes[i]);
        rank(&d, i);
    }
    place(&d);
    ath__buf_printf(out,
                    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">\n",
                    d.width, d.height, d.width, d.height);
    ath__buf_str(out, style);
    for (size_t i = 0; i < p->count; i++)
        for (size_t k = 0; k < p->tables[i]->foreign_key_count; k++)
            draw_key(out, &d, &d.boxes[i], &p->tables[i]->foreign_keys[k]);
    for (size_t i = 0; i < p->count; i++)
        draw_box(out, &d.boxes[i]);
    ath__buf_str(out, "</svg>\n");
    return out->failed ? ath__fail_memory(error) : ATH_OK;
}
