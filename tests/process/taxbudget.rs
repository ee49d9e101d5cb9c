//! `allot import taxbudget` from both databases that Django uses, and the old addresses afterwards.

use crate::{
    databases::{self, PgDatabase},
    everything::{self, Everything, open, runtime, sqlite},
    program::{Serving, err, out, run},
};
use std::{
    fs,
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    os::unix::fs::PermissionsExt,
    path::Path,
};

const WHOLE: [&str; 3] = [
    "0c9f1f0a-8a4f-4a53-9d3e-3b6f0f6f0001",
    "0c9f1f0a-8a4f-4a53-9d3e-3b6f0f6f0002",
    "abcdefghijklmnopqrstuvwxyz012345",
];

/// The tables as Django makes them, without what keeps bad rows out. `zone` is what follows a time.
fn tables(time: &str, zone: &str) -> String {
    let [a, b, c] = WHOLE;
    format!(
        "CREATE TABLE allocator_budgetcategory (id bigint, name varchar(100), description text, color varchar(7),
            display_order integer);
         CREATE TABLE allocator_allocationsubmission (session_key varchar(255), user_id varchar(255),
            submitted_at {time}, ip_address varchar(39));
         CREATE TABLE allocator_userallocation (session_key varchar(255), user_id varchar(255), category_id bigint,
            percentage numeric(7, 3), created_at {time}, ip_address varchar(39));
         INSERT INTO allocator_budgetcategory VALUES (7, 'Roads & Rails', '', '#123456', 2),
            (3, 'Schools', 'For everyone', 'red', 1), (9, 'Parks', '', '#abcdef', 2);
         INSERT INTO allocator_allocationsubmission VALUES
            ('{a}', 'somebody', '2025-12-17 10:11:12.345678{zone}', '203.0.113.9'),
            ('{b}', 'somebody', '2025-12-18 00:00:00{zone}', NULL),
            ('{c}', NULL, '2019-02-28 23:59:59.999{zone}', NULL),
            ('{c}', NULL, '2019-02-28 23:59:58{zone}', NULL),
            ('unbalanced', NULL, '2025-12-17 10:00:00{zone}', NULL),
            ('incomplete', NULL, '2025-12-17 10:00:00{zone}', NULL),
            ('twice', NULL, '2025-12-17 10:00:00{zone}', NULL),
            ('stranger', NULL, '2025-12-17 10:00:00{zone}', NULL),
            ('negative', NULL, '2025-12-17 10:00:00{zone}', NULL),
            ('precise', NULL, '2025-12-17 10:00:00{zone}', NULL),
            ('null', NULL, '2025-12-17 10:00:00{zone}', NULL),
            ('timeless', NULL, NULL, NULL),
            ('future', NULL, '2199-01-01 00:00:00{zone}', NULL),
            ('empty', NULL, '2025-12-17 10:00:00{zone}', NULL),
            (NULL, NULL, '2025-12-17 10:00:00{zone}', NULL);
         INSERT INTO allocator_userallocation (session_key, category_id, percentage) VALUES
            ('{a}', 3, 33.33), ('{a}', 7, 33.33), ('{a}', 9, 33.34),
            ('{b}', 3, 100), ('{b}', 7, 0), ('{b}', 9, 0),
            ('{c}', 9, 0.5), ('{c}', 3, 99.25), ('{c}', 7, 0.25),
            ('unbalanced', 3, 33.33), ('unbalanced', 7, 33.33), ('unbalanced', 9, 33.33),
            ('incomplete', 3, 50), ('incomplete', 7, 50),
            ('twice', 3, 50), ('twice', 3, 50), ('twice', 9, 0), ('twice', 7, 0),
            ('stranger', 3, 50), ('stranger', 7, 50), ('stranger', 9, 0), ('stranger', 4711, 0),
            ('negative', 3, 110), ('negative', 7, -10), ('negative', 9, 0),
            ('precise', 3, 33.333), ('precise', 7, 33.333), ('precise', 9, 33.334),
            ('null', 3, NULL), ('null', 7, 50), ('null', 9, 50),
            ('timeless', 3, 100), ('timeless', 7, 0), ('timeless', 9, 0),
            ('future', 3, 100), ('future', 7, 0), ('future', 9, 0),
            ('unsubmitted', 3, 100), ('unsubmitted', 7, 0), ('unsubmitted', 9, 0),
            (NULL, 3, 100);"
    )
}

fn django_file(folder: &Path) -> String {
    let file = folder.join("db.sqlite3");
    rusqlite::Connection::open(&file).unwrap().execute_batch(&tables("datetime", "")).unwrap();
    sqlite(&file)
}

fn django_server() -> PgDatabase {
    let database = PgDatabase::new();
    psql(&database, &tables("timestamptz", "+00"));
    database
}

fn psql(database: &PgDatabase, statements: &str) {
    databases::run(
        "psql",
        &["--no-psqlrc", "--quiet", "-v", "ON_ERROR_STOP=1", "-d", &database.name, "-c", statements],
    );
}

fn all(url: &str) -> Everything {
    runtime().block_on(async { everything::of(&open(url).await).await })
}

const ENVIRONMENT: [(&str, &str); 1] = [("ALLOT_SECRET", "a secret of at least thirty-two characters")];

#[test]
fn both_databases_of_django_become_the_same_submissions_in_both_of_ours_and_a_second_run_adds_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (file, server, target) = (django_file(folder.path()), django_server(), PgDatabase::new());
    let ours = sqlite(&folder.path().join("allot.sqlite"));
    let import = |from: &str, to: &str, report: &str| {
        let arguments = ["import", "taxbudget", "--from", from, "--database-url", to, "--report", report];
        let imported = run(folder.path(), &arguments, &ENVIRONMENT);
        assert!(imported.status.success(), "{}{}", out(&imported), err(&imported));
        out(&imported)
    };
    let said = import(&file, &target.url, "first.csv");
    assert!(said.contains("taxbudget: made\n3 imported, 0 were here already\n13 left out\n"), "{said}");
    assert!(said.contains("232.58         232.58  Schools"), "{said}");
    let said = import(&server.url, &ours, "second.csv");
    assert!(said.contains("3 imported, 0 were here already"), "{said}");
    let (one, other) = (all(&target.url), all(&ours));
    let stripped = |all: &Everything| {
        all.submissions
            .iter()
            .map(|row| (row.stored.id, row.stored.allocation.clone(), row.stored.effective))
            .collect::<Vec<_>>()
    };
    assert_eq!(stripped(&one), stripped(&other));
    assert_eq!((&one.budgets, &one.legacy_results), (&other.budgets, &other.legacy_results));
    assert_eq!(one.submissions[0].stored.id.time().to_rfc3339(), "2019-02-28T23:59:59.999Z");
    assert_eq!(one.submissions[1].stored.id.time().to_rfc3339(), "2025-12-17T10:11:12.345Z");
    assert_eq!(one.submissions[1].stored.allocation.points(), [3333, 3334, 3333]);
    assert!(one.submissions.iter().all(|row| row.stored.participant.is_none() && row.stored.counted));
    let categories: Vec<_> = one.budgets[0].0.categories.iter().map(|c| (&*c.slug, &*c.color)).collect();
    assert_eq!(categories, [("schools", "#007bff"), ("parks", "#abcdef"), ("roads-rails", "#123456")]);

    let before = fs::read_to_string(folder.path().join("first.csv")).unwrap();
    let mut lines: Vec<&str> = before.lines().collect();
    lines.sort_unstable();
    assert_eq!(
        lines,
        [
            "\"\",\"a row without a session key\"",
            "\"\",\"a row without a session key\"",
            "\"empty\",\"has no allocations\"",
            "\"future\",\"the time is missing, in the future or before 2005\"",
            "\"incomplete\",\"has 2 of 3 categories\"",
            "\"negative\",\"the percentage 110 is not from 0 to 100 with up to two decimals\"",
            "\"null\",\"the percentage NULL is not from 0 to 100 with up to two decimals\"",
            "\"precise\",\"the percentage 33.333 is not from 0 to 100 with up to two decimals\"",
            "\"session_key\",\"reason\"",
            "\"stranger\",\"there is no category 4711\"",
            "\"timeless\",\"the time is missing, in the future or before 2005\"",
            "\"twice\",\"3 comes twice\"",
            "\"unbalanced\",\"sums to 99.99 %\"",
            "\"unsubmitted\",\"was not submitted\"",
        ]
    );
    let mode = fs::metadata(folder.path().join("first.csv")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);

    // What changed, what is new, and what was deleted here.
    let [a, b, _] = WHOLE;
    let deleted = one.submissions[0].stored.id;
    runtime().block_on(async {
        use service::port::{Clock, Store, SystemClock};
        let store: std::sync::Arc<dyn service::port::Transfer> = open(&target.url).await;
        Store::delete(&*store, deleted, SystemClock.now()).await.unwrap();
    });
    rusqlite::Connection::open(folder.path().join("db.sqlite3"))
        .unwrap()
        .execute_batch(&format!(
            "UPDATE allocator_userallocation SET percentage = 100 - percentage WHERE session_key = '{b}' AND category_id < 9;
             INSERT INTO allocator_allocationsubmission VALUES ('new', NULL, '2025-12-20 00:00:00', NULL);
             INSERT INTO allocator_userallocation (session_key, category_id, percentage)
                SELECT 'new', category_id, percentage FROM allocator_userallocation WHERE session_key = '{a}';"
        ))
        .unwrap();
    let said = import(&file, &target.url, "third.csv");
    assert!(said.contains("matched by its categories\n1 imported, 1 were here already\n1 were deleted here"), "{said}");
    assert!(said.contains("1 were imported before with other content"), "{said}");
    assert_eq!(all(&target.url).submissions.len(), 3);

    // All of them are of months that ended long ago.
    let archived = run(folder.path(), &["db", "archive", "--database-url", &target.url], &ENVIRONMENT);
    assert!(archived.status.success(), "{}{}", out(&archived), err(&archived));
    rusqlite::Connection::open(folder.path().join("db.sqlite3"))
        .unwrap()
        .execute_batch(&format!(
            "INSERT INTO allocator_allocationsubmission VALUES ('late', NULL, '2025-12-21 00:00:00', NULL);
             INSERT INTO allocator_allocationsubmission SELECT 'recent', NULL, datetime('now', '-1 hour'), NULL;
             INSERT INTO allocator_userallocation (session_key, category_id, percentage)
                SELECT key, category_id, percentage FROM allocator_userallocation, (SELECT 'late' AS key UNION SELECT 'recent')
                WHERE session_key = '{a}';"
        ))
        .unwrap();
    let said = import(&file, &target.url, "fourth.csv");
    assert!(said.contains("1 imported, 0 were here already\n1 were deleted here"), "{said}");
    assert!(said.contains("\n3 were imported before and are archived"), "{said}");
    assert!(
        said.contains("1 are of a month that is archived here"),
        "one that comes too late keeps no other back: {said}"
    );
}

#[test]
fn old_addresses_lead_to_the_new_ones_and_unknown_ones_stay_unknown() {
    let folder = tempfile::tempdir().unwrap();
    let file = django_file(folder.path());
    let imported = run(folder.path(), &["import", "taxbudget", "--from", &file, "--title", "Ours"], &[]);
    assert!(imported.status.success(), "{}{}", out(&imported), err(&imported));
    let rows = all(&sqlite(&folder.path().join("data/allot.sqlite"))).submissions;
    let server = Serving::start(folder.path());
    for (key, row) in [(WHOLE[0], &rows[1]), (WHOLE[2], &rows[0])] {
        let with_slash = get(server.address, &format!("/results/{key}/"));
        assert!(has(&with_slash, 308, &format!("location: /results/{key}")), "{with_slash}");
        let old = get(server.address, &format!("/results/{key}"));
        assert!(has(&old, 308, &format!("location: /results/{}", row.stored.id)), "{old}");
        let new = get(server.address, &format!("/results/{}", row.stored.id));
        assert!(has(&new, 200, "cache-control: private"), "{new}");
        assert!(new.contains("Roads &amp; Rails"), "{new}");
    }
    for unknown in ["unbalanced", "0c9f1f0a-8a4f-4a53-9d3e-3b6f0f6f9999", "%00", "a%2F..%2Fb", &"x".repeat(3000)] {
        let answer = get(server.address, &format!("/results/{unknown}"));
        assert!(answer.starts_with("HTTP/1.1 404 "), "{unknown}: {answer}");
    }
}

/// The whole answer as text.
fn get(address: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn has(answer: &str, status: u16, header: &str) -> bool {
    answer.starts_with(&format!("HTTP/1.1 {status} ")) && answer.lines().any(|line| line.starts_with(header))
}

#[test]
fn what_cannot_be_imported_is_said_with_a_hint() {
    let folder = tempfile::tempdir().unwrap();
    let file = django_file(folder.path());
    let other = folder.path().join("other.sqlite");
    rusqlite::Connection::open(&other).unwrap().execute_batch("CREATE TABLE t (n)").unwrap();
    let import = |arguments: &[&str], said: &str| {
        let failed = run(folder.path(), &[&["import", "taxbudget"], arguments].concat(), &[]);
        let text = err(&failed);
        assert_eq!(failed.status.code(), Some(1), "{text}");
        assert!(text.contains(said) && text.contains("\nhint: ") && text.lines().count() == 2, "{text}");
        assert!(!text.contains("hunter2"), "{text}");
    };
    import(&["--from", "sqlite:none.sqlite3"], "there is no database none.sqlite3");
    import(&["--from", &sqlite(&other)], "the old database can't be read: ");
    import(&["--from", "postgres://me:hunter2@127.0.0.1:1/x"], "postgres://me:***@127.0.0.1:1/x: ");
    import(&["--from", &file, "--budget", "Not A Slug"], "make no budget: slug must be");
    let simulated = run(folder.path(), &["simulate", "--submissions", "1"], &[]);
    assert!(simulated.status.success(), "{}", err(&simulated));
    import(&["--from", &file, "--budget", "tax-dollars"], "budget tax-dollars has other categories");
    assert_eq!(run(folder.path(), &["import", "taxbudget"], &[]).status.code(), Some(2));
    assert_eq!(run(folder.path(), &["import"], &[]).status.code(), Some(2));
}
