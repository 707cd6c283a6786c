#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Refuses unfinished marks and unbounded calls in the library, and, in every file, hosts of package registries and paths
# of somebody's machine.  Patterns are written so that they do not match this file.
set -u
cd "${HOUSE_ROOT:-$(dirname "$0")/..}" || exit 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
refuse() { # MESSAGE; what grep found on standard input
    found=$(cat)
    [ -n "$found" ] || return 0
    echo "$found" | sed "s/^/$1: /"
    : >"$work/wrong"
}
marks='\b(TOD[O]|FIXM[E]|XX[X]|HAC[K])\b'
calls='\b(v?sprintf|strcpy|strcat|strncpy|strncat|stpcpy|strtok|atoi|atol|atoll|atof|gets|alloca|v?f?s?scanf|tmpnam|mktemp)[[:space:]]*\('
hosts='\b(registry|mirror|proxy|artifactory|nexus|packages?|pypi|deb|security|ftp)[0-9]?\.[a-z0-9.-]+\.(org|com|net|io|dev|internal|local)\b|\b(pyp[i]\.org|crate[s]\.io|npmj[s]\.)'
paths='(^|[^A-Za-z0-9._$}-])/(wor[k]|roo[t]|hom[e]/[a-z]+|User[s]/[a-z]+|workspac[e])/'

grep -rnE "$marks" src include 2>/dev/null | refuse "unfinished"
grep -rnE "$calls" src include 2>/dev/null | refuse "unbounded call"

if [ -z "${HOUSE_ROOT:-}" ] && git rev-parse --show-toplevel >/dev/null 2>&1; then
    git ls-files -co --exclude-standard
else
    find . -type f -not -path './build*' -not -path './.git/*'
fi | tr '\n' '\0' >"$work/list"
xargs -0 -r grep -nIsE "$hosts" <"$work/list" | refuse "registry host"
xargs -0 -r grep -nIsE "$paths" <"$work/list" | refuse "path of one machine"
[ ! -e "$work/wrong" ] || exit 1
echo "no such words"
