// Package store keeps people's answers durably, in SQLite or PostgreSQL: what it
// acknowledged survives a crash of the program, of the database and of the machine.
package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	driver "modernc.org/sqlite"        // the driver "sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

//go:embed schema
var schema embed.FS

// schemaVersion is the last migration of each dialect in schema.
const schemaVersion = 1

// Store is an open database of one study. Its methods may be called at once.
type Store struct {
	write, read *sql.DB // the same for PostgreSQL
	dialect     string
	queue       chan *request
	stopped     chan struct{} // closed when the writer has ended
	stop        chan struct{}
	closing     sync.Once
}

const (
	sqlite   = "sqlite"
	postgres = "postgres"
)

// FormError is a database that is not a study's, or that is one of a newer akin.
type FormError struct{ What string }

func (e *FormError) Error() string { return e.What }

// Shown is a database's name without its password.
func Shown(where string) string {
	if !isPostgres(where) {
		return where
	}
	u, err := url.Parse(where)
	if err != nil {
		return "the PostgreSQL database"
	}
	return u.Redacted()
}

func isPostgres(where string) bool {
	return strings.HasPrefix(where, "postgres://") || strings.HasPrefix(where, "postgresql://")
}

// Create opens the database, a file or a postgres:// URL, and makes it where there is none.
func Create(ctx context.Context, where string) (*Store, error) { return open(ctx, where, true) }

// Open opens a database that is there; fs.ErrNotExist says that it is not.
func Open(ctx context.Context, where string) (*Store, error) { return open(ctx, where, false) }

func open(ctx context.Context, where string, create bool) (*Store, error) {
	s := &Store{queue: make(chan *request, queueLength), stop: make(chan struct{}), stopped: make(chan struct{})}
	var err error
	if isPostgres(where) {
		err = s.openPostgres(where)
	} else {
		err = s.openSQLite(where, create)
	}
	if err == nil {
		err = s.migrate(ctx, create)
	}
	if err != nil {
		if s.write != nil {
			err = errors.Join(err, s.closeDatabases())
		}
		return nil, fmt.Errorf("database %s: %w", Shown(where), full(err))
	}
	go s.runWriter()
	return s, nil
}

func (s *Store) openPostgres(where string) error {
	s.dialect = postgres
	db, err := sql.Open("pgx", where)
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(16)
	db.SetConnMaxIdleTime(time.Minute)
	s.write, s.read = db, db
	return nil
}

// openSQLite opens one connection that writes and some that read. Each commit is
// on the disk before it returns (synchronous FULL); what is deleted is overwritten.
func (s *Store) openSQLite(where string, create bool) error {
	s.dialect = sqlite
	switch info, err := os.Stat(where); {
	case err != nil && (!create || !errors.Is(err, fs.ErrNotExist)):
		return err
	case err == nil && !info.Mode().IsRegular(): // not opened to see: closing would drop SQLite's locks
		return errors.New("is no regular file; name another")
	}
	full, err := filepath.Abs(where)
	if err != nil {
		return err
	}
	address := func(more url.Values) string {
		more["_pragma"] = append(more["_pragma"], "busy_timeout(15000)", "journal_mode(WAL)", "synchronous(FULL)", "secure_delete(ON)")
		return (&url.URL{Scheme: "file", Path: full, RawQuery: more.Encode()}).String()
	}
	if s.write, err = sql.Open("sqlite", address(url.Values{"_txlock": {"immediate"}})); err != nil {
		return err
	}
	s.write.SetMaxOpenConns(1)
	if s.read, err = sql.Open("sqlite", address(url.Values{"_pragma": {"query_only(ON)"}})); err != nil {
		return err
	}
	s.read.SetMaxOpenConns(4)
	return nil
}

// migrate brings the schema up to date, one migration in each transaction.
func (s *Store) migrate(ctx context.Context, create bool) error {
	version, err := s.schemaVersion(ctx)
	switch {
	case isFault(err, sqlite3.SQLITE_NOTADB):
		return &FormError{err.Error()}
	case err != nil:
		return err
	case version > schemaVersion:
		return &FormError{fmt.Sprintf("was made by a newer akin (form %d, this akin knows %d)", version, schemaVersion)}
	case version == 0 && !create:
		return fmt.Errorf("holds no study: %w", fs.ErrNotExist)
	}
	for ; version < schemaVersion; version++ {
		text, err := schema.ReadFile(fmt.Sprintf("schema/%s-%d.sql", s.dialect, version+1))
		if err != nil {
			return err
		}
		err = s.exclusively(ctx, func(tx *sql.Tx) error {
			if at, err := s.schemaVersionIn(ctx, tx); err != nil || at > version {
				return err // another process was faster
			}
			if _, err := tx.ExecContext(ctx, string(text)); err != nil {
				return err
			}
			_, err := tx.ExecContext(ctx, `INSERT INTO meta (name, value) VALUES ('schema', $1)
				ON CONFLICT (name) DO UPDATE SET value = excluded.value`, strconv.Itoa(version+1))
			return err
		})
		if err != nil {
			return fmt.Errorf("bring to form %d: %w", version+1, err)
		}
	}
	return nil
}

// querier is a database or a transaction.
type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// schemaVersion opens the first connection, which switches a new file of SQLite to
// a write-ahead log. Where several do so at once, SQLite refuses all but one
// without the wait that it was told, so that they must ask again.
func (s *Store) schemaVersion(ctx context.Context) (version int, err error) {
	for until := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		version, err = s.schemaVersionIn(ctx, s.write)
		if !isFault(err, sqlite3.SQLITE_BUSY) || time.Now().After(until) {
			return version, err
		}
	}
}

// isFault reports whether SQLite failed with a code, or with a kind of it.
func isFault(err error, code int) bool {
	var fault *driver.Error
	return errors.As(err, &fault) && fault.Code()&0xff == code
}

// full adds to SQLite's codes of a full disk the error that they stand for. It has two: the
// index of its log, which readers need as well, is a file of its own.
func full(err error) error {
	var fault *driver.Error
	if !errors.Is(err, syscall.ENOSPC) && errors.As(err, &fault) && (isFault(err, sqlite3.SQLITE_FULL) || fault.Code() == sqlite3.SQLITE_IOERR_SHMSIZE) {
		return fmt.Errorf("%w (%w)", syscall.ENOSPC, err)
	}
	return err
}

// schemaVersionIn is 0 for an empty database.
func (s *Store) schemaVersionIn(ctx context.Context, from querier) (int, error) {
	tables := `SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'meta'`
	if s.dialect == postgres {
		tables = `SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = 'meta'`
	}
	var n, version int
	if err := from.QueryRowContext(ctx, tables).Scan(&n); err != nil || n == 0 {
		return 0, err
	}
	err := from.QueryRowContext(ctx, `SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'schema'`).Scan(&version)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, &FormError{"has a table meta of something else"}
	}
	return version, err
}

// lockNumber is akin's among PostgreSQL's advisory locks.
const lockNumber = 0x616b696e

// exclusively runs a transaction that no other of its kind overlaps, in any process.
func (s *Store) exclusively(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // nothing after a commit
	if err := s.lock(ctx, tx); err != nil {
		return err
	}
	if err := do(tx); err != nil {
		return full(err)
	}
	return full(tx.Commit())
}

// lock keeps others out that lock too, until the transaction ends. A transaction of
// SQLite that writes is alone by itself.
func (s *Store) lock(ctx context.Context, tx *sql.Tx) error {
	if s.dialect != postgres {
		return nil
	}
	_, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock($1)`, lockNumber)
	return err
}

// Close ends the store after what is queued is written. Only the first call counts.
func (s *Store) Close() (err error) {
	s.closing.Do(func() {
		close(s.stop)
		<-s.stopped
		err = s.closeDatabases()
	})
	return err
}

func (s *Store) closeDatabases() error {
	err := s.write.Close()
	if s.read != nil && s.read != s.write {
		err = errors.Join(s.read.Close(), err)
	}
	return err
}

// Ping reports whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	var one int
	return s.read.QueryRowContext(ctx, `SELECT 1`).Scan(&one)
}

// milliseconds is a time as the database has it.
func milliseconds(t time.Time) int64 { return t.UnixMilli() }
