package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"whyloop/conversation/crash"
)

type runCmd struct{}

// Help is shown under the command's own --help.
func (runCmd) Help() string {
	return `Runs until SIGTERM or Ctrl-C, then finishes what is in hand within ten seconds. On SIGHUP it takes up the configuration, secrets and letters anew; what cannot work is refused in one line of the log, and the old goes on. Only one daemon may run on a store; commands such as "whyloop rep list" work beside it.`
}

// Run is the daemon.
func (runCmd) Run(env *environ) error {
	syscall.Umask(0o077) // whatever is written is for the owner alone
	noCore()
	hangup := make(chan os.Signal, 1) // one that waits is enough: the file is read when its turn comes
	signal.Notify(hangup, syscall.SIGHUP)
	defer signal.Stop(hangup)
	config, err := loadConfig(env.config)
	if err != nil {
		return err
	}
	level := new(slog.LevelVar)
	level.Set(config.Log.level())
	log := env.newLogAt(config.Log.Format, level)
	d, err := startDaemon(env.ctx, config, parts{now: crash.Ahead(env.now), log: log, level: level, rings: true})
	if err != nil {
		return err
	}
	log.Info("whyloop runs", "version", release, "store", d.store.Path())
	if err := d.ring(env.ctx); err != nil { // what came due while it was down need not wait for the minute
		log.Error("job failed", "job", "tick", "err", err)
	}
	stuck := env.reloads(d, hangup)
	log.Info("whyloop stops")
	ctx, cancel := context.WithTimeout(context.WithoutCancel(env.ctx), stopWithin)
	defer cancel()
	if err := d.stop(ctx); err != nil {
		return errors.Join(stuck, fmt.Errorf("stopped, but not in time: %w", err))
	}
	log.Info("whyloop stopped")
	return stuck
}

// noCore keeps what people wrote, which is in memory, out of a core file. A sandbox may forbid the
// call; the unit that comes with whyloop sets the same limit.
func noCore() { _ = syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{}) }

// reloads takes the configuration up anew at each SIGHUP, until the daemon is told to stop or cannot go on.
func (env *environ) reloads(d *daemon, hangup <-chan os.Signal) error {
	for {
		select {
		case <-env.ctx.Done():
			return nil
		case <-hangup:
			if err := d.reload(env.ctx, func() (Config, error) { return loadConfig(env.config) }); err != nil {
				return err
			}
		}
	}
}
