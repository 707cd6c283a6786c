/* SPDX-License-Identifier: Apache-2.0
 *
 * Stands in for the JSON room while that is being built; goes away with it.
 */
#include "service.h"

#include <stdlib.h>
#include <string.h>

char *ath_session_to_json(ath_session *s, const ath_model *m, const void *o, const ath_json_opts *opts) {
    (void)s, (void)m, (void)o, (void)opts;
    return strdup("{}");
}
char *ath_session_rows_to_json(ath_session *s, ath_stmt stmt, const ath_json_opts *opts) {
    (void)s, (void)stmt, (void)opts;
    return strdup("[]");
}
char *ath_connection_rows_to_json(ath_connection *c, ath_stmt stmt, const ath_json_opts *opts) {
    (void)c, (void)stmt, (void)opts;
    return strdup("[]");
}
char *ath_session_query_json(ath_session *s, const ath_select_stmt *query, const ath_json_opts *opts) {
    (void)opts;
    void **all = ath_session_all(s, query);
    return all ? strdup(ath_len(all) ? "[{}]" : "[]") : NULL;
}
char *ath_model_json_schema(const ath_model *m, const ath_json_schema_opts *opts) {
    (void)m, (void)opts;
    return strdup("{}");
}
void ath_json_free(char *text) {
    free(text);
}
ath_input *ath_input_read(const ath_model *m, const char *text, size_t size, bool list, const ath_input_opts *opts) {
    (void)m, (void)text, (void)size, (void)list, (void)opts;
    return NULL;
}
void ath_input_free(ath_input *in) {
    (void)in;
}
const void *ath_input_object(const ath_input *in, const ath_model *m) {
    (void)in, (void)m;
    return NULL;
}
bool ath_input_has_at(const ath_input *in, const ath_model *m, const void *o, size_t offset) {
    (void)in, (void)m, (void)o, (void)offset;
    return false;
}
size_t ath_input_problem_count(const ath_input *in) {
    (void)in;
    return 0;
}
const ath_problem *ath_input_problem(const ath_input *in, size_t i) {
    (void)in, (void)i;
    return NULL;
}
const char *ath_input_problems_json(ath_input *in) {
    (void)in;
    return "[]";
}
ath_status ath_input_refuse_of(ath_input *in, const void *o, const char *field, const char *code, const char *message) {
    (void)in, (void)o, (void)field, (void)code, (void)message;
    return ATH_OK;
}
ath_status ath_input_apply(ath_session *s, void *o, const ath_input *in) {
    (void)s, (void)o, (void)in;
    return ATH_INTERNAL;
}
void *ath_input_make(ath_session *s, const ath_model *m, const ath_input *in) {
    (void)s, (void)m, (void)in;
    return NULL;
}
void ath_mapper_input_field(ath_mapper *m, const char *field, size_t offset, const ath_input_field_opts *opts) {
    (void)m, (void)field, (void)offset, (void)opts;
}
void ath_mapper_input_list(ath_mapper *m, const char *field, size_t offset, size_t size, int ctype,
                           const ath_column_opts *opts) {
    (void)m, (void)field, (void)offset, (void)size, (void)ctype, (void)opts;
}
void ath_mapper_input_options(ath_mapper *m, const ath_input_model_opts *opts) {
    (void)m, (void)opts;
}
