package main

import (
	"context"
	"net"
	"os"
	"syscall"

	"golang.org/x/term"
)

// resolver is what is asked of DNS.
type resolver interface {
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
	LookupSRV(ctx context.Context, service, proto, name string) (string, []*net.SRV, error)
	LookupTXT(ctx context.Context, name string) ([]string, error)
}

// machine is what setting up and checking ask of this machine and its network, so that tests can be it.
type machine struct {
	dns  resolver
	dial func(ctx context.Context, network, address string) (net.Conn, error)
	free func(dir string) (bytes int64, err error) // left on the disk of a folder, for us
	root bool                                      // we are root

	terminal bool                   // a person types on standard input
	hidden   func() (string, error) // reads a line that they type, without showing it
}

func thisMachine() machine {
	in := int(os.Stdin.Fd())
	return machine{dns: net.DefaultResolver, dial: new(net.Dialer).DialContext, free: freeBytes, root: syscall.Geteuid() == 0,
		terminal: term.IsTerminal(in), hidden: func() (string, error) { b, err := term.ReadPassword(in); return string(b), err }}
}
