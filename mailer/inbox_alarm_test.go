package mailer

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestInboxAlarm: a refused sign-in is told at once, a server that cannot be reached the second time in
// a row, each once, and their end when the server lets us in.
func TestInboxAlarm(t *testing.T) {
	var told []string
	i := &Inbox{c: InboxConfig{Alarm: func(a Alarm) { told = append(told, a.What) }}}
	down, refused := errors.New("connection refused"), errors.Join(ErrSignIn)
	ended, end := context.WithCancel(t.Context())
	end()

	i.failed(t.Context(), down)
	i.reached() // one failure is nothing to tell of
	i.failed(ended, down)
	i.failed(ended, down) // nor is our own end
	for range 4 {
		i.failed(t.Context(), down)
	}
	i.reached()
	i.reached()
	i.failed(t.Context(), refused)
	i.failed(t.Context(), refused)
	i.reached()
	if diff := cmp.Diff([]string{"unreachable", "", "sign-in", ""}, told); diff != "" {
		t.Error("told (-want +got):\n", diff)
	}
}
