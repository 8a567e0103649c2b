package page

import (
	"math"
	"testing"

	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
)

// changed is a row whose error is this much from that of what it is set against.
func changed(name string, role record.Role, err, change stats.Number, against string) record.Change {
	return record.Change{Space: name, Role: role, Error: err, Against: against,
		Change: stats.Relative{Model: name, ErrorDifference: change, Interval: stats.Interval{Low: float64(change) - .1, High: float64(change) + .1}, P: .5, Holm: 1}}
}

// TestChangesAreDrawnFromWhatTheyAreAgainst: a control's open circle is at the error of
// the centred features, not at that of the features; all are on one scale.
func TestChangesAreDrawnFromWhatTheyAreAgainst(t *testing.T) {
	rows := NewChanges("", []record.ChangeGroup{{Triplets: 14, Features: .5, Rows: []record.Change{
		changed("centred", record.SpaceRole, .4, -.1, "features"), changed("blend", record.SpaceRole, .25, -.25, "features"),
		changed("blend, shuffled words", record.ControlRole, .45, .05, "centred"),
	}}}).Groups[0].Rows
	if len(rows) != 4 || rows[0].Mark != nil {
		t.Fatalf("%+v", rows)
	}
	centred, blend, control := rows[1].Mark, rows[2].Mark, rows[3].Mark
	if control.Before != centred.After || blend.Before != centred.Before || blend.Before <= blend.After {
		t.Errorf("control %+v, centred %+v, blend %+v", control, centred, blend)
	}
	if !(blend.Low < blend.After && blend.After < blend.High) {
		t.Errorf("the interval %+v does not hold the change", blend)
	}
}

// TestWhatIsNotDefinedIsNotDrawn: an error that all ties left out, or a change without
// an interval, has no mark outside the figure.
func TestWhatIsNotDefinedIsNotDrawn(t *testing.T) {
	none := changed("centred", record.SpaceRole, stats.Number(math.NaN()), stats.Number(math.NaN()), "features")
	none.Change.Interval = stats.Interval{Low: math.NaN(), High: math.NaN()}
	bare := changed("words", record.SpaceRole, 1, .5, "features")
	bare.Change.Interval = none.Change.Interval
	c := NewChanges("", []record.ChangeGroup{{Triplets: 2, Features: .5, Rows: []record.Change{none, bare}}})
	rows := c.Groups[0].Rows
	if rows[1].Mark != nil || rows[1].Error == "" {
		t.Errorf("undefined: %+v, want no mark", rows[1])
	}
	if m := rows[2].Mark; m == nil || m.Low != m.After || m.High != m.After || m.After > 292 {
		t.Errorf("without an interval: %+v", m)
	}
}
