-- What the file is of: names and values.
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);

-- Each study.toml that was served, and each consent text.
CREATE TABLE versions (
	version BIGINT PRIMARY KEY, digest TEXT NOT NULL, toml TEXT NOT NULL,
	consent TEXT NOT NULL, consent_digest TEXT NOT NULL, began BIGINT NOT NULL
);

CREATE TABLE people (
	id BIGINT PRIMARY KEY, code TEXT NOT NULL UNIQUE, secret TEXT NOT NULL UNIQUE,
	version BIGINT NOT NULL, consent TEXT NOT NULL, language TEXT NOT NULL, device TEXT NOT NULL,
	completion TEXT NOT NULL, plan TEXT NOT NULL, trials BIGINT NOT NULL, answered BIGINT NOT NULL DEFAULT 0,
	entered BIGINT NOT NULL, seen BIGINT NOT NULL, finished BIGINT NOT NULL DEFAULT 0
);

-- What recruitment services call people: apart from all else.
CREATE TABLE identifiers (
	person BIGINT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (person, name)
);
CREATE INDEX identifiers_by_value ON identifiers (name, value);

CREATE TABLE answers (
	person BIGINT NOT NULL, position BIGINT NOT NULL, uid TEXT NOT NULL,
	kind TEXT NOT NULL, item BIGINT NOT NULL, shown TEXT NOT NULL, response DOUBLE PRECISION,
	rt DOUBLE PRECISION, onset DOUBLE PRECISION NOT NULL, first DOUBLE PRECISION, gap DOUBLE PRECISION,
	late DOUBLE PRECISION NOT NULL, away BIGINT NOT NULL, input TEXT NOT NULL, received BIGINT NOT NULL,
	PRIMARY KEY (person, position)
);

-- Who had all deleted: nothing but the number remains.
CREATE TABLE forgotten (person BIGINT PRIMARY KEY, at BIGINT NOT NULL);

CREATE FUNCTION answers_are_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF TG_OP = 'DELETE' AND EXISTS (SELECT 1 FROM forgotten WHERE person = OLD.person) THEN
		RETURN OLD;
	END IF;
	RAISE EXCEPTION 'answers cannot be changed, nor deleted but with all else of a person';
END $$;
CREATE TRIGGER answers_are_kept BEFORE UPDATE OR DELETE ON answers
FOR EACH ROW EXECUTE FUNCTION answers_are_kept();
