package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	sd "github.com/coreos/go-systemd/v22/daemon"
)

// notifier tells the service manager how the daemon fares (sd_notify(3)). Where none
// listens, as when things are tried out in a terminal, it says nothing.
type notifier struct {
	log   *slog.Logger
	every time.Duration                         // from one word to the next
	dog   bool                                  // a watchdog listens
	alive func(context.Context) error           // what a restart may mend
	fares func(context.Context) (string, error) // how it is, or what keeps it from its work: shown by "systemctl status"
}

// notifyEvery is how often the status is renewed where no watchdog asks for more.
const notifyEvery = 30 * time.Second

// newNotifier finds out whether a watchdog listens, and how patient it is.
func newNotifier(log *slog.Logger, alive func(context.Context) error, fares func(context.Context) (string, error)) (*notifier, error) {
	patience, err := sd.SdWatchdogEnabled(false)
	if err != nil {
		return nil, fmt.Errorf("watchdog: %w", err)
	}
	n := &notifier{log: log, every: notifyEvery, dog: patience > 0, alive: alive, fares: fares}
	if n.dog {
		n.every = min(notifyEvery, patience/3) // one ping may be late and nothing happens
	}
	return n, nil
}

// run says READY, then tells the status, and pings the watchdog for as long as the
// daemon is alive. It returns when ctx ends, having said STOPPING.
func (n *notifier) run(ctx context.Context) {
	if !n.send(sd.SdNotifyReady) {
		return
	}
	defer n.send(sd.SdNotifyStopping + "\nSTATUS=stopping")
	tick := time.NewTicker(n.every)
	defer tick.Stop()
	for {
		n.tell(ctx)
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// tell says once how things are. A mail server that is down is told, but does not keep the
// watchdog waiting: a restart would not bring it back.
func (n *notifier) tell(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	status, err := n.fares(ctx)
	if err != nil {
		status = oneLine(err)
	}
	n.send("STATUS=" + status)
	if !n.dog {
		return
	}
	if err := n.alive(ctx); err != nil {
		n.log.Error("not alive, so the watchdog is not told otherwise", "err", err)
		return
	}
	n.send(sd.SdNotifyWatchdog)
}

// reloading says that a configuration is being taken up, and since when (sd_notify(3), MONOTONIC_USEC).
func (n *notifier) reloading() {
	n.send(sd.SdNotifyReloading + "\n" + sd.SdNotifyMonotonicUsec())
}

// ready says that it goes on, whether the configuration was taken up or not, and how.
func (n *notifier) ready(ctx context.Context) {
	if n.send(sd.SdNotifyReady) {
		n.tell(ctx)
	}
}

// send reports whether someone listens.
func (n *notifier) send(state string) bool {
	there, err := sd.SdNotify(false, state)
	if err != nil {
		n.log.Error("the service manager could not be told", "err", err)
	}
	return there
}

// startNotify is the last to start and so the first to stop: READY when all runs, STOPPING
// before anything ends.
func (d *daemon) startNotify(ctx context.Context) error {
	n, err := newNotifier(d.log.With("part", "notify"), d.alive, d.fares)
	if err != nil {
		return err
	}
	d.notifier = n
	d.stops.background(ctx, n.run)
	return nil
}

// alive says whether the store can be read: without it there is no daemon.
func (d *daemon) alive(ctx context.Context) error {
	_, err := d.store.Stats(ctx)
	return err
}
