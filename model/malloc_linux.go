package model

import (
	"os"
	"sync"

	"github.com/ebitengine/purego"
)

// mallopt is glibc's; nil with another C library.
var mallopt = sync.OnceValue(func() func(parameter, value int32) int32 {
	address, err := purego.Dlsym(purego.RTLD_DEFAULT, "mallopt")
	if err != nil {
		return nil
	}
	var f func(parameter, value int32) int32
	purego.RegisterFunc(&f, address)
	return f
})

// opening counts the networks that are being opened.
var opening struct {
	sync.Mutex
	networks int
}

// returnMemory makes glibc give large blocks back to the system when they are
// freed, until the function that it returns is called. Left alone, glibc keeps
// them once the first was freed: the copies of the weights that the engine makes
// while it opens a network would stay, a third of the peak of a ResNet-50.
// Afterwards it keeps them again, for between two inferences that saves time.
// A threshold that the user chose stands.
func returnMemory() (keepAgain func()) {
	const (
		trimThreshold = -1 // M_TRIM_THRESHOLD of malloc.h
		mmapThreshold = -3 // M_MMAP_THRESHOLD
		large         = 1 << 20
		most          = 32 << 20 // the highest that glibc itself would choose
	)
	set := mallopt()
	chosen := func(name string) bool { return os.Getenv(name) != "" }
	if set == nil || chosen("MALLOC_MMAP_THRESHOLD_") || chosen("MALLOC_TRIM_THRESHOLD_") || chosen("GLIBC_TUNABLES") {
		return func() {}
	}
	opening.Lock()
	defer opening.Unlock()
	opening.networks++
	set(mmapThreshold, large)
	return func() {
		opening.Lock()
		defer opening.Unlock()
		if opening.networks--; opening.networks == 0 {
			set(mmapThreshold, most)
			set(trimThreshold, 2*most)
		}
	}
}
