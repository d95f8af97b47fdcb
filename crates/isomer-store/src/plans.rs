//! Proof that the statements of the hot path find their rows by an index, whatever a run's size.

use rusqlite::Connection;

use crate::database::{RECOVER, open_writer};
use crate::read::{DECOMPOSED, OUTPUT, SEED_AT};
use crate::reader::{DECOMPOSED_SEEDS, HARDENED};
use crate::write::{CLAIM, WAKE};

fn plan(connection: &Connection, sql: &str) -> String {
    let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    let parameters = vec!["1"; statement.parameter_count()];
    let rows = statement
        .query_map(rusqlite::params_from_iter(parameters), |row| row.get::<_, String>(3))
        .unwrap();
    rows.map(Result::unwrap).collect::<Vec<_>>().join("; ")
}

#[test]
fn every_hot_statement_uses_its_index() {
    let dir = tempfile::tempdir().unwrap();
    let connection = open_writer(dir.path()).unwrap();
    let find_call =
        "SELECT * FROM calls WHERE key = ?1 AND status = 'ok' ORDER BY num DESC LIMIT 1";
    for (sql, index) in [
        (CLAIM, "items_ready"),
        (WAKE, "items_parked"),
        (SEED_AT, "items_of_seeds"),
        (DECOMPOSED, "items_of_seeds"),
        (OUTPUT, "outcomes_of_items"),
        (DECOMPOSED_SEEDS, "items_of_seeds"),
        (HARDENED, "items_hardened"),
        (find_call, "calls_by_key"),
        ("SELECT * FROM calls WHERE item = ?1 ORDER BY num", "calls_by_item"),
        ("SELECT id FROM items WHERE id >= ?1 ORDER BY id LIMIT ?2", "sqlite_autoindex_items_1"),
    ] {
        let plan = plan(&connection, sql);
        assert!(plan.contains(index), "{sql}\n{plan}");
        assert!(!plan.contains("TEMP B-TREE"), "{sql}\n{plan}");
        let scans = plan.split("; ").filter(|step| step.starts_with("SCAN"));
        // The stream of hardened items scans an index that holds nothing else.
        assert!(scans.clone().all(|scan| scan.contains("items_hardened")), "{sql}\n{plan}");
    }
    let recover = plan(&connection, RECOVER);
    assert!(recover.contains("items_interrupted"), "{recover}");
}
