package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Answer is what a person said to one trial of their plan, or that they could not.
type Answer struct {
	Person   int
	Position int    // in the plan, from 0
	UID      string // made by the browser: an answer sent again is the same
	Kind     string
	Item     int
	Shown    string // JSON of the pictures' numbers, in order
	// Response is the value on the scale, or the number in Shown of the picture
	// chosen; nil where the person went on without one.
	Response *float64
	RT       *float64 // ms from the onset of what is judged to the answer
	Onset    float64  // ms from the page's first trial to the onset of what is judged
	First    *float64 // ms for which the first picture was shown
	Gap      *float64 // ms between the two
	Late     float64  // ms by which the latest onset came after its time
	Away     int      // how often the page lost its focus
	Input    string   // mouse, touch, pen or key
	Received time.Time
}

// GapError is an answer before whose position others are missing.
type GapError struct{ Next int }

func (e *GapError) Error() string { return fmt.Sprintf("the next answer is that to trial %d", e.Next) }

// ConflictError is another answer to a trial that has one. The first stands.
type ConflictError struct{ Next int }

func (e *ConflictError) Error() string { return "this trial has another answer already" }

// Answer writes answers of one person at positions that follow one another, and
// returns after they are on the disk: next is the first position without an
// answer. Answers that are there already, by UID, are not written again.
func (s *Store) Answer(ctx context.Context, person int, answers []Answer) (next int, err error) {
	err = s.submit(ctx, &request{person: person, run: func(ctx context.Context, tx *sql.Tx) (refusal, err error) {
		next, refusal, err = writeAnswers(ctx, tx, person, answers)
		return refusal, err
	}})
	if err != nil {
		return 0, err // next may still be written, where the caller did not wait
	}
	return next, nil
}

// writeAnswers adds answers to the transaction. What is wrong with them alone is a
// refusal; err is one of the database.
func writeAnswers(ctx context.Context, tx *sql.Tx, person int, answers []Answer) (next int, refusal, err error) {
	answered, err := progress(ctx, tx, person)
	if errors.Is(err, ErrUnknown) {
		return 0, err, nil
	}
	if err != nil {
		return 0, nil, err
	}
	first := answers[0].Position
	if first > answered {
		return answered, &GapError{answered}, nil
	}
	again := answers[:min(answered-first, len(answers))]
	if same, err := equalUIDs(ctx, tx, person, again); err != nil {
		return answered, nil, err
	} else if !same {
		return answered, &ConflictError{answered}, nil
	}
	fresh := answers[len(again):]
	if len(fresh) == 0 {
		return answered, nil, nil
	}
	for _, a := range fresh {
		_, err := tx.ExecContext(ctx, `INSERT INTO answers (person, position, uid, kind, item, shown, response, rt, onset, first, gap, late, away, input, received)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
			person, a.Position, a.UID, a.Kind, a.Item, a.Shown, a.Response, a.RT, a.Onset, a.First, a.Gap,
			a.Late, a.Away, a.Input, milliseconds(a.Received))
		if err != nil {
			return 0, nil, err
		}
	}
	next = answered + len(fresh)
	_, err = tx.ExecContext(ctx, `UPDATE people SET answered = $1, seen = $2 WHERE id = $3`, next, milliseconds(fresh[0].Received), person)
	return next, nil, err
}

// progress locks a person until the transaction ends, and says how many trials they answered.
func progress(ctx context.Context, tx *sql.Tx, person int) (answered int, err error) {
	err = tx.QueryRowContext(ctx, `UPDATE people SET answered = answered WHERE id = $1 RETURNING answered`, person).Scan(&answered)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrUnknown
	}
	return answered, err
}

func equalUIDs(ctx context.Context, tx *sql.Tx, person int, answers []Answer) (bool, error) {
	for _, a := range answers {
		var uid string
		if err := tx.QueryRowContext(ctx, `SELECT uid FROM answers WHERE person = $1 AND position = $2`, person, a.Position).Scan(&uid); err != nil {
			return false, err
		}
		if uid != a.UID {
			return false, nil
		}
	}
	return true, nil
}

// Answers calls each with all answers, by person and position.
func (s *Store) Answers(ctx context.Context, each func(Answer) error) error {
	rows, err := s.read.QueryContext(ctx, `SELECT person, position, uid, kind, item, shown, response, rt, onset, first, gap, late, away, input, received
		FROM answers ORDER BY person, position`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var a Answer
		var received int64
		err := rows.Scan(&a.Person, &a.Position, &a.UID, &a.Kind, &a.Item, &a.Shown, &a.Response, &a.RT, &a.Onset, &a.First, &a.Gap,
			&a.Late, &a.Away, &a.Input, &received)
		if err != nil {
			return err
		}
		a.Received = time.UnixMilli(received)
		if err := each(a); err != nil {
			return err
		}
	}
	return rows.Err()
}
