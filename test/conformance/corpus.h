/* SPDX-License-Identifier: Apache-2.0
 *
 * What people put into forms who wish to be somewhere else: text that ends strings, names and comments, or stands for
 * something in patterns, formats and parameters.
 */
#ifndef ATH_TEST_CONFORMANCE_CORPUS_H
#define ATH_TEST_CONFORMANCE_CORPUS_H

#include <stddef.h>

/* clang-format off */
static const char *const corpus[] = {
    "'", "''", "'''", "\"", "\"\"", "`", "``", "\\", "\\\\", "\\'", "\\\"", "\\`", "'\\", "\\''", "\\\\'", "'\\''",
    "--", "-- ", "#", "/*", "*/", "/* */", "/*! */", "/*!50000 x */", ";", ";;", "x;y",
    "'; DROP TABLE canary; --", "\"; DROP TABLE canary; --", "`; DROP TABLE canary; --", "\\'; DROP TABLE canary; --",
    "'); DROP TABLE canary; --", "\"); DROP TABLE canary; --", "`); DROP TABLE canary; --", "*/; DROP TABLE canary; /*",
    "' OR '1'='1", "\" OR \"1\"=\"1", "1) OR (1=1", "' OR 1=1 -- ", "' OR 1=1 #", "\\' OR 1=1 -- ", "\xbf' OR 1=1 -- ",
    "' UNION SELECT v FROM canary -- ", "x' || (SELECT v FROM canary) || 'y", "x', (SELECT v FROM canary), 'y",
    "'; UPDATE canary SET v = 'dead'; --", "$$; DROP TABLE canary; $$", "E'\\''", "$tag$", "N'x'", "_utf8'x'", "x'41'", "0x41",
    "%", "_", "%%", "%_%", "\\%", "\\_", "%s", "%n", "%1$s", "100%", "a_b", "[a-z]", "^", "*", "/", "//", "!", "~", "|", "\\\\%",
    "?", "??", "???", "$1", "$2", "$$", ":name", ":v", "::text", "\\:v", ":", "@x", "@@version", "{}", "{0}", "${x}", "#{x}",
    "NULL", "null", "DEFAULT", "TRUE", "select", "SELECT", "order", "User", "name with spaces", "tab\there", "line\nbreak",
    "carriage\rreturn", "\r\n", "\x01", "\x1a", "\x1b[31m", "\x7f", "\b", " ", "  lead", "a.b", "a.\"b\"", "public.canary", "main.canary",
    "\xc3\xa9", "e\xcc\x81", "\xca\xbc", "\xef\xbc\x87", "\xe2\x80\x99", "\xe2\x80\x98; --", "\xe6\xbc\xa2\xe5\xad\x97", "\xd7\xa9\xd7\x9c", "\xe2\x80\xae",
    "\xe2\x80\xa8", "\xef\xbb\xbf", "\xc2\xa0", "\xc2\x85", "\xef\xbf\xbd", "\xed\x9f\xbf", "\xef\xbf\xbf",
    "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80'", "\xf0\x9d\x95\xb3", "\xf4\x8f\xbf\xbf", "0", "-1", "1e9", "0x", "a", "A",
};

/* Not UTF-8: to be refused wherever text is taken, before it is sent. */
static const char *const broken[] = {
    "\x80", "\xbf'", "\xc0\xa7", "\xc1\xbf", "\xc3", "\xc3'", "\xe0\x80\xa7", "\xe6\xbc", "\xe6\xbc'", "\xed\xa0\x80", "\xed\xbf\xbf",
    "\xf0\x80\x80\xa7", "\xf0\x9f\x98", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xfe", "\xff", "ok\xff", "\xa7OK",
};
/* clang-format on */

#define CORPUS_COUNT (sizeof(corpus) / sizeof(corpus[0]))
#define BROKEN_COUNT (sizeof(broken) / sizeof(broken[0]))

#endif
