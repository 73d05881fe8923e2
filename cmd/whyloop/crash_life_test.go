//go:build unix

package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"whyloop/mailer/mailtest"
)

// start starts a life of the daemon. The lease that the last life left behind has run out by its clock.
func (a *arena) start(point string) {
	a.t.Helper()
	bin, err := buildCrash()
	if err != nil {
		a.t.Fatal(err)
	}
	a.ahead.Add(int64(16 * time.Minute))
	cmd := exec.Command(bin, "--config", a.config(), "run")
	cmd.Env = append(os.Environ(), "WHYLOOP_CRASH="+point, "WHYLOOP_AHEAD="+time.Duration(a.ahead.Load()).String(), "GOMAXPROCS=2", "GOGC=off")
	a.mu.Lock()
	defer a.mu.Unlock()
	a.life++
	a.step, a.worked = "starting", false
	a.stderr = &bytes.Buffer{}
	cmd.Stderr = a.stderr
	if err := cmd.Start(); err != nil {
		a.t.Fatal(err)
	}
	a.process = cmd
}

// kill ends the life by SIGKILL, if it has not ended.
func (a *arena) kill() {
	a.mu.Lock()
	p := a.process
	a.process = nil
	a.mu.Unlock()
	if p == nil {
		return
	}
	_ = p.Process.Kill() // it may have ended
	_ = p.Wait()
}

// stop ends the life as an admin would: what is in hand is finished.
func (a *arena) stop() {
	a.t.Helper()
	a.mu.Lock()
	p := a.process
	a.process = nil
	a.mu.Unlock()
	if err := errors.Join(p.Process.Signal(syscall.SIGTERM), p.Wait()); err != nil {
		a.t.Errorf("told to stop, it ended with %v\n%s", err, tail(a.stderr.String()))
	}
}

// signal kills without waiting: a hook may not wait for the process it serves.
func (a *arena) signal() {
	if a.process != nil {
		_ = a.process.Process.Kill()
	}
}

// died waits until the life has ended by itself, and makes sure that SIGKILL ended it.
func (a *arena) died(within time.Duration) bool {
	a.mu.Lock()
	p := a.process
	a.mu.Unlock()
	ended := make(chan error, 1)
	go func() { ended <- p.Wait() }()
	timer := time.NewTimer(within)
	defer timer.Stop()
	for {
		select {
		case <-ended:
			a.mu.Lock()
			a.process = nil
			a.mu.Unlock()
			status, ok := p.ProcessState.Sys().(syscall.WaitStatus)
			if !ok || status.Signal() != syscall.SIGKILL {
				a.t.Fatalf("the daemon ended by itself: %v\n%s", p.ProcessState, tail(a.stderr.String()))
			}
			return true
		case <-timer.C:
			_ = p.Process.Kill()
			<-ended
			a.mu.Lock()
			a.process = nil
			a.mu.Unlock()
			return false
		case <-time.After(nudgeAfter):
			a.nudge()
		}
	}
}

// nudgeAfter is how long the wire may be quiet before a mail of no meaning is sent: the in-process
// server does not announce what arrives in the instant in which IDLE begins.
const nudgeAfter = 150 * time.Millisecond

func (a *arena) nudge() {
	raw := fmt.Sprintf("From: news@elsewhere.example\r\nTo: %s\r\nSubject: news\r\nMessage-ID: <%d@elsewhere.example>\r\nPrecedence: bulk\r\nDate: %s\r\n\r\nnews\r\n",
		crashCoach, a.rnd.Int64(), a.now().Format(time.RFC1123Z))
	a.servers.Deliver(mailtest.Envelope{From: "news@elsewhere.example", To: []string{crashCoach}, Raw: []byte(raw)})
}

// hook sees each step of both wires. What a life said before it was killed may be read when the next one has begun: it
// is no step of that one.
func (a *arena) hook(imap bool, s mailtest.Step, conn *dot) mailtest.Fault {
	a.mu.Lock()
	defer a.mu.Unlock()
	if s.Name == mailtest.StepConnect {
		conn.life = a.life
	}
	name := "SMTP " + s.Name
	if imap {
		name = "IMAP " + s.Name
	}
	if conn.life == a.life {
		a.took(name)
	}
	switch {
	case imap:
	case s.Name == "MAIL":
		_, id, _ := strings.Cut(s.Line, "ENVID=")
		conn.letter, _, _ = strings.Cut(id, " ")
	case s.Name == mailtest.StepDot:
		a.dots = append(a.dots, *conn)
		if a.onDot != nil {
			return a.onDot(*conn)
		}
	}
	return mailtest.Fault{}
}

// waitFor waits until a life has come to a step.
func (a *arena) waitFor(step string) {
	a.t.Helper()
	reached := make(chan struct{})
	a.mu.Lock()
	a.onStep = func(name string) {
		if name == step {
			a.onStep = nil
			close(reached)
		}
	}
	a.mu.Unlock()
	select {
	case <-reached:
	case <-time.After(nudgeAfter):
		a.nudge() // it rests already: let it look again
		select {
		case <-reached:
			return
		case <-time.After(20 * time.Second):
		}
		a.t.Errorf("never came to %s\n%s", step, tail(a.stderr.String()))
	}
}

// took notes a step of the life that is.
func (a *arena) took(name string) {
	a.step = name
	if name == "IMAP UID FETCH" || name == "SMTP MAIL" {
		a.worked = true
	}
	if a.onStep != nil {
		a.onStep(name)
	}
}

// tail is the end of a log.
func tail(s string) string {
	lines := strings.Split(s, "\n")
	return strings.Join(lines[max(0, len(lines)-15):], "\n")
}
