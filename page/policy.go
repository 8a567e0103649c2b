// Package page is what all web pages of akin share: content policy, pictures as
// thumbnails, scales of drawings.
package page

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"math"
	"strings"
)

// ContentPolicy allows a page its own style and scripts, by hash, inlined
// pictures, and a server's own pictures where it has one. A label that slipped
// through the escaping could still not run.
func ContentPolicy(served bool, style []byte, scripts ...[]byte) string {
	source := func(text []byte) string {
		sum := sha256.Sum256(text)
		return " 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	pictures := "data:"
	if served {
		pictures += " 'self'"
	}
	policy := "default-src 'none'; img-src " + pictures + "; base-uri 'none'; form-action 'none'; style-src" + source(style) + "; script-src"
	for _, script := range scripts {
		policy += source(script)
	}
	return policy
}

// DecimalText writes a number with a true minus sign, and a dash where it is not
// defined.
func DecimalText(format string, x float64) string {
	if math.IsNaN(x) {
		return "–"
	}
	return strings.Replace(fmt.Sprintf(format, x), "-", "\u2212", 1)
}
