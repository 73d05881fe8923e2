package main

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// openPlayground serves a playground for a test.
func openPlayground(t *testing.T) *visitor {
	t.Helper()
	p := &playground{dir: t.TempDir()}
	if err := p.begin(context.Background()); err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(guard(p.pages()))
	t.Cleanup(func() {
		s.Close()
		if err := p.end(); err != nil {
			t.Error(err)
		}
	})
	return &visitor{t: t, url: s.URL, p: p}
}

// visitor is a person at the page, without a browser.
type visitor struct {
	t   *testing.T
	url string
	p   *playground
}

// get loads a page, which must be well made.
func (v *visitor) get(path string) string {
	v.t.Helper()
	res, err := http.Get(v.url + path)
	if err != nil {
		v.t.Fatal(err)
	}
	body := readAll(v.t, res)
	if res.StatusCode != http.StatusOK {
		v.t.Fatalf("%s: %s: %s", path, res.Status, body)
	}
	checkPage(v.t, path, body)
	return body
}

func readAll(t *testing.T, res *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(res.Body)
	if err == nil {
		err = res.Body.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// post sends a form as the page would, and follows to the page.
func (v *visitor) post(path string, form url.Values) string {
	v.t.Helper()
	if form == nil {
		form = url.Values{}
	}
	if form.Get("turn") == "" {
		form.Set("turn", strconv.Itoa(v.p.game.turn))
	}
	res := v.send(path, form, map[string]string{"Origin": v.url, "Sec-Fetch-Site": "same-origin"})
	body := readAll(v.t, res)
	if res.StatusCode != http.StatusOK || res.Request.Method != http.MethodGet {
		v.t.Fatalf("%s %v: %s: %s", path, form, res.Status, body)
	}
	checkPage(v.t, path, body)
	return body
}

func (v *visitor) send(path string, form url.Values, header map[string]string) *http.Response {
	v.t.Helper()
	req, err := http.NewRequest(http.MethodPost, v.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		v.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for k, val := range header {
		req.Header.Set(k, val)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		v.t.Fatal(err)
	}
	return res
}

// say answers the newest letter.
func (v *visitor) say(program, text string) string {
	v.t.Helper()
	to := regexp.MustCompile(`name="to" value="(\d+)"`).FindStringSubmatch(v.get("/"))
	if to == nil {
		v.t.Fatal("nothing to answer")
	}
	return v.post("/reply", url.Values{"to": {to[1]}, "with": {program}, "text": {text}})
}

func wants(t *testing.T, page string, all ...string) {
	t.Helper()
	for _, w := range all {
		if !strings.Contains(page, w) {
			t.Errorf("no %q in\n%s", w, regexp.MustCompile(`(?s)<head>.*</head>|</?[a-z][^>]*>|\n\s*`).ReplaceAllString(page, " "))
		}
	}
}

// TestPlaygroundBegins: the invite is there, and what to do is said in two sentences.
func TestPlaygroundBegins(t *testing.T) {
	v := openPlayground(t)
	page := v.get("/")
	wants(t, page, "You are Sam, a salesperson", "Would you like to try?", `value="yes, why not"`, "Empty. Dana is Sam’s manager", "Monday 23 November 2026")
	guide := regexp.MustCompile(`<h2 id="guide-title">Next</h2>\s*<p>(.*?)</p>`).FindStringSubmatch(page)
	if n := strings.Count(guide[1], "."); n != 2 {
		t.Errorf("%d sentences: %s", n, guide[1])
	}
	for _, as := range []string{"plain", "source"} {
		wants(t, v.get("/?open=r1&as="+as), "Would you like to try?")
	}
}

// TestPlaygroundExamples: they do not put words of another story into a newcomer's own.
func TestPlaygroundExamples(t *testing.T) {
	v := openPlayground(t)
	wants(t, v.say("Plain", "yes"), exampleGoal)
	page := v.say("Plain", "Become team lead by summer")
	if strings.Contains(page, "For example") {
		t.Error("an example for somebody else's goal")
	}
	v.say("Plain", "I could decide how we work")
	wants(t, v.say("Plain", "People would listen to my ideas"), "“That&#39;s it”")
}

// TestPlaygroundPrograms: the words are found in what each mail program makes of them, and the mail
// can be looked at.
func TestPlaygroundPrograms(t *testing.T) {
	for _, program := range webPrograms() {
		t.Run(program, func(t *testing.T) {
			v := openPlayground(t)
			wants(t, v.say(program, "yes, gladly"), "<blockquote>yes, gladly</blockquote>", "<b>a yes</b>", "1 new letter for Sam.", "What’s one goal")
			page := v.say(program, "Close <b>20</b> deals\nthis quarter")
			wants(t, page, "<b>a goal</b>", "Close &lt;b&gt;20&lt;/b&gt; deals")
			sent := v.get("/?open=s2")
			wants(t, sent, "<mark>Close &lt;b&gt;20&lt;/b&gt; deals</mark>", "<mark>this quarter</mark>")
			if program != "Plain" {
				wants(t, sent, `<span class="passed">`)
			}
			wants(t, v.get("/?open=s2&as=source"), "In-Reply-To:")
		})
	}
}

// TestPlaygroundVerdict: what the judge heard, how sure it is and why stand on the page.
func TestPlaygroundVerdict(t *testing.T) {
	v := openPlayground(t)
	v.say("Gmail", "yes")
	v.say("iPhone", "Close 20 deals this quarter")
	wants(t, v.say("Outlook", "A bigger commission"), "<b>a different answer</b>", "% sure", "says something new")
	wants(t, v.say("Plain", "As I said, a bigger commission"), "the same answer again", "the why?", "Is this your why")
	wants(t, v.say("Plain", "yes"), `<p class="why">`, "bigger commission", "private")
	wants(t, v.say("Plain", "stop"), "the command “stop”", "Sam has left")
	wants(t, v.post("/push", url.Values{"by": {"week"}}), "No new letter.")
	wants(t, v.post("/again", nil), "You are Sam, a salesperson", "Empty. Dana is Sam’s manager")
}

// TestPlaygroundClock: days and weeks pass, letters come by themselves, and the evening keeps them back.
func TestPlaygroundClock(t *testing.T) {
	v := openPlayground(t)
	wants(t, v.post("/push", url.Values{"by": {"day"}}), "Tuesday 24 November 2026", "<b>08:55</b>", "No new letter.")
	wants(t, v.post("/push", url.Values{"by": {"letter"}}), "Thursday 26 November 2026", "Putting this back near the top")
	wants(t, v.post("/push", url.Values{"by": {"week"}}), "Thursday 3 December 2026")
	v = openPlayground(t)
	page := ""
	for i := 0; i < 9 && !strings.Contains(page, "working hours only"); i++ {
		page = v.say("Plain", "yes, for reason number "+strconv.Itoa(i))
	}
	wants(t, page, "working hours only", "No new letter.")
	wants(t, v.post("/push", url.Values{"by": {"letter"}}), "Tuesday 24 November 2026", "<b>07:00</b>", "1 new letter for Sam.")
}

// TestPlaygroundCap: who writes on through the night meets the cap, and is not stuck there.
func TestPlaygroundCap(t *testing.T) {
	v := openPlayground(t)
	page := ""
	for _, says := range []string{"yes", "Close 20 deals", "no idea", "who reads this?", "I'd rather not say", "skip", "Call Priya", "After lunch", "path", "export", "pause 2 weeks", "start", "help"} {
		page = v.say("Plain", says)
	}
	wants(t, page, "waits until its admin has looked", "let it go on</button>")
	page = v.post("/resume", nil)
	if strings.Contains(page, "waits until its admin") {
		t.Error("it does not go on")
	}
	wants(t, v.say("Plain", "path"), "working hours only") // it is two at night
	wants(t, v.post("/push", url.Values{"by": {"letter"}}), "new letters for Sam.", "You started at “Close 20 deals”")
}

// TestPlaygroundAnything: whatever is done in whatever order, the page stands and is well made.
func TestPlaygroundAnything(t *testing.T) {
	v := openPlayground(t)
	dice := rand.New(rand.NewPCG(20, 26))
	says := []string{"yes", "no", "no thanks", "start", "on", "stop", "forget me", "delete", "pause 3 days", "skip", "private", "share", "hold", "ok", "help", "path", "export",
		"new why", "that's wrong", "no idea", "who reads this?", "I'd rather not say", "done", "half", "not yet", "2", "Close 20 deals", "More time with my kids",
		"As I said, more time with my kids", "That's it", "Call Priya after lunch", "<script>alert(1)</script>", "日本語", strings.Repeat("long ", 900)}
	opens := []string{"/", "/?open=r1", "/?open=m1", "/?open=s1", "/?open=s2&as=source", "/?open=r2&as=plain", "/?open=m9", "/?open=r1&as=source"}
	for range 60 {
		switch dice.IntN(5) {
		case 0:
			v.post("/push", url.Values{"by": {[]string{"letter", "day", "week"}[dice.IntN(3)]}})
		case 1:
			v.get(opens[dice.IntN(len(opens))])
		default:
			if strings.Contains(v.get("/"), "let it go on</button>") {
				v.post("/resume", nil)
			}
			v.say(webPrograms()[dice.IntN(4)], says[dice.IntN(len(says))])
		}
	}
	if page := v.get("/"); strings.Contains(page, "<script>alert") {
		t.Error("a reply became part of the page")
	}
}

// TestPlaygroundRefuses: forms that the page did not make, and forms of other sites.
func TestPlaygroundRefuses(t *testing.T) {
	v := openPlayground(t)
	same := map[string]string{"Origin": v.url}
	good := url.Values{"by": {"day"}, "turn": {"0"}}
	for _, c := range []struct {
		name, path string
		form       url.Values
		header     map[string]string
		want       int
	}{
		{"no origin", "/push", good, nil, http.StatusForbidden},
		{"another site", "/push", good, map[string]string{"Origin": "https://evil.test"}, http.StatusForbidden},
		{"another port", "/push", good, map[string]string{"Origin": "http://127.0.0.1:1"}, http.StatusForbidden},
		{"an opaque origin", "/push", good, map[string]string{"Origin": "null"}, http.StatusForbidden},
		{"a cross-site fetch", "/push", good, map[string]string{"Origin": v.url, "Sec-Fetch-Site": "cross-site"}, http.StatusForbidden},
		{"no turn", "/push", url.Values{"by": {"day"}}, same, http.StatusBadRequest},
		{"no such push", "/push", url.Values{"turn": {"0"}, "by": {"year"}}, same, http.StatusBadRequest},
		{"no such letter", "/reply", url.Values{"turn": {"1"}, "to": {"7"}, "with": {"Gmail"}, "text": {"yes"}}, same, http.StatusBadRequest},
		{"below the first", "/reply", url.Values{"turn": {"2"}, "to": {"-1"}, "with": {"Gmail"}, "text": {"yes"}}, same, http.StatusBadRequest},
		{"no letter", "/reply", url.Values{"turn": {"3"}, "with": {"Gmail"}, "text": {"yes"}}, same, http.StatusBadRequest},
		{"no such program", "/reply", url.Values{"turn": {"4"}, "to": {"0"}, "with": {"Pigeon"}, "text": {"yes"}}, same, http.StatusBadRequest},
		{"too long", "/reply", url.Values{"text": {strings.Repeat("x", webBody)}}, same, http.StatusBadRequest},
		{"no such page", "/nowhere", nil, same, http.StatusNotFound},
	} {
		res := v.send(c.path, c.form, c.header)
		if body := readAll(t, res); res.StatusCode != c.want {
			t.Errorf("%s: %s, want %d: %s", c.name, res.Status, c.want, body)
		}
	}
	res, err := http.Get(v.url + "/push")
	if err != nil {
		t.Fatal(err)
	}
	if readAll(t, res); res.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("GET /push: %s", res.Status)
	}
	wants(t, v.post("/push", url.Values{"by": {"week"}, "turn": {"4"}}), "Monday 23 November 2026")                               // pressed twice
	wants(t, v.post("/push", url.Values{"by": {"week"}, "turn": {"1"}}), "Monday 23 November 2026", "That page was an older one") // left open
	wants(t, v.get("/?open=zz9&as=nonsense"), "Would you like to try?", "Monday 23 November 2026")
	wants(t, v.say("Plain", "  \n "), "the reply was empty")
}

// TestPlaygroundHosts: a name that is bent towards loopback gets nothing.
func TestPlaygroundHosts(t *testing.T) {
	v := openPlayground(t)
	own := strings.TrimPrefix(v.url, "http://")
	_, port, _ := strings.Cut(own, ":")
	for host, want := range map[string]int{own: 200, "localhost:" + port: 200, "evil.test:" + port: 421, "127.0.0.1:1": 421, "127.0.0.1": 421, "127.0.0.1.evil.test:" + port: 421} {
		req, err := http.NewRequest(http.MethodGet, v.url+"/", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Host = host
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		if readAll(t, res); res.StatusCode != want {
			t.Errorf("Host %s: %s, want %d", host, res.Status, want)
		}
		for _, h := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Resource-Policy"} {
			if res.Header.Get(h) == "" {
				t.Errorf("Host %s: no %s", host, h)
			}
		}
	}
}

// TestWebOnLoopbackOnly: no other address is listened on.
func TestWebOnLoopbackOnly(t *testing.T) {
	for _, args := range [][]string{{"demo", "--web", "--addr", "0.0.0.0:0"}, {"demo", "--web", "--addr", ":0"}, {"demo", "--web", "--addr", "192.0.2.1:80"},
		{"letters", "preview", "--addr", "[::]:0"}, {"letters", "preview", "--addr", "example.com:80"}} {
		if got := call(t, "", args...); got.code != exitUsage || !strings.Contains(got.errors, "loopback") {
			t.Errorf("%v: %+v", args, got)
		}
	}
}

// TestPlaygroundLeavesNothing: the command ends when it is told to, and nothing of it stays.
func TestPlaygroundLeavesNothing(t *testing.T) {
	before := goleak.IgnoreCurrent()
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	ctx, stop := context.WithTimeout(context.Background(), 2*stuckAfter)
	defer stop()
	book, ended := &logBook{}, make(chan int, 1)
	go func() { ended <- run(ctx, []string{"demo", "--web"}, strings.NewReader(""), book, io.Discard) }()
	address := regexp.MustCompile(`http://127\.0\.0\.1:\d+/`)
	for !address.MatchString(book.String()) {
		select {
		case code := <-ended:
			t.Fatalf("ended with %d: %s", code, book.String())
		case <-time.After(10 * time.Millisecond):
		}
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Get(address.FindString(book.String()))
	if err != nil {
		t.Fatal(err)
	}
	checkPage(t, "/", readAll(t, res))
	stop()
	if code := <-ended; code != exitOK {
		t.Errorf("exit %d", code)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	goleak.VerifyNone(t, before)
}

// TestShownLetters: the HTML of a mail comes onto the page as words and shapes, nothing else.
func TestShownLetters(t *testing.T) {
	got := string(shown(`<html><head><style>p{}</style></head><body onload="x()"><p class="question" onclick="y()">a &lt;b&gt;<script>z()</script><img src=x><a href="http://x">l</a><br><b>c</b></p></body></html>`))
	if want := `<p class="question">a &lt;b&gt;l<br><b>c</b></p>`; got != want {
		t.Errorf("shown %s, want %s", got, want)
	}
}

// TestMarked tells the rep's lines from their program's.
func TestMarked(t *testing.T) {
	var b bytes.Buffer
	for _, l := range marked("yes, gladly\nand soon\n\nOn Monday whyloop wrote:\n> yes, gladly\n", "yes, gladly\nand soon") {
		if l.Read {
			b.WriteString(l.Text + "|")
		}
	}
	if got := b.String(); got != "yes, gladly|and soon|" {
		t.Errorf("marked %q", got)
	}
}
