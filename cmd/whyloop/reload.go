package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/prometheus/client_golang/prometheus"

	"whyloop/mailer"
)

// errStuck ends the process: what was to be replaced does not end, and a service manager starts anew.
var errStuck = errors.New("the old configuration's work did not end in time")

// reload takes up a configuration and its letters, or refuses them and goes on with the old: the new work is
// built in full before the old one ends. It is called by one goroutine, which also stops the daemon. The error
// is errStuck, or nothing: a refusal is logged, and stands in the status until a reload succeeds.
func (d *daemon) reload(ctx context.Context, load func() (Config, error)) error {
	d.notifier.reloading()
	defer d.notifier.ready(ctx)
	w, err := d.prepare(ctx, load)
	if err != nil {
		d.log.Error("reload refused, the old configuration stands", "why", oneLine(err))
		d.troubles.tell(aboutConfig)(mailer.Alarm{What: "refused at the last reload"})
		return nil
	}
	if err := d.exchange(ctx, w); err != nil {
		return err
	}
	d.troubles.tell(aboutConfig)(mailer.Alarm{})
	d.log.Info("whyloop goes on with another configuration")
	return nil
}

// prepare builds the work of a new configuration.
func (d *daemon) prepare(ctx context.Context, load func() (Config, error)) (*work, error) {
	c, err := load()
	if err != nil {
		return nil, err
	}
	old := d.present().config
	if keys := old.fixed(c); len(keys) > 0 {
		return nil, fmt.Errorf("only a restart changes %s: systemctl restart whyloop", strings.Join(keys, ", "))
	}
	return d.newWork(ctx, c)
}

// exchange ends the old work, as a stop does, and begins the new.
func (d *daemon) exchange(ctx context.Context, w *work) error {
	d.turn.Lock()
	defer d.turn.Unlock()
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
	defer cancel()
	if err := d.present().stops.all(stopping); err != nil {
		return errors.Join(errStuck, err)
	}
	for _, server := range mailServers() { // who is met now speaks for itself
		d.troubles.tell(server)(mailer.Alarm{})
	}
	if d.level != nil {
		d.level.Set(w.config.Log.level())
	}
	d.replace(w)
	d.begin(ctx, w)
	return nil
}

// fixed names the settings that differ between two configurations and that only a restart changes.
func (c Config) fixed(other Config) (keys []string) {
	theirs := other.sections()
	for i, sec := range c.sections() {
		for j, s := range sec.settings {
			if s.fixed && s.value.toml() != theirs[i].settings[j].value.toml() {
				keys = append(keys, sec.name+"."+s.key)
			}
		}
	}
	return keys
}

// oneLine writes an error that may name several things on one line.
func oneLine(err error) string { return strings.ReplaceAll(err.Error(), "\n", "; ") }

// liveMetrics are those of what a reload replaces.
type liveMetrics struct{ present func() *work }

func (m liveMetrics) parts() together {
	c := m.present().config
	return together{newTokenMetrics(c.tokens), newOpinionMetrics(c.opinion)}
}

// Describe implements prometheus.Collector.
func (m liveMetrics) Describe(ch chan<- *prometheus.Desc) { m.parts().Describe(ch) }

// Collect implements prometheus.Collector.
func (m liveMetrics) Collect(ch chan<- prometheus.Metric) { m.parts().Collect(ch) }
