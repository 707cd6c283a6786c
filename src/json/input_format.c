/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `json`: what text must look like: mail addresses, URIs, host names, addresses of the Internet.
 *
 * Each looks at bytes between two pointers, from left to right, and never twice: hostile text costs its length.
 */
#include "json/input.h"

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_hex(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool among(char c, const char *set) {
    return c && strchr(set, c);
}

/* ---- names ---- */

/* A label of a DNS name, up to a dot or the end. */
static const char *label_end(const char *at, const char *end) {
    const char *start = at;
    while (at < end && (is_letter(*at) || is_digit(*at) || *at == '-'))
        at++;
    bool fine = at > start && at - start <= 63 && *start != '-' && at[-1] != '-';
    return fine ? at : NULL;
}

/* How many labels; 0: it is no host name. */
static size_t host_labels(const char *at, const char *end, bool *numeric) {
    size_t count = 0;
    if (end - at > 253)
        return 0;
    for (;; at++) {
        const char *stop = label_end(at, end);
        if (!stop)
            return 0;
        count++;
        *numeric = true;
        for (const char *c = at; c < stop; c++)
            *numeric = *numeric && is_digit(*c);
        if (stop == end)
            return count;
        if (*stop != '.')
            return 0;
        at = stop;
    }
}

/* The last label of a name is never a number (RFC 1123): that would be an address. */
static bool is_host(const char *at, const char *end, size_t labels) {
    bool numeric;
    size_t count = host_labels(at, end, &numeric);
    return count >= labels && !numeric;
}

/* Atoms with dots between them (RFC 5321). */
static bool is_dot_atom(const char *at, const char *end) {
    bool atom = false;
    for (; at < end; at++) {
        if (*at == '.' ? !atom : !is_letter(*at) && !is_digit(*at) && !among(*at, "!#$%&'*+-/=?^_`{|}~"))
            return false;
        atom = *at != '.';
    }
    return atom;
}

static bool is_email(const char *at, const char *end) {
    const char *sign = memchr(at, '@', (size_t)(end - at));
    return sign && end - at <= 254 && sign - at <= 64 && is_dot_atom(at, sign) && is_host(sign + 1, end, 2);
}

/* ---- addresses ---- */

static bool is_ipv4(const char *at, const char *end) {
    for (int part = 0; part < 4; part++) {
        const char *start = at;
        int value = 0;
        while (at < end && at - start < 3 && is_digit(*at))
            value = value * 10 + (*at++ - '0');
        if (at == start || value > 255 || (*start == '0' && at - start > 1))
            return false;
        if (part < 3 && (at == end || *at++ != '.'))
            return false;
    }
    return at == end;
}

/* One to four hexadecimal digits. */
static const char *group_end(const char *at, const char *end) {
    const char *start = at;
    while (at < end && at - start < 4 && is_hex(*at))
        at++;
    return at > start ? at : NULL;
}

static bool is_ipv6(const char *at, const char *end) {
    int groups = 0;
    bool gap = false;
    if (end - at >= 2 && at[0] == ':' && at[1] == ':') {
        gap = true;
        at += 2;
    }
    while (at < end) {
        const char *stop = group_end(at, end);
        if (!stop)
            return false;
        if (stop < end && *stop == '.')
            return is_ipv4(at, end) && (gap ? groups <= 5 : groups == 6);
        groups++;
        at = stop;
        if (at == end)
            break;
        if (*at++ != ':')
            return false;
        if (at < end && *at == ':') {
            if (gap)
                return false;
            gap = true;
            at++;
        } else if (at == end) {
            return false;
        }
    }
    return gap ? groups <= 7 : groups == 8;
}

/* ---- URIs (RFC 3986) ---- */

/* Characters of the set, letters, digits and unreserved ones, and escapes, up to one of `stops`. */
static const char *uri_run(const char *at, const char *end, const char *also, const char *stops) {
    while (at && at < end && !among(*at, stops)) {
        if (*at == '%')
            at = end - at >= 3 && is_hex(at[1]) && is_hex(at[2]) ? at + 3 : NULL;
        else
            at = is_letter(*at) || is_digit(*at) || among(*at, "-._~!$&'()*+,;=") || among(*at, also) ? at + 1 : NULL;
    }
    return at;
}

static bool is_port(const char *at, const char *end) {
    while (at < end && is_digit(*at))
        at++;
    return at == end;
}

static bool is_authority(const char *at, const char *end) {
    const char *sign = memchr(at, '@', (size_t)(end - at));
    if (sign) {
        if (uri_run(at, sign, ":", "") != sign)
            return false;
        at = sign + 1;
    }
    if (at < end && *at == '[') {
        const char *close = memchr(at, ']', (size_t)(end - at));
        return close && is_ipv6(at + 1, close) && (close + 1 == end || (close[1] == ':' && is_port(close + 2, end)));
    }
    const char *host = uri_run(at, end, "", ":");
    return host && (host == end || is_port(host + 1, end));
}

static const char *scheme_end(const char *at, const char *end) {
    if (at == end || !is_letter(*at))
        return NULL;
    while (at < end && (is_letter(*at) || is_digit(*at) || among(*at, "+-.")))
        at++;
    return at < end && *at == ':' ? at + 1 : NULL;
}

/* A scheme that names a host (https, ftp ...) needs one: "https:///x" is none. */
static bool is_uri(const char *start, const char *end) {
    const char *at = scheme_end(start, end);
    if (!at)
        return false;
    if (end - at >= 2 && at[0] == '/' && at[1] == '/') {
        const char *stop = at += 2;
        while (stop < end && !among(*stop, "/?#"))
            stop++;
        bool file = end - start >= 5 && strncmp(start, "file:", 5) == 0;
        if (!is_authority(at, stop) || (stop == at && !file))
            return false;
        at = stop;
    } else if (at == end) {
        return false;
    }
    at = uri_run(at, end, ":@/", "?#");
    if (at && at < end && *at == '?')
        at = uri_run(at + 1, end, ":@/?", "#");
    if (at && at < end && *at == '#')
        at = uri_run(at + 1, end, ":@/?", "");
    return at == end;
}

/* ---- all of them ---- */

const char *ath__format_misses(ath_format format, const char *text, size_t size) {
    const char *end = text + size;
    ath_uuid uuid;
    ath_date date;
    ath_time time;
    ath_timestamp moment;
    bool numeric;
    switch (format) {
    case ATH_FORMAT_EMAIL:
        return is_email(text, end) ? NULL : "a mail address, as name@example.org";
    case ATH_FORMAT_URI:
        return is_uri(text, end) ? NULL : "a URI, as https://example.org/path";
    case ATH_FORMAT_UUID:
        return ath__is_uuid(text, size, &uuid) ? NULL : "a UUID, as 123e4567-e89b-12d3-a456-426614174000";
    case ATH_FORMAT_DATE:
        return ath__is_date(text, size, &date) ? NULL : "a date, as 2024-01-31";
    case ATH_FORMAT_TIME:
        return ath__is_time(text, size, &time) ? NULL : "a time of day, as 12:34:56";
    case ATH_FORMAT_DATE_TIME:
        return ath__is_timestamp(text, size, &moment) ? NULL : "a moment, as 2024-01-31T12:34:56Z";
    case ATH_FORMAT_HOSTNAME:
        return host_labels(text, end, &numeric) && !numeric ? NULL : "a host name, as www.example.org";
    case ATH_FORMAT_IPV4:
        return is_ipv4(text, end) ? NULL : "an IPv4 address, as 192.0.2.1";
    case ATH_FORMAT_IPV6:
        return is_ipv6(text, end) ? NULL : "an IPv6 address, as 2001:db8::1";
    default:
        return NULL;
    }
}
