// Package english holds small rules of the language in which akin speaks: counts with
// their nouns, and names that were probably meant.
package english

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hbollon/go-edlib"
)

// plurals are those that no rule gives.
var plurals = map[string]string{"person": "people", "class": "classes", "box": "boxes", "retry": "retries"}

// Count is a number with its noun: 1 picture, 3 pictures, 1 person, 2 people.
func Count(n int, noun string) string { return fmt.Sprintf("%d %s", n, Noun(n, noun)) }

// Noun is a noun as it stands after a number. The word that changes is the last, or the
// last before "of": pairs of labels.
func Noun(n int, noun string) string {
	if n == 1 || n == -1 {
		return noun
	}
	if head, of, found := strings.Cut(noun, " of "); found {
		return Noun(n, head) + " of " + of
	}
	first, last := "", noun
	if i := strings.LastIndexByte(noun, ' '); i >= 0 {
		first, last = noun[:i+1], noun[i+1:]
	}
	if plural, irregular := plurals[last]; irregular {
		return first + plural
	}
	return first + last + "s"
}

// Meant returns the known name that a mistyped one is nearest to, empty where none
// is near: at most a third of its letters, and one of a short name, may be wrong, missing,
// too many or changed with their neighbour. Else it is the only one that begins with the
// name, if that has three letters.
func Meant(name string, known []string) string {
	letters := utf8.RuneCountInString(name)
	best, least := "", max(1, letters/3)+1
	for _, k := range known {
		d := edlib.OSADamerauLevenshteinDistance(strings.ToLower(name), strings.ToLower(k))
		if d < least && d < max(letters, utf8.RuneCountInString(k)) { // one letter at least is right
			best, least = k, d
		}
	}
	if best == "" && letters >= 3 {
		begun := slices.DeleteFunc(slices.Clone(known), func(k string) bool { return !strings.HasPrefix(strings.ToLower(k), strings.ToLower(name)) })
		if len(begun) == 1 {
			return begun[0]
		}
	}
	return best
}

// DidYouMean ends a sentence about an unknown name with the known one that is near, or
// with all of them.
func DidYouMean(name string, known []string) string {
	if near := Meant(name, known); near != "" {
		return fmt.Sprintf("; did you mean %s?", near)
	}
	return "; use one of " + strings.Join(known, ", ")
}

// Capital begins a text with a capital letter, as a sentence does.
func Capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

// Few is the list with commas, but of a long one its beginning and the number of the
// others: what a file holds may be millions.
func Few(list []string) string {
	const most = 10
	if len(list) <= most {
		return strings.Join(list, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(list[:most], ", "), len(list)-most)
}
