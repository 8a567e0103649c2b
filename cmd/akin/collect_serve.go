package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"

	"github.com/akin-vision/akin/collect"
	"github.com/akin-vision/akin/collect/store"
	"github.com/akin-vision/akin/collect/study"
	"github.com/akin-vision/akin/serve"
	"github.com/spf13/pflag"
	"golang.org/x/sync/errgroup"
)

// serveFlags say how a study is served.
type serveFlags struct {
	studyFlags
	task           string
	address, watch string
	url            string
	cert, key      string
	public         bool
}

func (f *serveFlags) add(flags *pflag.FlagSet) {
	f.studyFlags.add(flags)
	flags.StringVar(&f.task, "task", "", "task of a new study: rating, triplet or odd-one-out (default rating)")
	flags.StringVar(&f.address, "addr", "127.0.0.1:0", "address to listen on; port 0 takes a free one")
	flags.StringVar(&f.watch, "watch-addr", "127.0.0.1:0", "address of the page on which you watch")
	flags.StringVar(&f.url, "url", "", "address that people see, such as https://study.example.org, of a web server in front")
	flags.BoolVar(&f.public, "public", false, "allow addresses that other machines can reach")
	flags.StringVar(&f.cert, "tls-cert", "", "TLS certificate, a PEM file")
	flags.StringVar(&f.key, "tls-key", "", "its key, a PEM file")
}

// publicError is an address that only --public allows.
type publicError struct{ error }

func (e publicError) Unwrap() error { return e.error }

func (c *console) serveStudy(ctx context.Context, set string, f serveFlags) (err error) {
	o, err := c.openStudy(ctx, set, f.studyFlags, true)
	var none *noStudyError
	if errors.As(err, &none) {
		file, err := c.writeStudy(set, f.studyFlags, cmp.Or(f.task, study.Rating))
		if err != nil {
			return err
		}
		fmt.Fprintf(c.err, "akin: wrote %s; edit it before you send the link\n", file)
		if o, err = c.openStudy(ctx, set, f.studyFlags, true); err != nil {
			return err
		}
	} else if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Store.Close()) }()
	if f.task != "" && f.task != o.Study.Task {
		return usageError{fmt.Errorf("the study's task is %s, not %s", o.Study.Task, f.task)}
	}
	s, err := c.listen(ctx, o, f)
	if err != nil {
		return err
	}
	if err := c.printStudy(s, o); err != nil {
		return err
	}
	return s.run(ctx)
}

// site is a study that listens.
type site struct {
	people, maker       net.Listener
	server              *collect.Server
	watcher             *collect.Watcher
	peopleURL, watchURL string
}

func (c *console) listen(ctx context.Context, o *opened, f serveFlags) (s *site, err error) {
	accepts, err := f.accepts()
	if err != nil {
		return nil, err
	}
	log := slog.New(slog.NewTextHandler(c.err, nil))
	s = &site{}
	if s.server, err = o.NewServer(ctx, collect.Options{Pictures: o.pictures, Accepts: accepts, Log: log}); err != nil {
		return nil, err
	}
	if s.watcher, err = o.NewWatcher(ctx, collect.Options{Pictures: o.pictures, Accepts: accepts, Log: log}); err != nil {
		return nil, err
	}
	if s.people, err = f.open(f.address); err != nil {
		return nil, err
	}
	if s.maker, err = f.open(f.watch); err != nil {
		return nil, errors.Join(err, s.people.Close())
	}
	scheme := "http://"
	if f.cert != "" {
		scheme = "https://"
	}
	s.peopleURL = scheme + s.people.Addr().String() + s.server.Path()
	if f.url != "" {
		s.peopleURL = f.url + s.server.Path()
	}
	s.watchURL = scheme + s.maker.Addr().String() + s.watcher.Path()
	return s, nil
}

func (f serveFlags) open(address string) (net.Listener, error) {
	l, err := serve.Listen(address, f.public)
	var remote *serve.RemoteError
	if errors.As(err, &remote) {
		return nil, publicError{err}
	}
	if err != nil || f.cert == "" && f.key == "" {
		return l, err
	}
	pair, err := tls.LoadX509KeyPair(f.cert, f.key)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("TLS certificate: %w", err), l.Close())
	}
	return tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}), nil
}

// accepts says which Host headers are answered: those of this machine, the host of
// the address that people see, and with --public any address, or any name where
// TLS proves it.
func (f serveFlags) accepts() (func(string) bool, error) {
	seen, err := url.Parse(f.url)
	if err != nil || f.url != "" && (seen.Scheme != "https" && seen.Scheme != "http" || seen.Host == "" || seen.Path != "") {
		return nil, usageError{fmt.Errorf("url %q is not like https://study.example.org", f.url)}
	}
	return func(host string) bool {
		switch {
		case serve.LocalHost(host), f.url != "" && host == seen.Host:
			return true
		case f.public:
			return f.cert != "" || serve.AnyAddress(host)
		}
		return false
	}, nil
}

func (c *console) printStudy(s *site, o *opened) error {
	if c.asJSON {
		return c.printJSON(struct {
			Study   string `json:"study"`
			Watch   string `json:"watch"`
			Answers string `json:"answers"`
		}{s.peopleURL, s.watchURL, store.Shown(o.db)})
	}
	fmt.Fprintf(c.prose(), "people   %s\nwatch    %s\nanswers  %s\n(Ctrl-C ends; what was answered is kept)\n", s.peopleURL, s.watchURL, store.Shown(o.db))
	return nil
}

// run answers until ctx ends.
func (s *site) run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return serve.ServeMany(ctx, s.people, s.server.Handler(), collect.MaxConnections) })
	group.Go(func() error { return serve.Serve(ctx, s.maker, s.watcher.Handler()) })
	return group.Wait()
}
