package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"time"
)

// Person is someone who takes part.
type Person struct {
	ID         int
	Code       string // what exports and the person's own page call them
	Version    int    // of the study
	Consent    string // its version
	Language   string
	Device     string // class of device
	Completion string // the code that the person is given at the end
	Trials     int    // of the plan
	Answered   int    // trials, from the first
	Entered    time.Time
	Seen       time.Time // when the last answer came
	Finished   bool
}

// Entry is someone who begins.
type Entry struct {
	Secret      string // known to the person's browser alone; kept as its SHA-256
	Version     int
	Consent     string
	Language    string
	Device      string
	Identifiers []Identifier // the first one says who comes back
}

// Identifier is what a recruitment service says of a person.
type Identifier struct{ Name, Value string }

// ErrUnknown is a person who is not in the database, or no longer.
var ErrUnknown = errors.New("no such person")

// Draft is what Enter's caller adds to a new person.
type Draft struct {
	Code, Completion, Plan string
	Trials                 int
}

// Enter adds a person, or finds the one who comes back: by the secret, else by the
// first identifier, whose secret is then replaced. draft makes the plan from those
// who are there; no two of its calls overlap, in any process, but one may be
// repeated. Its errors are returned as they are.
func (s *Store) Enter(ctx context.Context, e Entry, now time.Time, draft func(id int, others []Person) (Draft, error)) (p Person, err error) {
	err = s.submit(ctx, &request{alone: true, run: func(ctx context.Context, tx *sql.Tx) (refusal, err error) {
		if p, err = s.returning(ctx, tx, e); !errors.Is(err, ErrUnknown) {
			return nil, err
		}
		others, err := readPeople(ctx, tx, "")
		if err != nil {
			return nil, err
		}
		id, err := nextID(ctx, tx)
		if err != nil {
			return nil, err
		}
		d, refusal := draft(id, others)
		if refusal != nil {
			return refusal, nil
		}
		p = Person{ID: id, Code: d.Code, Version: e.Version, Consent: e.Consent, Language: e.Language, Device: e.Device,
			Completion: d.Completion, Trials: d.Trials, Entered: now, Seen: now}
		return nil, insertPerson(ctx, tx, p, d.Plan, e)
	}})
	if err != nil {
		return Person{}, err // p may still be written, where the caller did not wait
	}
	return p, nil
}

func insertPerson(ctx context.Context, tx *sql.Tx, p Person, plan string, e Entry) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO people (id, code, secret, version, consent, language, device, completion, plan, trials, entered, seen)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`, p.ID, p.Code, hashed(e.Secret), p.Version, p.Consent, p.Language,
		p.Device, p.Completion, plan, p.Trials, milliseconds(p.Entered), milliseconds(p.Seen))
	if err != nil {
		return err
	}
	for _, identifier := range e.Identifiers {
		_, err := tx.ExecContext(ctx, `INSERT INTO identifiers (person, name, value) VALUES ($1, $2, $3)`, p.ID, identifier.Name, identifier.Value)
		if err != nil {
			return err
		}
	}
	return nil
}

// nextID counts on beyond people who were forgotten.
func nextID(ctx context.Context, tx *sql.Tx) (id int, err error) {
	err = tx.QueryRowContext(ctx, `SELECT 1 + COALESCE(MAX(id), 0) FROM
		(SELECT MAX(id) AS id FROM people UNION ALL SELECT MAX(person) FROM forgotten) AS known`).Scan(&id)
	return id, err
}

// returning finds the person of an entry, else ErrUnknown.
func (s *Store) returning(ctx context.Context, tx *sql.Tx, e Entry) (Person, error) {
	p, err := onePerson(readPeople(ctx, tx, `WHERE secret = $1`, hashed(e.Secret)))
	if !errors.Is(err, ErrUnknown) || len(e.Identifiers) == 0 {
		return p, err
	}
	first := e.Identifiers[0]
	p, err = onePerson(readPeople(ctx, tx, `WHERE id = (SELECT MIN(person) FROM identifiers WHERE name = $1 AND value = $2)`, first.Name, first.Value))
	if err != nil {
		return p, err
	}
	_, err = tx.ExecContext(ctx, `UPDATE people SET secret = $1 WHERE id = $2`, hashed(e.Secret), p.ID)
	return p, err
}

// Person finds who has a secret, else ErrUnknown.
func (s *Store) Person(ctx context.Context, secret string) (Person, error) {
	return onePerson(readPeople(ctx, s.read, `WHERE secret = $1`, hashed(secret)))
}

func onePerson(people []Person, err error) (Person, error) {
	if err == nil && len(people) == 0 {
		err = ErrUnknown
	}
	if err != nil {
		return Person{}, err
	}
	return people[0], nil
}

// hashed is how a secret stands in the database: a stolen copy of it opens nobody's page.
func hashed(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// lister is a database or a transaction.
type lister interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

func readPeople(ctx context.Context, from lister, where string, args ...any) ([]Person, error) {
	rows, err := from.QueryContext(ctx, `SELECT id, code, version, consent, language, device, completion, trials, answered, entered, seen, finished
		FROM people `+where+` ORDER BY id`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var people []Person
	for rows.Next() {
		var p Person
		var entered, seen, finished int64
		err := rows.Scan(&p.ID, &p.Code, &p.Version, &p.Consent, &p.Language, &p.Device, &p.Completion, &p.Trials, &p.Answered, &entered, &seen, &finished)
		if err != nil {
			return nil, err
		}
		p.Entered, p.Seen, p.Finished = time.UnixMilli(entered), time.UnixMilli(seen), finished != 0
		people = append(people, p)
	}
	return people, rows.Err()
}

// People lists all, in order of entry.
func (s *Store) People(ctx context.Context) ([]Person, error) { return readPeople(ctx, s.read, "") }

// Plan is what Enter's draft laid out for a person, else ErrUnknown.
func (s *Store) Plan(ctx context.Context, id int) (plan string, err error) {
	err = s.read.QueryRowContext(ctx, `SELECT plan FROM people WHERE id = $1`, id).Scan(&plan)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrUnknown
	}
	return plan, err
}

// Identifiers lists what recruitment services say, by person.
func (s *Store) Identifiers(ctx context.Context) (map[int][]Identifier, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT person, name, value FROM identifiers ORDER BY person, name`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := map[int][]Identifier{}
	for rows.Next() {
		var person int
		var i Identifier
		if err := rows.Scan(&person, &i.Name, &i.Value); err != nil {
			return nil, err
		}
		all[person] = append(all[person], i)
	}
	return all, rows.Err()
}

// UnfinishedError is a person who is given no completion code yet.
type UnfinishedError struct{ Next, Trials int }

func (e *UnfinishedError) Error() string {
	return fmt.Sprintf("trial %d of %d is not answered", e.Next, e.Trials)
}

// Finish marks a person who answered everything, else UnfinishedError.
func (s *Store) Finish(ctx context.Context, id int, now time.Time) error {
	return s.submit(ctx, &request{person: id, run: func(ctx context.Context, tx *sql.Tx) (refusal, err error) {
		p, err := onePerson(readPeople(ctx, tx, `WHERE id = $1`, id))
		switch {
		case errors.Is(err, ErrUnknown):
			return err, nil
		case err == nil && p.Answered < p.Trials:
			return &UnfinishedError{p.Answered, p.Trials}, nil
		case err != nil || p.Finished:
			return nil, err
		}
		_, err = tx.ExecContext(ctx, `UPDATE people SET finished = $1 WHERE id = $2`, milliseconds(now), id)
		return nil, err
	}})
}

// Forget deletes all of the person with this code; only the number is kept, so
// that nobody else gets it. ErrUnknown where there is none.
func (s *Store) Forget(ctx context.Context, code string, now time.Time) error {
	err := s.exclusively(ctx, func(tx *sql.Tx) error {
		p, err := onePerson(readPeople(ctx, tx, `WHERE code = $1`, code))
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO forgotten (person, at) VALUES ($1, $2)`, p.ID, milliseconds(now)); err != nil {
			return err
		}
		for _, query := range []string{ // the person first: who writes an answer holds that row
			`DELETE FROM people WHERE id = $1`, `DELETE FROM identifiers WHERE person = $1`, `DELETE FROM answers WHERE person = $1`} {
			if _, err := tx.ExecContext(ctx, query, p.ID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || s.dialect != sqlite {
		return err
	}
	return s.emptyLog(ctx)
}

// emptyLog moves SQLite's write-ahead log into the file, so that it does not keep
// what was deleted. It waits for readers.
func (s *Store) emptyLog(ctx context.Context) error {
	var busy, pages, moved int
	if err := s.write.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &pages, &moved); err != nil {
		return err
	}
	if busy != 0 {
		return errors.New("deleted, but the database's log keeps it until nobody reads the database")
	}
	return nil
}
