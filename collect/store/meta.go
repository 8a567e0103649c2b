package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Meta is a value under a name, empty where there is none.
func (s *Store) Meta(ctx context.Context, name string) (string, error) {
	var value string
	err := s.read.QueryRowContext(ctx, `SELECT value FROM meta WHERE name = $1`, name).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return value, err
}

// SetMeta replaces the value under a name.
func (s *Store) SetMeta(ctx context.Context, name, value string) error {
	_, err := s.write.ExecContext(ctx, `INSERT INTO meta (name, value) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
	return full(err)
}

// KeepMeta returns the value under a name, which it sets if there is none.
func (s *Store) KeepMeta(ctx context.Context, name, value string) (string, error) {
	var kept string
	err := s.write.QueryRowContext(ctx, `INSERT INTO meta (name, value) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET value = meta.value RETURNING value`, name, value).Scan(&kept)
	return kept, full(err)
}

// Version is one study.toml.
type Version struct {
	Digest, TOML           string
	Consent, ConsentDigest string
}

// ConsentError is a consent text that changed under the same version.
type ConsentError struct{ Version string }

func (e *ConsentError) Error() string {
	return fmt.Sprintf("the consent text differs from the one that people agreed to as version %q", e.Version)
}

// AddVersion records what is served from now on and returns its number. The last
// version again is no new one.
func (s *Store) AddVersion(ctx context.Context, v Version, now time.Time) (number int, err error) {
	err = s.exclusively(ctx, func(tx *sql.Tx) error {
		var other int
		err := tx.QueryRowContext(ctx, `SELECT count(*) FROM versions JOIN people ON people.version = versions.version
			WHERE versions.consent = $1 AND versions.consent_digest <> $2`, v.Consent, v.ConsentDigest).Scan(&other)
		if err != nil {
			return err
		}
		if other > 0 {
			return &ConsentError{v.Consent}
		}
		var last string
		err = tx.QueryRowContext(ctx, `SELECT version, digest FROM versions ORDER BY version DESC LIMIT 1`).Scan(&number, &last)
		if err != nil && !errors.Is(err, sql.ErrNoRows) || last == v.Digest {
			return err
		}
		number++
		_, err = tx.ExecContext(ctx, `INSERT INTO versions (version, digest, toml, consent, consent_digest, began) VALUES ($1, $2, $3, $4, $5, $6)`,
			number, v.Digest, v.TOML, v.Consent, v.ConsentDigest, milliseconds(now))
		return err
	})
	return number, err
}
