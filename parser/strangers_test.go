package parser

import (
	stdcmp "cmp"
	"encoding/base64"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
)

// strangersMissed are the cases of testdata/strangers that are read wrongly, with the reason. All others are read exactly.
var strangersMissed = map[string]string{
	"plain own: greater than as a sign":        "a line marked with \">\" below words, and no other quote in the mail: it may as well be the question they answer",
	"plain own: arrows":                        "likewise",
	"plain ja trap, dates of one's own":        "likewise",
	"plain en ibm verse":                       "a name alone may be an answer: it goes where the writer's name is known, as the daemon knows it",
	"plain en calendly":                        "a first name above a link may be what they were asked for: likewise",
	"plain third sig inverted order":           "a name and a firm above the footer of a telephone may be whom they were asked for",
	"plain third notes internet header":        "a header drawn with columns of blanks, as Notes did twenty years ago",
	"plain en notes, pipe table of the header": "a header drawn as a table of characters, as Notes did twenty years ago",
}

func TestStrangers(t *testing.T) {
	cases := strangers(t)
	seen, good := map[string]bool{}, 0
	for _, c := range cases {
		if seen[c.name] {
			t.Errorf("%s: two cases of that name", c.name)
		}
		seen[c.name] = true
		want, got := plainly(c.want), plainly(readAs(c.kind, c.in))
		right := cmp.Equal(want, got)
		good += b2i(right)
		if _, known := strangersMissed[c.name]; right == known {
			t.Errorf("%s: read exactly: %v, and listed as missed: %v\n%s", c.name, right, known, cmp.Diff(want, got))
		}
	}
	if len(cases) < 1800 || good*100 < len(cases)*99 {
		t.Errorf("%d of %d read exactly, 99 %% were", good, len(cases))
	}
	for name := range strangersMissed {
		if !seen[name] {
			t.Errorf("no case %q", name)
		}
	}
	t.Logf("%d of %d read exactly", good, len(cases))
}

// TestStrangersDressedOtherwise reads each plain body as other programs would send it: nothing changes.
func TestStrangersDressedOtherwise(t *testing.T) {
	for _, c := range strangers(t) {
		if c.kind != "plain" {
			continue
		}
		body := string(c.in)
		want := plainly(readAs("plain", c.in))
		same := func(dress, kind, in string) {
			if got := plainly(readAs(kind, []byte(in))); !cmp.Equal(want, got) {
				t.Errorf("%s, %s: %s", c.name, dress, cmp.Diff(want, got))
			}
		}
		same("CRLF", "plain", strings.ReplaceAll(body, "\n", "\r\n"))
		same("blanks", "plain", "\n\n"+strings.ReplaceAll(body, "\n", "  \n"))
		safe := html.EscapeString(body)
		same("<br>", "html", "<html><body>"+strings.ReplaceAll(safe, "\n", "<br>\n")+"</body></html>")
		same("<pre>", "html", "<pre>"+safe+"</pre>")
		var divs, paragraphs strings.Builder
		for _, l := range strings.Split(safe, "\n") {
			divs.WriteString("<div>" + stdcmp.Or(l, "<br>") + "</div>")
			paragraphs.WriteString(`<p class="MsoNormal">` + stdcmp.Or(l, "<o:p>&nbsp;</o:p>") + "</p>")
		}
		same("<div>", "html", divs.String())
		same("<p>", "html", `<div class="WordSection1">`+paragraphs.String()+"</div>")
	}
}

// stranger is one case of testdata/strangers; the README there tells its form.
type stranger struct {
	kind, name, want string
	in               []byte
}

func strangers(t *testing.T) []stranger {
	t.Helper()
	files, _ := filepath.Glob("testdata/strangers/*.txt")
	var out []stranger
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range strings.Split("\n"+string(raw), "\n%% ")[1:] {
			head, body, _ := strings.Cut(c, "\n")
			kind, _, _ := strings.Cut(head, " ")
			in, want, ok := strings.Cut("\n"+body, "\n%%")
			if !ok {
				t.Fatalf("%s: %s expects nothing", f, head)
			}
			out = append(out, stranger{kind, head, want, encodeParts(t, strings.TrimPrefix(in, "\n")+"\n")})
		}
	}
	return out
}

var base64Part = regexp.MustCompile(`(?s)%base64 (\S+)\n(.*?)%end\n`)

// encodeParts puts the marked parts of a mail into their charset and base64.
func encodeParts(t *testing.T, mail string) []byte {
	t.Helper()
	return []byte(base64Part.ReplaceAllStringFunc(mail, func(part string) string {
		m := base64Part.FindStringSubmatch(part)
		enc := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
		if m[1] != "utf-16" {
			var err error
			if enc, err = htmlindex.Get(m[1]); err != nil {
				t.Fatal(m[1], err)
			}
		}
		raw, err := enc.NewEncoder().String(m[2])
		if err != nil {
			t.Fatal(m[1], err)
		}
		return base64.StdEncoding.EncodeToString([]byte(raw)) + "\n"
	}))
}

// plainly is what of a text matters here: its words line by line, whatever the blanks and marks of lists.
func plainly(s string) []string {
	var out []string
	for _, l := range strings.Split(s, "\n") {
		if l = strings.Join(strings.Fields(l), " "); l != "" {
			out = append(out, l)
		}
	}
	return out
}
