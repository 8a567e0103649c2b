package zoo

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"sync"
	"syscall"
	"time"
)

// RefusedError is an address from which no model is fetched, wherever it came
// from: the catalogue, or a server that redirects.
type RefusedError struct{ Address, Why string }

func (e *RefusedError) Error() string { return e.Address + " " + e.Why }

// notPublic are the networks that are not of the public Internet and that
// netip.Addr has no method for (IANA's registries of special-purpose addresses).
var notPublic = prefixes("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "198.18.0.0/15", "240.0.0.0/4", "fec0::/10", "2001::/32", "100::/64", "64:ff9b:1::/48")

// carriers are IPv6 networks whose addresses carry one of IPv4, and at which byte.
var carriers = map[netip.Prefix]int{netip.MustParsePrefix("64:ff9b::/96"): 12, netip.MustParsePrefix("2002::/16"): 2, netip.MustParsePrefix("::/96"): 12}

func prefixes(texts ...string) []netip.Prefix {
	list := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		list[i] = netip.MustParsePrefix(text)
	}
	return list
}

// isPublic reports whether an address is one of the public Internet: not of this
// machine, nor of the network around it.
func isPublic(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	for carrier, at := range carriers {
		if carrier.Contains(a) {
			bytes := a.As16()
			return isPublic(netip.AddrFrom4([4]byte(bytes[at : at+4])))
		}
	}
	return a.IsGlobalUnicast() && !a.IsPrivate() && !slices.ContainsFunc(notPublic, func(p netip.Prefix) bool { return p.Contains(a) })
}

// public is a transport that speaks https with public addresses only, redirects
// included. A name is judged by the address that is dialled, so that one which
// resolves otherwise the second time gains nothing.
type public struct {
	http.Transport
	proxies sync.Map // addresses of the user's own proxies: they may stand anywhere
}

func newPublic() *public {
	p := &public{}
	dialer := &net.Dialer{Timeout: 30 * time.Second, Control: p.judge}
	p.Transport = http.Transport{
		Proxy: p.proxy, DialContext: dialer.DialContext, ForceAttemptHTTP2: true,
		TLSHandshakeTimeout: 10 * time.Second, MaxResponseHeaderBytes: 64 << 10, IdleConnTimeout: time.Minute,
	}
	return p
}

// proxy is the user's, from the environment. It dials for akin, which does not
// learn to which address: what it may reach is its owner's matter.
func (p *public) proxy(r *http.Request) (*url.URL, error) {
	proxy, err := http.ProxyFromEnvironment(r)
	if proxy == nil || err != nil {
		return proxy, err
	}
	port := proxy.Port()
	if port == "" {
		port = map[string]string{"https": "443", "socks5": "1080", "socks5h": "1080"}[proxy.Scheme]
		if port == "" {
			port = "80"
		}
	}
	addresses, err := net.DefaultResolver.LookupNetIP(r.Context(), "ip", proxy.Hostname())
	if err != nil {
		return nil, fmt.Errorf("proxy %s: %w", proxy.Host, err)
	}
	for _, a := range addresses {
		p.proxies.Store(net.JoinHostPort(a.Unmap().String(), port), true)
	}
	return proxy, nil
}

// judge is asked of each address before it is dialled.
func (p *public) judge(_, address string, _ syscall.RawConn) error {
	if _, mine := p.proxies.Load(address); mine {
		return nil
	}
	at, err := netip.ParseAddrPort(address)
	if err != nil || !isPublic(at.Addr()) {
		return &RefusedError{address, "is no address of the public Internet"}
	}
	return nil
}

// RoundTrip refuses whatever is not https, and addresses that are not public
// before a proxy is asked for them.
func (p *public) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme != "https" {
		return nil, &RefusedError{r.URL.Redacted(), "is not https, so anyone on the way could change the file"}
	}
	if a, err := netip.ParseAddr(r.URL.Hostname()); err == nil && !isPublic(a) {
		return nil, &RefusedError{r.URL.Redacted(), "is no address of the public Internet"}
	}
	return p.Transport.RoundTrip(r)
}

// publicClient is what fetches models.
var publicClient = sync.OnceValue(func() *http.Client { return &http.Client{Transport: newPublic()} })
