-- What the file is of: names and values.
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);

-- Each study.toml that was served, and each consent text.
CREATE TABLE versions (
	version INTEGER PRIMARY KEY, digest TEXT NOT NULL, toml TEXT NOT NULL,
	consent TEXT NOT NULL, consent_digest TEXT NOT NULL, began INTEGER NOT NULL
);

CREATE TABLE people (
	id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, secret TEXT NOT NULL UNIQUE,
	version INTEGER NOT NULL, consent TEXT NOT NULL, language TEXT NOT NULL, device TEXT NOT NULL,
	completion TEXT NOT NULL, plan TEXT NOT NULL, trials INTEGER NOT NULL, answered INTEGER NOT NULL DEFAULT 0,
	entered INTEGER NOT NULL, seen INTEGER NOT NULL, finished INTEGER NOT NULL DEFAULT 0
);

-- What recruitment services call people: apart from all else.
CREATE TABLE identifiers (
	person INTEGER NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (person, name)
);
CREATE INDEX identifiers_by_value ON identifiers (name, value);

CREATE TABLE answers (
	person INTEGER NOT NULL, position INTEGER NOT NULL, uid TEXT NOT NULL,
	kind TEXT NOT NULL, item INTEGER NOT NULL, shown TEXT NOT NULL, response DOUBLE PRECISION,
	rt DOUBLE PRECISION, onset DOUBLE PRECISION NOT NULL, first DOUBLE PRECISION, gap DOUBLE PRECISION,
	late DOUBLE PRECISION NOT NULL, away INTEGER NOT NULL, input TEXT NOT NULL, received INTEGER NOT NULL,
	PRIMARY KEY (person, position)
) WITHOUT ROWID;

-- Who had all deleted: nothing but the number remains.
CREATE TABLE forgotten (person INTEGER PRIMARY KEY, at INTEGER NOT NULL);

CREATE TRIGGER answers_are_kept BEFORE UPDATE ON answers
BEGIN SELECT RAISE(ABORT, 'answers cannot be changed'); END;
CREATE TRIGGER answers_stay BEFORE DELETE ON answers
WHEN NOT EXISTS (SELECT 1 FROM forgotten WHERE person = OLD.person)
BEGIN SELECT RAISE(ABORT, 'answers cannot be deleted, but with all else of a person'); END;
