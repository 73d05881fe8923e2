package mailer

import (
	"context"
	"sync"
	"testing"

	"whyloop/mailer/mailtest"
)

// TestIdleDiesSilently: a server that takes IDLE and then says nothing any more, be it about new mail or to DONE, is left by
// the clock, and what came meanwhile is read over another connection.
func TestIdleDiesSilently(t *testing.T) {
	r := newInRig(t, mailtest.Options{}, InboxConfig{Poll: 1}) // at once, which is a second
	r.sync(t, 0)
	idle, dead := make(chan struct{}), map[int]bool{}
	var once sync.Once
	r.s.HookIMAP(func(s mailtest.Step) mailtest.Fault {
		switch {
		case dead[s.Conn]:
			return mailtest.Fault{Stall: true}
		case s.Name == "IDLE" && len(dead) == 0:
			dead[s.Conn] = true
			once.Do(func() { close(idle) })
			return mailtest.Fault{Raw: []byte("+ idling\r\n")}
		}
		return mailtest.Fault{}
	})
	ctx, cancel := context.WithCancel(context10(t))
	done := make(chan struct{})
	go func() { defer close(done); r.i.Run(ctx) }()
	<-idle
	r.deliver("one")
	select {
	case <-r.d.came:
	case <-ctx.Done():
		t.Error("the mail stays unread")
	}
	cancel()
	<-done
}
