package tasks

import (
	"os"
	"testing"

	"github.com/akin-vision/akin/internal/browser"
)

func TestMain(m *testing.M) { os.Exit(browser.Main(m)) }
