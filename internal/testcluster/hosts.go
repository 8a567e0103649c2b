package testcluster

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/akin-vision/akin/internal/regular"
)

// Network is a network of hosts on this machine: each is a network namespace, joined to
// a bridge by a link of its own.
type Network struct {
	t      testing.TB
	bridge string
	prefix string // of addresses
	hosts  int
}

// NewNetwork makes an empty network; this machine is on it too. It takes a root user and
// the command ip; without them the test is skipped.
func NewNetwork(t testing.TB) *Network {
	t.Helper()
	if _, err := exec.LookPath("ip"); err != nil || os.Getuid() != 0 {
		t.Skip("network namespaces take a root user and the command ip")
	}
	pid := os.Getpid()
	n := &Network{t: t, bridge: fmt.Sprintf("ak%d", pid), prefix: fmt.Sprintf("10.231.%d.", pid%250)}
	n.ip("link", "add", n.bridge, "type", "bridge")
	t.Cleanup(func() { n.ip("link", "del", n.bridge) })
	n.ip("addr", "add", n.prefix+"1/24", "dev", n.bridge)
	n.ip("link", "set", n.bridge, "up")
	return n
}

func (n *Network) ip(args ...string) {
	n.t.Helper()
	if out, err := exec.Command("ip", args...).CombinedOutput(); err != nil {
		n.t.Fatalf("ip %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// Host is a machine of a network. nil is this machine, whose address is that of its
// loopback.
type Host struct {
	Address string
	network *Network
	name    string // of the namespace
	link    string // its end on the bridge
}

// Host adds a host with a link of its own.
func (n *Network) Host() *Host {
	n.t.Helper()
	h := n.host()
	inner := h.link + "i"
	n.ip("link", "add", h.link, "type", "veth", "peer", "name", inner)
	n.join(h, inner)
	return h
}

// host adds one that has no link.
func (n *Network) host() *Host {
	n.t.Helper()
	n.hosts++
	name := fmt.Sprintf("%s-%d", n.bridge, n.hosts)
	h := &Host{Address: n.prefix + strconv.Itoa(n.hosts+1), network: n, name: name, link: name}
	n.ip("netns", "add", h.name)
	n.t.Cleanup(func() { n.ip("netns", "del", h.name) })
	return h
}

// join connects a host with the bridge: inner is the end of the link in the host.
func (n *Network) join(h *Host, inner string) {
	n.t.Helper()
	n.ip("link", "set", inner, "netns", h.name)
	n.ip("link", "set", h.link, "master", n.bridge)
	n.ip("link", "set", h.link, "up")
	n.ip("-n", h.name, "addr", "add", h.Address+"/24", "dev", inner)
	n.ip("-n", h.name, "link", "set", inner, "up")
	n.ip("-n", h.name, "link", "set", "lo", "up")
}

// Command is a program that will run on the host. To kill it ends the program itself.
func (h *Host) Command(program string, args ...string) *exec.Cmd {
	if h == nil {
		return exec.Command(program, args...)
	}
	return exec.Command("ip", append([]string{"netns", "exec", h.name, program}, args...)...)
}

// SetLink takes the host's link down, or up again.
func (h *Host) SetLink(up bool) {
	h.network.t.Helper()
	state := "down"
	if up {
		state = "up"
	}
	h.network.ip("link", "set", h.link, state)
}

// LinkLosses counts, as the kernel does, how often the host's link has been down.
func (h *Host) LinkLosses() int {
	h.network.t.Helper()
	text, err := regular.ReadFile("/sys/class/net/" + h.link + "/carrier_down_count")
	if err != nil {
		h.network.t.Fatal(err)
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		h.network.t.Fatal(err)
	}
	return n
}

// free is an address of the host that nothing listens on.
func (h *Host) free(t testing.TB, port int) string {
	t.Helper()
	if h == nil {
		return freeAddress(t)
	}
	return fmt.Sprintf("%s:%d", h.Address, port)
}
