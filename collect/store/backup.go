package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/akin-vision/akin/internal/atomicfile"
)

// tables are those of the schema, with their columns.
var tables = []struct{ name, columns string }{
	{"meta", "name, value"},
	{"versions", "version, digest, toml, consent, consent_digest, began"},
	{"people", "id, code, secret, version, consent, language, device, completion, plan, trials, answered, entered, seen, finished"},
	{"identifiers", "person, name, value"},
	{"forgotten", "person, at"},
	{"answers", "person, position, uid, kind, item, shown, response, rt, onset, first, gap, late, away, input, received"},
}

// Backup writes all that the database held at one moment into a new SQLite file,
// which is a study's database itself. It may run while people answer. A file
// that is there is an error, and nothing half-written is left.
func (s *Store) Backup(ctx context.Context, file string) error {
	return atomicfile.MakeNew(file, func(made string) error { return full(s.backup(ctx, made)) })
}

func (s *Store) backup(ctx context.Context, file string) error {
	copy, err := Create(ctx, file)
	if err != nil {
		return err
	}
	if err = s.copyTo(ctx, copy); err == nil {
		_, err = copy.write.ExecContext(ctx, `PRAGMA journal_mode = DELETE`) // one file, without a log beside it
	}
	return errors.Join(err, copy.Close())
}

func (s *Store) copyTo(ctx context.Context, copy *Store) error {
	from, err := s.read.BeginTx(ctx, s.snapshot())
	if err != nil {
		return err
	}
	defer from.Rollback()
	return copy.exclusively(ctx, func(to *sql.Tx) error {
		if _, err := to.ExecContext(ctx, `DELETE FROM meta`); err != nil {
			return err
		}
		for _, table := range tables {
			if err := copyTable(ctx, from, to, table.name, table.columns); err != nil {
				return err
			}
		}
		return nil
	})
}

// snapshot makes a transaction see one moment. SQLite's always does.
func (s *Store) snapshot() *sql.TxOptions {
	if s.dialect == sqlite {
		return nil
	}
	return &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
}

func copyTable(ctx context.Context, from, to *sql.Tx, table, columns string) error {
	rows, err := from.QueryContext(ctx, "SELECT "+columns+" FROM "+table)
	if err != nil {
		return err
	}
	defer rows.Close()
	names := strings.Split(columns, ", ")
	values, places := make([]any, len(names)), make([]any, len(names))
	marks := make([]string, len(names))
	for i := range values {
		places[i], marks[i] = &values[i], fmt.Sprintf("$%d", i+1)
	}
	insert, err := to.PrepareContext(ctx, "INSERT INTO "+table+" ("+columns+") VALUES ("+strings.Join(marks, ", ")+")")
	if err != nil {
		return err
	}
	defer insert.Close()
	for rows.Next() {
		if err := rows.Scan(places...); err != nil {
			return err
		}
		if _, err := insert.ExecContext(ctx, values...); err != nil {
			return err
		}
	}
	return rows.Err()
}
