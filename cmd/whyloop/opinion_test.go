package main

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"whyloop/conversation"
)

func TestOpinion(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	tests := []struct {
		name, says string
		heard      conversation.Heard
		want       func(conversation.Verdict) bool
		result     string
	}{
		{"new becomes a repetition", `{"repeats":3,"sure":0.9}`, unsureNew(), func(v conversation.Verdict) bool {
			return v.Label == conversation.Repeat && cmp.Equal(v.Repeats, []int{2}) && v.Confirm && v.Why != conversation.NoWhy && v.Wording != "" && v.Sure == 0.9
		}, "disagreed"},
		{"new becomes a repetition of the goal", `{"repeats":0,"sure":1}`, unsureNew(), func(v conversation.Verdict) bool {
			return v.Label == conversation.Repeat && cmp.Equal(v.Repeats, []int{conversation.GoalIndex}) && v.Confirm
		}, "disagreed"},
		{"a repetition becomes new", `{"repeats":null,"sure":0.8}`, unsureRepeat(), func(v conversation.Verdict) bool {
			return v.Label == conversation.New && v.Repeats == nil && !v.Confirm && v.Why == conversation.NoWhy && v.Wording == ""
		}, "disagreed"},
		{"both say new", ` {"repeats":null,"sure":0.8} `, unsureNew(), func(v conversation.Verdict) bool { return cmp.Equal(v, unsureNew().Verdict) }, "agreed"},
		{"both say a repetition, of another", `{"repeats":1,"sure":0.8}`, unsureRepeat(), func(v conversation.Verdict) bool { return cmp.Equal(v, unsureRepeat().Verdict) }, "agreed"},
		{"it is unsure itself", `{"repeats":3,"sure":0.4}`, unsureNew(), func(v conversation.Verdict) bool { return cmp.Equal(v, unsureNew().Verdict) }, "unsure"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := newOracle(t, completion(tt.says))
			e, log := earsOn(o, &now)
			if v := advise(t, e, tt.heard); !tt.want(v) {
				t.Errorf("the verdict is %+v", v)
			}
			tally := map[string]int64{"agreed": e.opinion.tally.agreed.Load(), "disagreed": e.opinion.tally.disagreed.Load(), "unsure": e.opinion.tally.unsure.Load()}
			if o.times() != 1 || tally[tt.result] != 1 || log.Len() > 0 {
				t.Errorf("asked %d times, counted %v, logged %q", o.times(), tally, log)
			}
		})
	}
}

// Nothing but an answer that is hard to tell is ever asked about.
func TestOpinionIsNotAsked(t *testing.T) {
	now := time.Now()
	o := newOracle(t, completion(`{"repeats":1,"sure":1}`))
	e, _ := earsOn(o, &now)
	label := func(l conversation.Label) conversation.Heard {
		return with(unsureNew(), func(h *conversation.Heard) { h.Verdict.Label = l })
	}
	for name, h := range map[string]conversation.Heard{
		"stuck": label(conversation.Stuck), "question": label(conversation.Question), "deflect": label(conversation.Deflect),
		"exhausted": label(conversation.Exhausted), "commanded": label(conversation.Commanded),
		"a command":       with(unsureNew(), func(h *conversation.Heard) { h.Command.Verb = conversation.VerbStop }),
		"distress":        with(unsureNew(), func(h *conversation.Heard) { h.Care = true }),
		"a bare yes":      with(unsureNew(), func(h *conversation.Heard) { h.Answer = conversation.Yes }),
		"surely new":      with(unsureNew(), func(h *conversation.Heard) { h.Verdict.Sure = 0.97 }),
		"surely a repeat": with(unsureRepeat(), func(h *conversation.Heard) { h.Verdict.Sure = 0.95 }),
	} {
		if got := advise(t, e, h); !cmp.Equal(got, h.Verdict) || o.times() > 0 {
			t.Fatalf("%s: asked %d times, %+v", name, o.times(), got)
		}
	}
}

// Whatever an endpoint does, the embedded verdict stands, and the log holds a fixed word.
func TestOpinionFallsBack(t *testing.T) {
	secret := "mybonus" // what a server could send back of what it was asked
	two := `{"choices":[{"message":{"content":"{\"repeats\":1,\"sure\":1}"}},{"message":{"content":"{\"repeats\":1,\"sure\":1}"}}]}`
	cut := `{"choices":[{"finish_reason":"length","message":{"content":"{\"repeats\":1,\"sure\":1}"}}]}`
	tests := map[string]struct {
		answer http.HandlerFunc
		fault  string
	}{
		"500": {failing(500), faultStatus}, "429": {failing(429), faultStatus}, "401": {failing(401), faultStatus}, "204": {failing(204), faultStatus},
		"no HTTP": {func(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) }, faultReach},
		"stalls":  {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, faultTimeout},
		"drips": {func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(200)
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		}, faultTimeout},
		"huge":         {huge, faultSize},
		"empty":        {bare(""), faultJunk},
		"HTML":         {bare("<html>" + secret), faultJunk},
		"no choice":    {bare(`{"choices":[]}`), faultJunk},
		"two choices":  {bare(two), faultJunk},
		"no content":   {bare(`{"choices":[{"message":{"content":null}}]}`), faultJunk},
		"deep":         {bare(strings.Repeat("[", 20000)), faultJunk},
		"cut short":    {bare(cut), faultSchema},
		"prose":        {completion("It repeats number 2: " + secret), faultSchema},
		"fenced":       {completion("```json\n{\"repeats\":1,\"sure\":1}\n```"), faultSchema},
		"two objects":  {completion(`{"repeats":1,"sure":1}{"repeats":null,"sure":1}`), faultSchema},
		"contradicts":  {completion(`{"repeats":1,"sure":1,"repeats":null}`), faultSchema},
		"says more":    {completion(`{"repeats":1,"sure":1,"cc":"boss@example.com"}`), faultSchema},
		"says less":    {completion(`{"repeats":1}`), faultSchema},
		"other case":   {completion(`{"Repeats":1,"sure":1}`), faultSchema},
		"a list":       {completion(`{"repeats":[1],"sure":1}`), faultSchema},
		"a string":     {completion(`{"repeats":"1","sure":1}`), faultSchema},
		"a fraction":   {completion(`{"repeats":1.5,"sure":1}`), faultSchema},
		"sure: yes":    {completion(`{"repeats":1,"sure":true}`), faultSchema},
		"sure: null":   {completion(`{"repeats":1,"sure":null}`), faultSchema},
		"sure: 1e999":  {completion(`{"repeats":1,"sure":1e999}`), faultSchema},
		"too long":     {completion(strings.Repeat(" ", 2000) + `{"repeats":1,"sure":1}`), faultSchema},
		"no such rung": {completion(`{"repeats":4,"sure":1}`), faultRange},
		"below":        {completion(`{"repeats":-1,"sure":1}`), faultRange},
		"sure: 2":      {completion(`{"repeats":1,"sure":2}`), faultRange},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := time.Now()
			o := newOracle(t, tt.answer)
			e, log := earsOn(o, &now, func(c *judgeConfig) {
				if tt.fault == faultTimeout {
					c.Timeout = 200 * time.Millisecond
				}
			})
			began := time.Now()
			for _, h := range []conversation.Heard{unsureNew(), unsureRepeat()} {
				if got := advise(t, e, h); !cmp.Equal(got, h.Verdict) {
					t.Errorf("the verdict became %+v", got)
				}
			}
			if took := time.Since(began); took > 8*time.Second {
				t.Errorf("it took %s", took)
			}
			if l := log.String(); strings.Count(l, "fault="+tt.fault+" ") != 2 || strings.Contains(l, secret) || strings.Contains(l, "debt") || strings.Contains(l, "http:") {
				t.Errorf("logged: %s", l)
			}
			if n := e.opinion.tally.failed.Load(); n != 2 {
				t.Errorf("%d failures counted", n)
			}
		})
	}
}

// A redirect could lead words to another machine: it is not followed.
func TestOpinionFollowsNoRedirect(t *testing.T) {
	now := time.Now()
	elsewhere := newOracle(t, completion(`{"repeats":1,"sure":1}`))
	o := newOracle(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
	})
	e, _ := earsOn(o, &now)
	if got := advise(t, e, unsureNew()); !cmp.Equal(got, unsureNew().Verdict) || elsewhere.times() > 0 {
		t.Errorf("it was followed: %+v", got)
	}
}

// A name that is said to be this machine is not believed when it leads elsewhere.
func TestOpinionStaysHere(t *testing.T) {
	for address, here := range map[string]bool{"127.0.0.1:80": true, "[::1]:80": true, "127.8.0.1:80": true, "[::ffff:127.0.0.1]:80": true,
		"10.0.0.1:80": false, "192.0.2.1:443": false, "[2001:db8::1]:80": false, "0.0.0.0:80": false, "nonsense": false} {
		if got := onlyHere("tcp", address, nil) == nil; got != here {
			t.Errorf("%s: connected %v", address, got)
		}
	}
	if tr := newOpinionClient(judgeConfig{URL: "http://localhost:1/v1"}).Transport.(*http.Transport); tr.Proxy != nil {
		t.Error("a proxy would be asked about an endpoint on this machine")
	}
}

func TestOpinionRests(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	o := newOracle(t, failing(500))
	e, _ := earsOn(o, &now)
	ask := func(n int) {
		for range n {
			advise(t, e, unsureNew())
		}
	}
	expect := func(when string, want int) {
		t.Helper()
		if got := o.times(); got != want {
			t.Fatalf("%s: asked %d times, want %d", when, got, want)
		}
	}
	ask(2)
	o.say(completion(`{"repeats":null,"sure":1}`))
	ask(1)
	o.say(failing(429))
	ask(2)
	expect("a success between failures", 5)
	ask(5)
	expect("three failures in a row", 6)
	now = now.Add(restFor - time.Second)
	ask(1)
	expect("before the time is over", 6)
	now = now.Add(2 * time.Second)
	ask(3)
	expect("one try, which fails", 7)
	now = now.Add(restFor + time.Second)
	o.say(completion(`{"repeats":null,"sure":1}`))
	ask(4)
	expect("well again", 11)
	want := "# HELP whyloop_opinions_asked_total Second opinions asked for.\n# TYPE whyloop_opinions_asked_total counter\nwhyloop_opinions_asked_total 11\n" +
		"# HELP whyloop_opinions_total What became of them.\n# TYPE whyloop_opinions_total counter\n" +
		"whyloop_opinions_total{result=\"agreed\"} 5\nwhyloop_opinions_total{result=\"disagreed\"} 0\nwhyloop_opinions_total{result=\"failed\"} 6\n" +
		"whyloop_opinions_total{result=\"spared\"} 7\nwhyloop_opinions_total{result=\"unsure\"} 0\n"
	m := newOpinionMetrics(e.opinion)
	if err := testutil.CollectAndCompare(m, strings.NewReader(want), "whyloop_opinions_asked_total", "whyloop_opinions_total"); err != nil {
		t.Error(err)
	}
	if problems, err := testutil.CollectAndLint(m); err != nil || len(problems) > 0 {
		t.Error(problems, err)
	}
	if n := testutil.CollectAndCount(newOpinionMetrics(nil)); n != 0 {
		t.Errorf("%d metrics although nobody is asked", n)
	}
}

// Being told to stop is no fault of the endpoint's.
func TestOpinionIsCutShort(t *testing.T) {
	now := time.Now()
	ctx, cancel := context.WithCancel(t.Context())
	o := newOracle(t, func(_ http.ResponseWriter, r *http.Request) { cancel(); <-r.Context().Done() })
	e, log := earsOn(o, &now)
	if got := e.Advise(ctx, doubtLadder(), unsureNew(), nil); !cmp.Equal(got, unsureNew().Verdict) || e.opinion.tally.failed.Load() > 0 || log.Len() > 0 {
		t.Errorf("%+v, logged %s", got, log)
	}
}
