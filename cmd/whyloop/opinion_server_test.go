package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"whyloop/conversation"
	"whyloop/conversation/hearing"
)

// oracle is a model's server: it says what a test wants, and keeps what it was asked.
type oracle struct {
	*httptest.Server
	mu     sync.Mutex
	answer http.HandlerFunc
	asked  []inquiry
	raw    []string // bodies and headers, whole
}

func newOracle(t *testing.T, answer http.HandlerFunc) *oracle {
	t.Helper()
	o := &oracle{answer: answer}
	o.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var q inquiry
		if err := json.Unmarshal(body, &q); err != nil && r.Method == http.MethodPost {
			t.Errorf("asked in no JSON: %v", err)
		}
		o.mu.Lock()
		o.asked, o.raw = append(o.asked, q), append(o.raw, fmt.Sprint(r.Method, r.URL, r.Header, string(body)))
		answer := o.answer
		o.mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(o.Close)
	return o
}

func (o *oracle) say(answer http.HandlerFunc) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.answer = answer
}

func (o *oracle) times() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.asked)
}

// completion is a chat completion of these words.
func completion(content string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]any{"id": "x", "object": "chat.completion", "usage": map[string]int{"total_tokens": 9},
			"choices": []any{map[string]any{"index": 0, "finish_reason": "stop", "message": map[string]any{"role": "assistant", "content": content}}}})
	}
}

func failing(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(code)
		fmt.Fprint(w, `{"error":{"message":"no"}}`)
	}
}

func bare(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) }
}

// earsOn listen with an oracle, a clock and a log of the test's.
func earsOn(o *oracle, now *time.Time, change ...func(*judgeConfig)) (ears, *bytes.Buffer) {
	c := judgeConfig{URL: o.URL + "/v1", Model: "small", Timeout: 5 * time.Second}
	for _, f := range change {
		f(&c)
	}
	var log bytes.Buffer
	clock := func() time.Time { return *now }
	return ears{hearing.New(), newOpinion(c, clock), slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))}, &log
}

// doubtLadder is a ladder and an answer to be unsure of.
func doubtLadder() conversation.Ladder {
	l := conversation.Ladder{Goal: "close eight deals"}
	for _, a := range []string{"a bonus", "pay off my loans", "not owing anyone"} {
		l.Rungs = append(l.Rungs, conversation.Rung{Answer: a})
	}
	return l
}

// unsureNew and unsureRepeat are what the embedded judge could have heard.
func unsureNew() conversation.Heard {
	return conversation.Heard{Text: "being free of debt", Verdict: conversation.Verdict{Label: conversation.New, Why: conversation.NoWhy, Sure: 0.5}}
}

func unsureRepeat() conversation.Heard {
	return conversation.Heard{Text: "being free of debt", Verdict: conversation.Verdict{Label: conversation.Repeat, Repeats: []int{2}, Why: 3, Wording: "being free of debt", Sure: 0.75, Confirm: true}}
}

// with changes what was heard.
func with(h conversation.Heard, change func(*conversation.Heard)) conversation.Heard {
	change(&h)
	return h
}

func advise(t *testing.T, e ears, h conversation.Heard) conversation.Verdict {
	t.Helper()
	return e.Advise(context.WithoutCancel(t.Context()), doubtLadder(), h, []string{"Sam Canary"})
}

// huge writes without end.
func huge(w http.ResponseWriter, r *http.Request) {
	for r.Context().Err() == nil {
		if _, err := io.WriteString(w, strings.Repeat(" ", 1<<16)); err != nil {
			return
		}
	}
}
