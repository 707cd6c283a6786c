#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every endpoint of the service and every error it knows, by curl."""
import concurrent.futures
import itertools
import socket

from harness import case, case_on, check, main, until


# ---- users ----

@case
def users_come_and_go(t):
    made = t.post("/users", username="ann", email=" Ann@Example.org ", full_name="Ann Other")
    check(made.status == 201 and made["email"] == "ann@example.org", made)
    check(made["account"] == {"user_id": made["id"], "balance": "0.00"}, made)
    check(made["created_at"].endswith("Z") and made["deleted_at"] is None, made)
    path = made.headers["location"]
    check(path == f"/users/{made['id']}" and t.get(path).json == made.json, t.get(path), made)
    check(t.statements(path) == 1, t.log(path))

    put = t.put(path, username="anna", email="anna@example.org")
    check(put.status == 200 and put["username"] == "anna" and put["full_name"] is None, put)
    patched = t.patch(path, full_name="Anna O.")
    check(patched["full_name"] == "Anna O." and patched["username"] == "anna", patched)
    check(t.patch(path, full_name=None)["full_name"] is None)
    check(t.patch(path).status == 200, "nothing to change")

    check(t.delete(path).status == 204 and t.get(path).status == 404)
    check(t.get("/users")["total"] == 0 and t.delete(path).status == 404)
    check(t.curl("POST", path + "/restore").status == 200 and t.get(path).status == 200)
    check(t.delete(path + "?hard=true").status == 204)
    check(t.curl("POST", path + "/restore").error["code"] == "not_found")


@case
def users_are_found_page_by_page(t):
    ids = [t.user(f"user_{i:02}") for i in range(7)]
    t.patch(f"/users/{ids[3]}", full_name="Zoë 100% Müller")
    page = t.get("/users?limit=3&offset=2")
    check([u["id"] for u in page["items"]] == ids[2:5], page)
    check((page["total"], page["limit"], page["offset"]) == (7, 3, 2), page)
    check(t.statements("/users") == 2, t.log("/users"))
    check([u["id"] for u in t.get("/users?q=M%C3%BCLLER")["items"]] in ([ids[3]], []), t.get("/users?q=M%C3%BCLLER"))
    check([u["id"] for u in t.get("/users?q=100%25")["items"]] == [ids[3]], t.get("/users?q=100%25"))
    check(t.get("/users?q=USER_0")["total"] == 7 and t.get("/users?q=nobody")["items"] == [])
    check(t.get("/users?offset=100")["items"] == [])


@case
def a_duplicate_is_told_with_its_field(t):
    t.user("ann")
    bob = t.user("bob")
    for answer, field in ((t.post("/users", username="ann", email="new@example.org"), "username"),
                          (t.post("/users", username="new", email="ann@example.org"), "email"),
                          (t.patch(f"/users/{bob}", username="ann"), "username"),
                          (t.put(f"/users/{bob}", username="bob", email="ann@example.org"), "email")):
        check(answer.status == 409 and answer.error["code"] == "duplicate" and answer.error["field"] == field, answer)
    check(t.get(f"/users/{bob}")["username"] == "bob")
    check(t.get("/users")["total"] == 2, "what was refused left nothing")


@case
def all_problems_are_told_at_once(t):
    answer = t.post("/users", username="a!", email="nowhere", full_name="x" * 101, admin=True)
    found = {p["pointer"]: p["code"] for p in answer.error["problems"]}
    check(answer.status == 422 and answer.error["code"] == "invalid", answer)
    check(found["/email"] == "format" and found["/full_name"] == "too_long" and found["/admin"] == "unknown_field", found)
    check(found["/username"] in ("too_short", "pattern"), found)
    answer = t.post("/posts", title=7, tags=["ok", "", "y" * 41])
    found = {p["pointer"]: p["code"] for p in answer.error["problems"]}
    check(found["/title"] == "type" and found["/tags/1"] == "too_short" and found["/tags/2"] == "too_long", found)
    check(found["/author_id"] == "missing" and found["/content"] == "missing", found)
    check(t.patch("/users/1", username=None).error["problems"][0]["code"] == "null")


# ---- posts ----

@case
def posts_come_and_go(t):
    ann, bob = t.user("ann"), t.user("bob")
    made = t.post("/posts", author_id=ann, title="Hello, World!", content="<b>&\"quoted\"\n", tags=["c", "sql", "c"])
    check(made.status == 201 and made["slug"] == "hello-world" and made["status"] == "draft", made)
    check([tag["name"] for tag in made["tags"]] == ["c", "sql"] and made["author"]["username"] == "ann", made)
    check(made["content"] == "<b>&\"quoted\"\n" and made["comments"] == [], made)
    path = made.headers["location"]
    for i in range(5):
        said = t.post(path + "/comments", author_id=bob, content=f"comment {i}")
        check(said.status == 201 and said["content"] == f"comment {i}", said)
    read = t.get(path)
    check([c["author"]["username"] for c in read["comments"]] == ["bob"] * 5, read)
    check([c["content"] for c in read["comments"]] == [f"comment {i}" for i in range(5)], read)
    check("email" not in read.text and read["author"]["id"] == ann, read)
    check(t.statements(path) == 1, "nested, by one statement", t.log(path)[-1])

    patched = t.patch(path, status="published", tags=["sql", "new"])
    check([tag["name"] for tag in patched["tags"]] == ["new", "sql"] and patched["status"] == "published", patched)
    check(patched["title"] == "Hello, World!" and t.patch(path, tags=[])["tags"] == [])
    put = t.put(path, author_id=bob, title="Other", content="all new", slug="other")
    check((put["title"], put["slug"], put["status"]) == ("Other", "other", "draft"), put)
    check(put["author"]["username"] == "bob", put)

    check(t.delete(path).status == 204 and t.get(path).status == 404 and t.get("/posts")["total"] == 0)
    check(t.get(path + "/comments").status == 404)
    check(t.curl("POST", path + "/restore")["title"] == "Other" and len(t.get(path)["comments"]) == 5)
    check(t.delete(path + "?hard=true").status == 204)
    check(t.database.rows("SELECT count(*) FROM comments") == [["0"]])
    check(t.curl("POST", path + "/restore").status == 404)


@case
def posts_are_found(t):
    ann, bob = t.user("ann"), t.user("bob")
    ids = [t.new_post(ann if i % 2 else bob, f"Post {i}", tags=["even" if i % 2 == 0 else "odd", "all"],
                      status="published" if i < 3 else "draft") for i in range(12)]
    page = t.get("/posts?limit=5")
    check(page["total"] == 12 and [p["id"] for p in page["items"]] == ids[:6:-1], page)
    check(page["items"][0]["author"]["username"] == "ann" and len(page["items"][0]["tags"]) == 2, page)
    few = t.statements("/posts")
    check(len(t.get("/posts?limit=100")["items"]) == 12)
    check(t.statements("/posts") == few == 2, "as many for twelve as for five", t.log("/posts")[-2:])
    check(t.get("/posts?tag=odd")["total"] == 6 and t.get("/posts?tag=none")["total"] == 0)
    check(t.get(f"/posts?author={bob}&tag=even")["total"] == 6 and t.get(f"/posts?author={bob}&tag=odd")["total"] == 0)
    check(t.get("/posts?status=published")["total"] == 3)
    check([p["title"] for p in t.get("/posts?q=pOST+1&order=title")["items"]] == ["Post 1", "Post 10", "Post 11"])
    check({tag["name"]: tag["posts"] for tag in t.get("/tags").json} == {"all": 12, "even": 6, "odd": 6}, t.get("/tags"))


@case
def posts_refuse_what_is_wrong(t):
    ann = t.user("ann")
    t.new_post(ann, "Once")
    again = t.post("/posts", author_id=ann, title="Once", content="twice")
    check(again.status == 409 and again.error["field"] == "slug", again)
    nobody = t.post("/posts", author_id=999, title="By nobody", content="")
    check(nobody.status == 422 and nobody.error["field"] == "author_id", nobody)
    check(t.post("/posts", author_id=ann, title="x", content="", status="gone").error["problems"][0]["code"] == "enum")
    check(t.post("/posts", author_id=ann, title="   ", content="").status == 422, "stripped, it is empty")
    check(t.post("/posts", author_id=ann, title="x", content="", slug="Not a slug").status == 422)
    check(t.post("/posts/999/comments", author_id=ann, content="to nothing").status == 404)
    check(t.post("/posts/1/comments", author_id=999, content="by nobody").status == 422)
    check(t.database.rows("SELECT count(*) FROM tags") == [["0"]])


@case
def the_same_new_tags_come_from_many_at_once(t):
    ann = t.user("ann")
    wanted = [[f"tag {i // 8}", f"other {i // 4}", "all"] for i in range(32)]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda i: t.post("/posts", author_id=ann, title=f"Post {i}", content="", tags=wanted[i]),
                                range(len(wanted))))
        for tags, answer in zip(wanted, answers):
            check(answer.status == 201 and [tag["name"] for tag in answer["tags"]] == sorted(tags), tags, answer)
        patched = list(pool.map(lambda i: t.patch(f"/posts/{answers[0]['id']}", tags=["all", f"more {i % 3}"]), range(12)))
    check({a.status for a in patched} == {200} and all(len(a["tags"]) == 2 for a in patched), patched)
    check(t.patch(f"/posts/{answers[0]['id']}", tags=wanted[0]).status == 200)
    counts = {tag["name"]: tag["posts"] for tag in t.get("/tags").json if not tag["name"].startswith("more")}
    check(counts["all"] == 32 and counts["tag 3"] == 8 and counts["other 7"] == 4 and len(counts) == 13, counts)


@case
def comments_come_and_go(t):
    ann = t.user("ann")
    post = t.new_post(ann, "Commented")
    answers = [t.post(f"/posts/{post}/comments", author_id=ann, content=f"{i}") for i in range(3)]
    check("email" not in answers[0].text and answers[0]["author"]["username"] == "ann", answers[0])
    made = [answer["id"] for answer in answers]
    page = t.get(f"/posts/{post}/comments?limit=2&offset=1")
    check([c["id"] for c in page["items"]] == made[1:] and page["total"] == 3, page)
    check(page["items"][0]["author"]["username"] == "ann" and "email" not in page.text, page)
    check(t.delete(f"/comments/{made[0]}").status == 204 and t.delete(f"/comments/{made[0]}").status == 404)
    check(t.get(f"/posts/{post}/comments")["total"] == 2)


# ---- errors ----

@case
def errors_have_a_form(t):
    for method, path, status in (("GET", "/nothing", 404), ("GET", "/users/7", 404), ("GET", "/users/x", 404),
                                 ("GET", "/users/99999999999999999999", 404), ("GET", "/users/", 404),
                                 ("DELETE", "/users", 405), ("POST", "/health", 405), ("BREW", "/posts/1", 405),
                                 ("PATCH", "/transfers", 405)):
        answer = t.curl(method, path)
        check(answer.status == status and answer.error["code"] and answer.error["message"], f"{method} {path}:", answer)
    check(t.curl("DELETE", "/users").headers["allow"] == "GET, POST")
    for query in ("limit=0", "limit=101", "limit=x", "limit=", "offset=-1", "author=ann", "status=gone", "order=id"):
        answer = t.get("/posts?" + query)
        check(answer.status == 422 and answer.error["field"] == query.split("=")[0], query, answer)
    ann = t.user("ann")
    post = t.new_post(ann, "Kept")
    for path in (f"/users/{ann}", f"/posts/{post}"):
        answer = t.delete(path + "?hard=yes")
        check(answer.status == 422 and answer.error["field"] == "hard" and t.get(path).status == 200, answer)


@case
def each_request_has_its_own_methods(t):
    address = t.base.removeprefix("http://").rsplit(":", 1)
    with socket.create_connection((address[0], int(address[1])), timeout=20) as slow:
        slow.sendall(b"DELETE /users HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\n.")
        asked = itertools.count(1)
        until(lambda: t.get("/stats")["requests"] > next(asked), "the slow one's first line")
        check(t.curl("PUT", "/").headers["allow"] == "GET" and t.get("/nothing").status == 404)
        slow.sendall(b".")
        check(b"\r\nAllow: GET, POST\r\n" in slow.makefile("rb").read(), "the slow one's Allow")


@case_on(MAX_BODY=2000)
def bodies_are_read_with_care(t):
    for text in ("", "{", "[]", "null", '{"username": "ann"', '{"username": "a\\u0000b"}', "{\"username\": \"\xff\"}", "nul"):
        answer = t.curl("POST", "/users", data=text)
        check(answer.status in (400, 422) and answer.error["code"], repr(text), answer)
    check(t.curl("POST", "/users", data="{").error["code"] == "invalid_json")
    check(t.curl("POST", "/users", data=" " * 2001).status == 413)
    check(t.curl("POST", "/users", "-H", "Transfer-Encoding: chunked", data=" " * 9000).status == 413)
    check(t.curl("POST", "/users", "-H", "Expect: 100-continue", data=" " * 90000).status == 413)
    form = t.curl("POST", "/users", "-d", "username=ann")
    check(form.status == 415, "a form of another site's page is no JSON", form)
    for kind, status in (("Application/JSON ; charset=utf-8", 422), ("application/jsonp", 415), ("application/json-x", 415)):
        answer = t.curl("POST", "/users", "-H", "Content-Type: " + kind, "-d", "{}")
        check(answer.status == status, kind, answer)
    check(t.post("/users", username="ann", email="ann@example.org", full_name="é" * 100).status == 201)


@case
def the_service_tells_about_itself(t):
    check(t.get("/health").json == {"status": "ok"})
    t.user("ann")
    stats = t.get("/stats")
    check(stats["database"] == t.database.kind and stats["checked_out"] == 0 and stats["statements"] > 0, stats)
    schema = t.get("/schemas?of=user")
    check("email" in schema["properties"] and set(schema["required"]) == {"username", "email"}, schema)
    check(t.get("/schemas?of=nothing").status == 404)
    page = t.get("/")
    check(page.headers["content-type"].startswith("text/html") and "<title>Blog</title>" in page.text, page)
    head = t.curl("GET", "/users", "--head")
    check(head.status == 200 and head.text == "", head)
    line = t.log("/users", "POST")[-1]
    check(line["status"] == 201 and line["statements"] > 0 and line["ms"] > 0, line)


main(__name__)
