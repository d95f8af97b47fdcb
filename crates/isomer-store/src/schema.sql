-- The tables of a run. JSON columns hold text when it is short and zstd when it is long (BLOB).
-- Large columns come last, so that scans over the others skip their overflow pages.

CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE seeds (
    num       INTEGER PRIMARY KEY,
    item      TEXT NOT NULL UNIQUE,
    seed_id   TEXT NOT NULL UNIQUE,
    order_key BLOB NOT NULL,
    file      TEXT NOT NULL,
    row       INTEGER NOT NULL,
    body      NOT NULL               -- the whole Seed, JSON
);

CREATE TABLE items (
    num        INTEGER PRIMARY KEY,
    id         TEXT NOT NULL UNIQUE,
    first      TEXT NOT NULL,         -- stage it was born at
    stage      TEXT NOT NULL,         -- stage it is at, or ended at
    state      TEXT NOT NULL,         -- ready leased parked failed | kept dropped
    position   INTEGER NOT NULL,
    sample     INTEGER NOT NULL,
    attempts   INTEGER NOT NULL DEFAULT 0,  -- failed tries at this stage in earlier starts and this one
    seed       INTEGER,               -- seeds.num when the item is a seed
    came_from  TEXT,                  -- stage whose output is the input; NULL: seed or `input`
    waits_for  INTEGER,               -- items.num while parked
    reason     TEXT,                  -- why it was dropped
    input                             -- JSON of a spawned item
);
CREATE INDEX items_ready ON items (stage, position, sample) WHERE state = 'ready';
CREATE INDEX items_parked ON items (waits_for) WHERE state = 'parked';
CREATE INDEX items_dropped ON items (stage, reason) WHERE state = 'dropped';
CREATE INDEX items_hardened ON items (id) WHERE state = 'kept' AND stage = 'harden';
CREATE UNIQUE INDEX items_of_seeds ON items (position) WHERE seed IS NOT NULL;
-- For the start after a crash, which must not scan a million finished rows.
CREATE INDEX items_interrupted ON items (state) WHERE state IN ('leased', 'failed');

CREATE TABLE outcomes (
    num        INTEGER PRIMARY KEY,
    item       INTEGER NOT NULL,      -- items.num
    stage      TEXT NOT NULL,
    attempt    INTEGER NOT NULL,
    result     TEXT NOT NULL,         -- kept dropped failed
    reason     TEXT,
    boundary   TEXT,
    elapsed_ms INTEGER NOT NULL,
    at         INTEGER NOT NULL,      -- ms since 1970
    detail     TEXT,
    evidence,
    output
);
CREATE UNIQUE INDEX outcomes_of_items ON outcomes (item, stage, attempt);

CREATE TABLE calls (
    num               INTEGER PRIMARY KEY,
    key               TEXT NOT NULL,
    item              TEXT NOT NULL,  -- items.id, or empty
    stage             TEXT NOT NULL,
    role              TEXT NOT NULL,
    model             TEXT NOT NULL,
    attempt           INTEGER NOT NULL,
    status            TEXT NOT NULL,  -- ok, or the kind of the error
    prompt_tokens     INTEGER NOT NULL,
    completion_tokens INTEGER NOT NULL,
    cached_tokens     INTEGER NOT NULL,
    cost_usd          REAL,           -- NULL: price unknown
    elapsed_ms        INTEGER NOT NULL,
    at                INTEGER NOT NULL,
    request           NOT NULL,
    reply
);
CREATE INDEX calls_by_key ON calls (key) WHERE status = 'ok';
CREATE INDEX calls_by_item ON calls (item);

-- Running totals, so that nobody counts a million rows to draw a progress line. Triggers keep them:
-- no statement can forget to.
CREATE TABLE counts (
    stage  TEXT NOT NULL,
    state  TEXT NOT NULL,             -- where items are now, or how they left the stage
    reason TEXT NOT NULL,             -- of dropped, else empty
    n      INTEGER NOT NULL,
    PRIMARY KEY (stage, state, reason)
) WITHOUT ROWID;

CREATE TRIGGER count_new_items AFTER INSERT ON items BEGIN
    INSERT INTO counts VALUES (new.stage, new.state, '', 1)
        ON CONFLICT DO UPDATE SET n = n + 1;
END;

CREATE TRIGGER count_moved_items AFTER UPDATE OF stage, state ON items BEGIN
    UPDATE counts SET n = n - 1
        WHERE stage = old.stage AND state = old.state AND reason = '';
    INSERT INTO counts SELECT new.stage, new.state, '', 1
        WHERE new.state IN ('ready', 'leased', 'parked', 'failed')
        ON CONFLICT DO UPDATE SET n = n + 1;
END;

CREATE TRIGGER count_outcomes AFTER INSERT ON outcomes WHEN new.result <> 'failed' BEGIN
    INSERT INTO counts VALUES (new.stage, new.result, coalesce(new.reason, ''), 1)
        ON CONFLICT DO UPDATE SET n = n + 1;
END;

CREATE TABLE spending (
    stage             TEXT PRIMARY KEY,
    calls             INTEGER NOT NULL,
    prompt_tokens     INTEGER NOT NULL,
    completion_tokens INTEGER NOT NULL,
    cached_tokens     INTEGER NOT NULL,
    cost_usd          REAL NOT NULL,
    unpriced_calls    INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TRIGGER count_calls AFTER INSERT ON calls BEGIN
    INSERT INTO spending VALUES (new.stage, 1, new.prompt_tokens, new.completion_tokens,
            new.cached_tokens, coalesce(new.cost_usd, 0.0), new.cost_usd IS NULL)
        ON CONFLICT DO UPDATE SET
            calls = calls + 1,
            prompt_tokens = prompt_tokens + excluded.prompt_tokens,
            completion_tokens = completion_tokens + excluded.completion_tokens,
            cached_tokens = cached_tokens + excluded.cached_tokens,
            cost_usd = cost_usd + excluded.cost_usd,
            unpriced_calls = unpriced_calls + excluded.unpriced_calls;
END;
