/* SPDX-License-Identifier: Apache-2.0
 *
 * The URLs of databases, taken apart. */
#include <athanor/athanor.h>
#include <stdio.h>

static void show(const char *text) {
    ath_error why;
    ath_url *url = ath_url_parse(text, &why);
    if (!url) {
        printf("%s: %s\n", ath_status_name(why.status), why.message);
        return;
    }
    char masked[200]; /* str(url): the password is *** */
    ath_url_print(url, masked, sizeof masked);
    printf("%s\n  %s", masked, url->dialect);
    if (url->driver)
        printf(" by %s", url->driver);
    if (url->user)
        printf(", user %s", url->user);
    if (url->host)
        printf(", host %s", url->host);
    if (url->port)
        printf(", port %d", url->port);
    if (url->database)
        printf(", database %s", url->database);
    for (size_t i = 0; i < url->query_count; i++)
        printf(", %s is %s", url->query[i].key, url->query[i].value);
    printf("\n");
    ath_url_free(url);
}

int main(void) {
    /* create_engine('mysql+pymysql://root:123456@localhost:3306/test') */
    show("mysql+pymysql://root:123456@localhost:3306/test");

    /* DB_URI = "mysql+asyncmy://user:password@host:port/db_name?charset=utf8mb4"
     *
     * As it stands it is malformed, here as in Python: port is not a number. */
    show("mysql+asyncmy://user:password@host:port/db_name?charset=utf8mb4");
    show("mysql+asyncmy://user:password@host:3306/db_name?charset=utf8mb4");

    /* create_async_engine("mysql+aiomysql://user:password@localhost/dbname") */
    show("mysql+aiomysql://user:password@localhost/dbname");

    /* PostgreSQL by its drivers of Python */
    show("postgresql+asyncpg://user:password@localhost:5432/dbname");
    show("postgresql+psycopg2://user:password@localhost/dbname?sslmode=require");

    /* pip install cryptography  # "for encrypted connections"
     *
     * It is for passwords; the connection is encrypted by keys of the URL, here as there. */
    show("mysql+pymysql://user:password@db.example.org/dbname?ssl_ca=/etc/ssl/ca.pem&ssl_check_hostname=true");

    /* SQLALCHEMY_DATABASE_URL: str = "sqlite:///./test.db"
     *
     * Three slashes and a path from here, four and a path from the root, none: a database in memory. */
    show("sqlite:///./test.db");
    show("sqlite+aiosqlite:////var/lib/app/test.db");
    show("sqlite://");

    /* What is special in a URL is written in percent: of a password p@ss/w%rd, too.  An IPv6 host stands in brackets. */
    show("postgresql://j%40ne:p%40ss%2Fw%25rd@[::1]:5432/my%20shop?application_name=a%26b");
    show("not a URL");

    /* engine = create_engine(DATABASE_URL)
     *
     * The part behind + names a driver of Python: any will do, for each database has one driver here.  The engine is
     * there without a server, since nothing is connected yet. */
    const char *const seeds[] = {"mysql+asyncmy://host:3306/db_name?charset=utf8mb4",
                                 "mysql+pymysql://localhost:3306/test", "postgresql+asyncpg://localhost:5432/dbname",
                                 "sqlite+aiosqlite:///./test.db"};
    for (size_t i = 0; i < sizeof seeds / sizeof *seeds; i++) {
        ath_error why;
        ath_engine *engine = ath_engine_open(seeds[i], .error = &why);
        bool known = engine || why.status == ATH_NOT_SUPPORTED; /* that, when it was left out of the library's build */
        printf("%s: %s\n", seeds[i], known ? "accepted" : why.message);
        ath_engine_close(engine);
    }
    return 0;
}
