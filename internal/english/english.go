// Package english holds small rules of the language in which akin speaks: counts with
// their nouns, and names that were probably meant.
package english

import (
	"fmt"
	"strings"

	"github.com/agnivade/levenshtein"
)

// plurals are those that no rule gives.
var plurals = map[string]string{"person": "people", "class": "classes", "box": "boxes"}

// Count is a number with its noun: 1 picture, 3 pictures, 1 person, 2 people. The
// last word of the noun is the one that changes.
func Count(n int, noun string) string {
	if n == 1 || n == -1 {
		return fmt.Sprintf("%d %s", n, noun)
	}
	first, last := "", noun
	if i := strings.LastIndexByte(noun, ' '); i >= 0 {
		first, last = noun[:i+1], noun[i+1:]
	}
	if plural, irregular := plurals[last]; irregular {
		return fmt.Sprintf("%d %s%s", n, first, plural)
	}
	return fmt.Sprintf("%d %ss", n, first+last)
}

// Meant returns the known name that a mistyped one is nearest to, empty where none
// is near: at most a third of its letters may be wrong, missing or too many.
func Meant(name string, known []string) string {
	best, least := "", max(1, len([]rune(name))/3)+1
	for _, k := range known {
		if d := levenshtein.ComputeDistance(strings.ToLower(name), strings.ToLower(k)); d < least {
			best, least = k, d
		}
	}
	return best
}
