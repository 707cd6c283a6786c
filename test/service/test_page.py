#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The page at / in headless Chromium, driven by the DevTools protocol over a pipe: typed into, clicked, looked at."""
import contextlib
import json
import os
import shutil
import subprocess
import tempfile

from harness import PATIENCE, case, check, main, until

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Browser:
    """One page of a headless Chromium."""

    def __init__(self, folder):
        theirs_in, self.out = os.pipe()
        self.incoming, theirs_out = os.pipe()
        command = [CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                   "--disable-background-networking", "--disable-component-update", "--no-proxy-server",
                   f"--user-data-dir={folder}", "--remote-debugging-pipe", "about:blank"]
        self.process = subprocess.Popen(["sh", "-c", f'exec "$@" 3<&{theirs_in} 4>&{theirs_out}', "sh", *command],
                                        pass_fds=(theirs_in, theirs_out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(theirs_in)
        os.close(theirs_out)
        self.left, self.count, self.session, self.thrown = b"", 0, None, []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.call("Runtime.enable")

    def receive(self):
        while b"\0" not in self.left:
            part = os.read(self.incoming, 65536)
            check(part, "the browser is gone")
            self.left += part
        message, _, self.left = self.left.partition(b"\0")
        return json.loads(message)

    def call(self, method, **parameters):
        self.count += 1
        message = {"id": self.count, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("method") == "Runtime.exceptionThrown":
                self.thrown.append(answer["params"]["exceptionDetails"])
            if answer.get("id") == self.count:
                check("error" not in answer, method, answer)
                return answer["result"]

    def value(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        check("exceptionDetails" not in answer, expression, answer)
        return answer["result"].get("value")

    def click(self, selector):
        self.value(f"document.querySelector({selector!r}).scrollIntoView()")
        box = self.value(f"(b => [b.x + b.width / 2, b.y + b.height / 2])"
                         f"(document.querySelector({selector!r}).getBoundingClientRect())")
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=box[0], y=box[1], button="left", clickCount=1)

    def write(self, selector, text):
        self.click(selector)
        self.call("Input.insertText", text=text)

    def close(self):
        with contextlib.suppress(Exception):
            self.call("Browser.close")
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(PATIENCE)
        self.process.kill()
        self.process.wait()
        os.close(self.out)
        os.close(self.incoming)


@contextlib.contextmanager
def page_of(t):
    check(CHROMIUM, "there is no chromium")
    with tempfile.TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True) as folder:
        browser = Browser(folder)
        try:
            browser.call("Page.navigate", url=t.base + "/")
            until(lambda: browser.value("document.querySelector('#total')?.textContent"), "the list")
            yield browser
            check(not browser.thrown, browser.thrown)
        finally:
            browser.close()


@case
def the_page_lists_and_adds_posts(t):
    ann = t.user("ann")
    t.user("bob")
    for i in range(12):
        t.new_post(ann, f"Earlier {i}", tags=["old"])
    with page_of(t) as b:
        titles = "[...document.querySelectorAll('article h2')].map(h => h.textContent)"
        check(b.value("document.querySelector('#total').textContent") == "12 posts")
        check(b.value(titles) == [f"Earlier {i}" for i in range(11, 1, -1)], b.value(titles))
        b.click("#more")
        until(lambda: len(b.value(titles)) == 12, "the rest")

        b.write("#title", "<img src=x onerror=alert(1)> & more")
        b.write("#content", "First line\nsecond")
        b.write("#tags", "new, c")
        b.click("#send")
        until(lambda: b.value(titles + "[0]").startswith("<img"), "the new post")
        check(b.value("document.querySelectorAll('article img').length") == 0, "text is never markup")
        check("#c #new" in b.value("document.querySelector('article .small').textContent"))
        check(b.value("document.querySelector('#total').textContent") == "13 posts")
        check(b.value("document.querySelector('#title').value") == "", "the form is empty again")
    newest = t.get("/posts?limit=1")["items"][0]
    check(newest["title"] == "<img src=x onerror=alert(1)> & more" and newest["content"] == "First line\nsecond", newest)
    check(newest["status"] == "published" and newest["author"]["username"] == "ann", newest)


@case
def the_page_tells_of_errors_and_searches(t):
    ann = t.user("ann")
    t.new_post(ann, "Apples")
    t.new_post(ann, "Pears")
    with page_of(t) as b:
        b.write("#title", "Apples")
        b.click("#send")
        message = until(lambda: b.value("document.querySelector('#message').textContent"), "a message")
        check("slug" in message, message)
        check(b.value("document.querySelector('#title').value") == "Apples", "what was written is still there")
        b.write("#search", "pear")
        b.call("Input.dispatchKeyEvent", type="keyDown", key="Enter", code="Enter", windowsVirtualKeyCode=13, text="\r")
        until(lambda: b.value("document.querySelector('#total').textContent") == "1 posts", "what was found")
        check(b.value("document.querySelector('article h2').textContent") == "Pears")
    check(t.get("/posts")["total"] == 2)


main(__name__)
