package testcluster

import (
	"math/rand/v2"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// SlowLink is a link that delays frames and loses some. It stands in for the kernel's
// netem, which not every kernel has.
type SlowLink struct {
	Delay time.Duration // in each direction
	Loss  float64       // share of frames

	Carried, Lost atomic.Int64 // frames

	mu     sync.Mutex
	random *rand.Rand
}

// SlowHost adds a host behind a slow link.
func (n *Network) SlowHost(link *SlowLink) *Host {
	n.t.Helper()
	link.random = rand.New(rand.NewPCG(1, 2))
	h := n.host()
	inner := h.link + "i"
	outside, inside := n.tap(h.link), n.tap(inner)
	n.join(h, inner)
	go link.carry(outside, inside)
	go link.carry(inside, outside)
	return h
}

// tap makes a network device whose frames this process reads and writes.
func (n *Network) tap(name string) *os.File {
	n.t.Helper()
	fd, err := unix.Open("/dev/net/tun", unix.O_RDWR|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		n.t.Skipf("a slow link takes /dev/net/tun: %v", err)
	}
	request, err := unix.NewIfreq(name)
	if err == nil {
		request.SetUint16(unix.IFF_TAP | unix.IFF_NO_PI)
		err = unix.IoctlIfreq(fd, unix.TUNSETIFF, request)
	}
	if err != nil {
		n.t.Fatalf("the device %s: %v", name, err)
	}
	f := os.NewFile(uintptr(fd), name)
	n.t.Cleanup(func() { f.Close() })
	return f
}

// frame is one under way.
type frame struct {
	due  time.Time
	data []byte
}

// carry takes frames from one end to the other, in their order, until an end is closed.
func (l *SlowLink) carry(from, to *os.File) {
	under := make(chan frame, 1<<14)
	defer close(under)
	go func() {
		for f := range under {
			time.Sleep(time.Until(f.due))
			if _, err := to.Write(f.data); err == nil {
				l.Carried.Add(1)
			}
		}
	}()
	buffer := make([]byte, 1<<16)
	for {
		n, err := from.Read(buffer)
		if err != nil {
			return
		}
		if l.loses() {
			l.Lost.Add(1)
			continue
		}
		under <- frame{time.Now().Add(l.Delay), append([]byte(nil), buffer[:n]...)}
	}
}

func (l *SlowLink) loses() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.random.Float64() < l.Loss
}
