package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// shots is the folder for screenshots: WHYLOOP_SHOTS=/tmp/shots go test -run Chromium ./cmd/whyloop
func shots() string { return os.Getenv("WHYLOOP_SHOTS") }

// chromium starts a browser of the test's own, or skips where there is none.
func chromium(t *testing.T) context.Context {
	t.Helper()
	var path string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			path = p
			break
		}
	}
	if path == "" {
		t.Skip("no Chromium on this machine: the pages are not tried in a browser (Debian: apt-get install chromium)")
	}
	if testing.Short() {
		t.Skip("a browser takes some seconds: not with -short")
	}
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()),
		chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.Flag("disable-quic", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true))
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Skipf("Chromium does not start here: %v", err)
	}
	ctx, cancel = context.WithTimeout(ctx, 4*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// looks are the screens that are looked at.
func looks() []look {
	return []look{{"desktop-light", 1280, 900, "light"}, {"desktop-dark", 1280, 900, "dark"}, {"phone-light", 390, 844, "light"}, {"phone-dark", 390, 844, "dark"}}
}

type look struct {
	name          string
	width, height int64
	scheme        string
}

// set gives the browser this look.
func (l look) set(t *testing.T, ctx context.Context) {
	t.Helper()
	_, err := chromedp.Call(ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: l.width, Height: l.height, DeviceScaleFactor: 1, Mobile: l.width < 600})
	if err == nil {
		_, err = chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: l.scheme}}})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// shoot writes what is seen in each look, where it was asked for, and checks that nothing runs out of the
// screen's width in any.
func shoot(ctx context.Context, t *testing.T, name string, whole bool) {
	t.Helper()
	for _, l := range looks() {
		l.set(t, ctx)
		if get[bool](t, ctx, `document.documentElement.scrollWidth > document.documentElement.clientWidth`) {
			t.Errorf("%s, %s: wider than the screen", name, l.name)
		}
		if shots() == "" {
			continue
		}
		png, err := chromedp.Call(ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{CaptureBeyondViewport: &whole})
		if err == nil {
			err = os.WriteFile(filepath.Join(shots(), name+"-"+l.name+".png"), png.Data, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	looks()[0].set(t, ctx)
}

// element writes what one element looks like, where screenshots were asked for.
func element(ctx context.Context, t *testing.T, name, selector string) {
	t.Helper()
	if shots() == "" {
		return
	}
	png, err := chromedp.Run(ctx, chromedp.Screenshot(chromedp.CSS(selector)))
	if err == nil {
		err = os.WriteFile(filepath.Join(shots(), name+".png"), png, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// get evaluates a script's expression.
func get[T any](t *testing.T, ctx context.Context, expression string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return v
}

func browse(t *testing.T, ctx context.Context, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, actions...); err != nil {
		t.Fatal(err)
	}
}

// press clicks what sends a form, and waits for the page that follows.
func press(t *testing.T, ctx context.Context, selector string) {
	t.Helper()
	loads(t, ctx, chromedp.Click(chromedp.CSS(selector)))
}

// loads does what makes another page load, and waits for it.
func loads(t *testing.T, ctx context.Context, do chromedp.Action[chromedp.Void]) {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, 2*stuckAfter)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, do); err != nil {
		t.Fatalf("no page followed: %v; it showed\n%s", err, textOf(t, context.WithoutCancel(ctx), "body"))
	}
}

func has(t *testing.T, ctx context.Context, selector string) bool {
	t.Helper()
	return get[bool](t, ctx, fmt.Sprintf("!!document.querySelector(%q)", selector))
}

func textOf(t *testing.T, ctx context.Context, selector string) string {
	t.Helper()
	return get[string](t, ctx, fmt.Sprintf("document.querySelector(%q).innerText", selector))
}

// TestNewcomerInChromium: someone who only does what the page says next gets to a confirmed why, and
// to the manager's summary, in which nothing of the ladder stands.
func TestNewcomerInChromium(t *testing.T) {
	ctx := chromium(t)
	s := openPlayground(t)
	looks()[0].set(t, ctx)
	browse(t, ctx, chromedp.Navigate(s.url+"/"))
	shoot(ctx, t, "1-first", false)
	if got := textOf(t, ctx, "#mail"); !strings.Contains(got, "Would you like to try?") {
		t.Fatalf("the first letter is\n%s", got)
	}
	began, turns, asked := time.Now(), 0, ""
	for ; !has(t, ctx, `a[href^="/?open=m"]`); turns++ {
		if turns > 20 {
			t.Fatalf("after %d turns no summary; now: %s", turns, textOf(t, ctx, "#now"))
		}
		question := textOf(t, ctx, "#mail")
		switch {
		case strings.Contains(question, "Is this your why") && asked == "":
			asked = question
			shoot(ctx, t, "2-confirm", false)
			get[chromedp.Void](t, ctx, `scrollTo(0, 0)`)
			shoot(ctx, t, "playground", false)
			browse(t, ctx, chromedp.SendKeys(chromedp.CSS("#text"), "yes, that's it"), chromedp.Click(chromedp.CSS(`input[value="iPhone"] + span`)))
			press(t, ctx, ".send button")
		case has(t, ctx, ".example button"):
			press(t, ctx, ".example button")
		default:
			press(t, ctx, ".guide button")
		}
	}
	t.Logf("from the page to the manager's summary: %d turns, %.1f s", turns, time.Since(began).Seconds())
	if !strings.Contains(asked, "there for my kids") {
		t.Errorf("the why offered was\n%s", asked)
	}
	if got := textOf(t, ctx, ".why"); !strings.Contains(got, "kids") {
		t.Errorf("the why confirmed is %q", got)
	}
	shoot(ctx, t, "3-summary-sent", true)
	press(t, ctx, `a[href^="/?open=m"]`)
	shoot(ctx, t, "4-summary", false)
	element(ctx, t, "letter-summary", "#mail")
	got := textOf(t, ctx, "#mail")
	if !strings.Contains(got, "Call Priya at Acme") || !strings.Contains(got, "Dana <dana@example.com>") {
		t.Errorf("the summary is\n%s", got)
	}
	press(t, ctx, `a[href^="/?open=s1"]`)
	if read, passed := has(t, ctx, ".sent mark"), has(t, ctx, ".passed"); !read || !passed {
		t.Errorf("the reply as it was sent: words marked %v, the rest %v", read, passed)
	}
	shoot(ctx, t, "7-sent", false)
	for _, private := range []string{"kids", "loan", "20 deals", "commission"} {
		if strings.Contains(got, private) {
			t.Errorf("Dana can read %q", private)
		}
	}
}

// TestKeyboardInChromium: without a mouse one gets past the header to what is next, answers, and is
// told what came.
func TestKeyboardInChromium(t *testing.T) {
	ctx := chromium(t)
	s := openPlayground(t)
	looks()[0].set(t, ctx)
	browse(t, ctx, chromedp.Navigate(s.url+"/"), chromedp.KeyEvent(kb.Tab))
	if got := focused(t, ctx); got != "Skip to what is next" {
		t.Errorf("the first stop is %q", got)
	}
	if top := get[float64](t, ctx, `document.activeElement.getBoundingClientRect().top`); top < 0 {
		t.Error("the skip link cannot be seen")
	}
	browse(t, ctx, chromedp.KeyEvent(kb.Enter), chromedp.KeyEvent(kb.Tab))
	if got := focused(t, ctx); got != "Send this" {
		t.Errorf("after the skip link comes %q", got)
	}
	if width := get[string](t, ctx, `getComputedStyle(document.activeElement).outlineWidth`); width != "3px" {
		t.Errorf("the focus is drawn %s wide", width)
	}
	loads(t, ctx, chromedp.KeyEvent(kb.Enter))
	heard, err := chromedp.Run(ctx, chromedp.Poll[bool](`document.getElementById("news").textContent === "1 new letter for Sam."`))
	if err != nil || !heard {
		t.Errorf("nothing was announced: %v", err)
	}
	browse(t, ctx, chromedp.Focus(chromedp.CSS("#text")), chromedp.KeyEvent("Spend more time outside"))
	loads(t, ctx, chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(kb.ModifierCtrl)))
	if got := textOf(t, ctx, "#mail"); !strings.Contains(got, "You said: “Spend more time outside”.") {
		t.Errorf("the next letter is\n%s", got)
	}
	if faults := get[[]string](t, ctx, small); len(faults) > 0 {
		t.Errorf("too small to be touched: %q", faults)
	}
}

// small lists what can be pressed and is less than 24 pixels in a direction (WCAG 2.2, 2.5.8), but for
// links within a sentence.
const small = `[...document.querySelectorAll("button, nav a, .rows a, .pill")].filter(e => { const r = e.getBoundingClientRect(); return r.width > 0 && Math.min(r.width, r.height) < 24 }).map(e => e.textContent)`

func focused(t *testing.T, ctx context.Context) string {
	t.Helper()
	return get[string](t, ctx, `document.activeElement.textContent`)
}

// TestWithoutScriptInChromium: the page needs none.
func TestWithoutScriptInChromium(t *testing.T) {
	ctx := chromium(t)
	s := openPlayground(t)
	looks()[2].set(t, ctx)
	if _, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	browse(t, ctx, chromedp.Navigate(s.url+"/"))
	press(t, ctx, ".example button")
	page, err := chromedp.Run(ctx, chromedp.OuterHTML(chromedp.CSS("html")))
	if err != nil || !strings.Contains(page, "What’s one goal") || !strings.Contains(page, "1 new letter for Sam.") {
		t.Errorf("%v\n%s", err, page)
	}
}

// TestGalleryInChromium: the letters fit each screen, and each frame shows its whole letter.
func TestGalleryInChromium(t *testing.T) {
	ctx := chromium(t)
	v := openGallery(t, "")
	looks()[0].set(t, ctx)
	browse(t, ctx, chromedp.Navigate(v.url+"/letter?lang=en&name=confirm"))
	if _, err := chromedp.Run(ctx, chromedp.Poll[bool](`[...document.querySelectorAll("iframe")].every(f => f.offsetHeight >= f.contentDocument.documentElement.scrollHeight)`)); err != nil {
		t.Errorf("a letter is cut off: %v", err)
	}
	shoot(ctx, t, "5-letter", true)
	element(ctx, t, "letter-confirm", ".frames .desktop iframe")
	browse(t, ctx, chromedp.Navigate(v.url+"/?lang=de&width=desktop&scheme=dark"))
	shoot(ctx, t, "6-letters", false)
}
