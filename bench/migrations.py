# SPDX-License-Identifier: Apache-2.0
"""The command as a whole process, from its start to its end, beside a bare C program (migrate_raw) that runs the same SQL
through sqlite3: upgrades, `current`, autogenerate.  On SQLite, in files in memory.  Called by run.py."""
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import tempfile
import time

COLUMNS = "{:<46} {:>10} {:>10} {:>7} {:>6} {:>7} {:>14} {:>7}"
CREATE = "CREATE TABLE t{0} (id INTEGER NOT NULL, name VARCHAR(50) NOT NULL, price FLOAT, PRIMARY KEY (id));\n"
C_REVISION = """#include <athanor/migrate.h>
ATH_REVISION("r{0}"{1}, .message = "table {0}");
ATH_UPGRADE(op) {{
    ath_op_create_table(op, "t{0}", ath_op_column("id", ATH_INTEGER, .primary_key = true),
                        ath_op_column("name", ATH_STRING(50), .not_null = true), ath_op_column("price", ATH_DOUBLE));
}}
ATH_DOWNGRADE(op) {{ ath_op_drop_table(op, "t{0}"); }}
"""
MODEL = """typedef struct T{0} {{ int32_t id; const char *name; ath_opt_f64 price; ath_opt_i32 other_id; bool live; }} T{0};
ATH_DECLARE(T{0});
ATH_MODEL(T{0}, "m{0}") {{
    ath_column(id, .primary_key = true);
    ath_column(name, .type = ATH_STRING(50), .unique = true);
    ath_column(price, .nullable = true);
    ath_column(other_id, .nullable = true, .index = true{1});
    ath_column(live, .default_value = ath_bool(true));
}}
"""


class Project:
    """A folder with a configuration and n revisions, and a database."""

    def __init__(self, root, build, name, form, n):
        self.folder, self.build = root / name, build
        self.versions, self.cache = self.folder / "versions", self.folder / "cache"
        self.database = self.folder / "database"
        self.versions.mkdir(parents=True)
        (self.folder / "athanor.ini").write_text("[athanor]\nscript_location = .\n")
        for i in range(n):
            getattr(self, "write_" + form)(i)
        self.script = self.folder / "script"
        table = "CREATE TABLE athanor_version (version_num VARCHAR(255) NOT NULL, CONSTRAINT athanor_version_pkc PRIMARY KEY (version_num));\n"
        step = "UPDATE athanor_version SET version_num='r{0}' WHERE athanor_version.version_num = 'r{1}';\n"
        first = "INSERT INTO athanor_version (version_num) VALUES ('r0');\n"
        self.script.write_text("BEGIN;\n" + table + "".join(
            CREATE.format(i) + (step.format(i, i - 1) if i else first) for i in range(n)) + "COMMIT;\n")

    def write_c(self, i):
        down = f', .down = "r{i - 1}"' if i else ""
        (self.versions / f"r{i}.c").write_text(C_REVISION.format(i, down))

    def write_sql(self, i):
        down = f"-- down: r{i - 1}\n" if i else ""
        (self.versions / f"r{i}.sql").write_text(
            f"-- revision: r{i}\n{down}-- message: table {i}\n-- +up\n{CREATE.format(i)}-- +down\nDROP TABLE t{i};\n")

    def write_models(self, n):
        models = "".join(MODEL.format(i, f', .foreign_key = "m{i - 1}.id"' if i else "") for i in range(n))
        names = ", ".join(f"&ath_model_T{i}" for i in range(n))
        (self.folder / "env.c").write_text(
            f"#include <athanor/athanor.h>\n#include <athanor/migrate.h>\n{models}"
            f"static const ath_model *const models[] = {{{names}}};\n"
            f"ATH_METADATA_WITH(All, .models = models, .model_count = {n});\nATH_ENVIRONMENT(env) {{ env->metadata = &All; }}\n")

    def athanor(self, *arguments):
        return [str(self.build / "athanor"), "-q", *arguments]

    def raw(self, what, *arguments):
        return [str(self.build / "bench/migrate_raw"), what, str(self.database), *arguments]

    def environment(self):
        return {**os.environ, "ATHANOR_CONFIG": str(self.folder / "athanor.ini"),
                "ATHANOR_URL": f"sqlite:///{self.database}", "XDG_CACHE_HOME": str(self.cache)}

    def forget_database(self):
        for ending in ("", "-wal", "-shm"):
            pathlib.Path(str(self.database) + ending).unlink(missing_ok=True)

    def forget_cache(self):
        shutil.rmtree(self.cache, ignore_errors=True)


def once(project, command, before):
    """Milliseconds of the process, and those of them that a processor spent on it: what others do at the same time moves the
    second less."""
    before()
    silent = [(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0), (os.POSIX_SPAWN_OPEN, 2, "/dev/null", os.O_WRONLY, 0)]
    environment = project.environment()
    start = time.perf_counter()
    _, status, used = os.wait4(os.posix_spawn(command[0], command, environment, file_actions=silent), 0)
    spent = (time.perf_counter() - start) * 1000
    if status != 0:
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        raise SystemExit(f"{' '.join(command)}: {done.stdout}{done.stderr[:2000]}")
    return spent, (used.ru_utime + used.ru_stime) * 1000


def instructions_of(project, command, before, wanted):
    if not wanted:
        return None
    before()
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out", *command],
                              env=project.environment(), capture_output=True, text=True)
    found = re.search(r"Collected : (\d+)", done.stderr)
    return int(found[1]) if found else None


def nothing():
    pass


def line(label, project, own, base, before, goal, turns, count):
    """One row: `own` beside `base` (None: alone), by turns."""
    ours, raw = [], []
    for _ in range(turns):
        ours.append(once(project, own, before))
        if base:
            raw.append(once(project, base, before))
    def ratio(which):
        return f"{statistics.median(o[which] / r[which] for o, r in zip(ours, raw)):.2f}" if base else "-"

    def median(times):
        return f"{statistics.median(t[0] for t in times):.1f} ms" if times else "-"
    own_count = instructions_of(project, own, before, count)
    base_count = instructions_of(project, base, before, count and base)
    print(COLUMNS.format(
        label, median(raw), median(ours), ratio(0), goal, ratio(1), f"{own_count:,}" if own_count else "-",
        f"{own_count / base_count:.2f}" if own_count and base_count else "-"), flush=True)


def start(root, build, turns, count):
    p = Project(root, build, "start", "sql", 0)
    line("start and end alone (list-templates)", p, p.athanor("list-templates"), p.raw("start"), nothing, "", turns, count)


def upgrades(root, build, turns, count):
    for n in (1, 10, 100):
        for form in ("sql", "c"):
            p = Project(root, build, f"{form}{n}", form, n)
            script, title = p.raw("run", str(p.script)), f"upgrade head, {n} in {form.upper()}"

            def cold(p=p):
                p.forget_database()
                p.forget_cache()
            if form == "c":
                line(title + ", compiled first", p, p.athanor("upgrade", "head"), script, cold, "", min(turns, 2), False)
            p.forget_database()
            once(p, p.athanor("upgrade", "head"), nothing)  # into the cache
            line(title, p, p.athanor("upgrade", "head"), script, p.forget_database, "2.00" if n == 100 else "", turns, count)
            bundle(p, title, script, turns, count)
        p.forget_database()
        once(p, p.athanor("upgrade", "head"), nothing)
        line(f"current, {n} in C", p, p.athanor("current"), p.raw("current"), nothing, "2.00" if n == 100 else "", turns, count)


def bundle(p, title, script, turns, count):
    program = p.folder / "bundle"
    done = subprocess.run([str(p.build / "athanor"), "bundle", "-o", str(program)], env=p.environment(), capture_output=True)
    if done.returncode == 0 and program.exists():
        line(title + ", bundled", p, [str(program), "upgrade", "head"], script, p.forget_database,
             "1.30" if "100" in title else "", turns, count)


def compare(root, build, turns, count):
    p = Project(root, build, "models", "sql", 0)
    p.write_models(100)
    once(p, p.athanor("revision", "--autogenerate", "-m", "all"), nothing)
    once(p, p.athanor("upgrade", "head"), nothing)
    line("autogenerate, 100 tables, nothing to do", p, p.athanor("revision", "--autogenerate", "-m", "more"), p.raw("reflect"),
         nothing, "5.00", turns, count)
    if len(list(p.versions.iterdir())) != 1:
        raise SystemExit("autogenerate has found something to do")


def listed(root, build, turns, count):
    for form in ("sql", "c"):
        p = Project(root, build, f"{form}1000", form, 1000)
        line(f"history, 1,000 in {form.upper()}", p, p.athanor("history"), None, nothing, "50 ms", turns, count)


def run(build, turns, count):
    print("The command as a whole process, on SQLite in a file in memory, beside a C program that runs the same SQL.\n")
    print(COLUMNS.format("", "raw", "ours", "ratio", "goal", "cpu", "instructions", "ratio"))
    with tempfile.TemporaryDirectory(prefix="athanor-bench-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as folder:
        for part in (start, upgrades, compare, listed):
            part(pathlib.Path(folder), build.resolve(), turns, count)
    print(flush=True)
