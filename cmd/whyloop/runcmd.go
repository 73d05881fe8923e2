package main

import (
	"context"
	"fmt"
	"syscall"

	"whyloop/conversation/crash"
)

type runCmd struct{}

// Help is shown under the command's own --help.
func (runCmd) Help() string {
	return `Runs until SIGTERM or Ctrl-C, then finishes what is in hand within ten seconds. Only one daemon may run on a store; commands such as "whyloop rep list" work beside it.`
}

// Run is the daemon.
func (runCmd) Run(env *environ) error {
	syscall.Umask(0o077) // whatever is written is for the owner alone
	config, err := loadConfig(env.config)
	if err != nil {
		return err
	}
	log, err := env.newLog(config.Log)
	if err != nil {
		return err
	}
	d, err := startDaemon(env.ctx, parts{config: config, now: crash.Ahead(env.now), log: log, rings: true})
	if err != nil {
		return err
	}
	log.Info("whyloop runs", "version", release, "store", d.store.Path())
	if err := d.ring(env.ctx); err != nil { // what came due while it was down need not wait for the minute
		log.Error("job failed", "job", "tick", "err", err)
	}
	<-env.ctx.Done()
	log.Info("whyloop stops")
	ctx, cancel := context.WithTimeout(context.WithoutCancel(env.ctx), stopWithin)
	defer cancel()
	if err := d.stop(ctx); err != nil {
		return fmt.Errorf("stopped, but not in time: %w", err)
	}
	log.Info("whyloop stopped")
	return nil
}
