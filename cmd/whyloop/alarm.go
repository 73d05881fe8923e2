package main

import (
	"context"
	"log/slog"

	"github.com/robfig/cron/v3"
)

// job is something the alarm rings for.
type job struct {
	name string
	when string // cron expression, in UTC
	do   func(context.Context) error
}

// alarm rings jobs by the wall clock. It decides nothing: what is due stands in the
// store, so that a missed ring is caught up at the next and a double one does no harm.
type alarm struct {
	cron *cron.Cron
}

// newAlarm starts ringing. A job still at work is not rung again, and one that
// fails is logged and rung at its next time.
func newAlarm(ctx context.Context, log *slog.Logger, jobs []job) (*alarm, error) {
	c := cron.New(cron.WithChain(cron.Recover(cronLog{log}), cron.SkipIfStillRunning(cron.DiscardLogger)))
	for _, j := range jobs {
		_, err := c.AddFunc("CRON_TZ=UTC "+j.when, func() { ring(ctx, log, j) })
		if err != nil {
			return nil, err
		}
	}
	c.Start()
	return &alarm{c}, nil
}

// ring does one job once.
func ring(ctx context.Context, log *slog.Logger, j job) {
	if ctx.Err() != nil {
		return
	}
	if err := j.do(ctx); err != nil && ctx.Err() == nil {
		log.Error("job failed", "job", j.name, "err", err)
	}
}

// stop rings no more and waits for the job at work, for as long as ctx lasts.
func (a *alarm) stop(ctx context.Context) {
	select {
	case <-a.cron.Stop().Done():
	case <-ctx.Done():
	}
}

// cronLog passes cron's errors on; what it says else is noise.
type cronLog struct{ log *slog.Logger }

func (cronLog) Info(string, ...any) {}

func (l cronLog) Error(err error, msg string, args ...any) {
	l.log.Error("alarm: "+msg, append(args, "err", err)...)
}
