package mailer

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"whyloop/mailer/mailtest"
)

// mailFrom is a mail with its author as its only body.
func mailFrom(from, body string) mailtest.Envelope {
	raw := fmt.Sprintf("From: Somebody <%s>\r\nTo: coach@demo.test\r\nSubject: Re: x\r\nMessage-ID: <%s@demo.test>\r\n\r\n%s\r\n", from, body, body)
	return mailtest.Envelope{From: from, To: []string{"coach@demo.test"}, User: from, Raw: []byte(raw)}
}

// lying are the bodies in a folder, sorted.
func lying(t testing.TB, r inRig, folder string) string {
	all := strings.Fields(bodiesIn(t, r.s, folder))
	slices.Sort(all)
	return strings.Join(all, " ")
}

// TestInboxForgetsWhoWasErased: what somebody wrote who was erased leaves the server, wherever it lies; what others wrote
// stays, be their address part of it, and so does what is not ours.
func TestInboxForgetsWhoWasErased(t *testing.T) {
	for _, c := range []struct {
		name         string
		o            mailtest.Options
		ic           InboxConfig
		inbox, moved string
		marked       string // in INBOX, \Deleted
	}{
		{"moved", mailtest.Options{}, InboxConfig{Processed: "Processed"}, "foreign-1 foreign-2", "mo xsam", ""},
		{"where they are", mailtest.Options{}, InboxConfig{}, "foreign-1 foreign-2 mo xsam", "none", ""},
		{"in a mailbox of many", mailtest.Options{}, InboxConfig{Shared: true}, "foreign-1 foreign-2 mo xsam", "none", ""},
		{"in a mailbox of many, moved", mailtest.Options{}, InboxConfig{Shared: true, Processed: "Processed"}, "foreign-1 foreign-2", "mo xsam", ""},
		{"without keywords", mailtest.Options{NoKeywords: true}, InboxConfig{}, "foreign-2 mo xsam", "none", ""},
		{"of many, without keywords", mailtest.Options{NoKeywords: true}, InboxConfig{Shared: true}, "foreign-1 foreign-2 mo one sam-2 xsam", "none", ""},
		{"of many, without keywords, moved", mailtest.Options{NoKeywords: true}, InboxConfig{Shared: true, Processed: "Processed"}, "foreign-1 foreign-2", "mo one sam-2 xsam", ""},
		{"without keywords, moved", mailtest.Options{NoKeywords: true}, InboxConfig{Processed: "Processed"}, "foreign-2", "mo xsam", ""},
		{"without UIDPLUS", mailtest.Options{NoMove: true, NoUIDPlus: true}, InboxConfig{}, "foreign-1 foreign-2 mo one sam-2 xsam", "none", "one sam-2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newInRig(t, c.o, c.ic)
			r.sync(t, 0)
			for _, m := range []mailtest.Envelope{mailFrom("sam@demo.test", "one"), mailFrom("SAM@demo.test", "sam-2"), mailFrom("mo@demo.test", "mo"),
				mailFrom("xsam@demo.test", "xsam"), mailFrom("sam@demo.test", "foreign-1"), mailFrom("mo@demo.test", "foreign-2")} {
				r.s.Deliver(m)
			}
			r.sync(t, 6)
			if got := lying(t, r, "INBOX") + lying(t, r, "Processed"); !strings.Contains(got, "sam-2") {
				t.Fatalf("before: %s", got)
			}
			r.l.departing = []string{"sam@demo.test"}
			r.sync(t, 0)
			if got := lying(t, r, "INBOX"); got != c.inbox {
				t.Errorf("INBOX holds %q, want %q", got, c.inbox)
			}
			if got := lying(t, r, "Processed"); got != c.moved {
				t.Errorf("Processed holds %q, want %q", got, c.moved)
			}
			mails, err := r.s.Mails("coach@demo.test", "INBOX")
			if err != nil {
				t.Fatal(err)
			}
			var marked []string
			for _, m := range mails {
				if _, body, _ := strings.Cut(string(m.Raw), "\r\n\r\n"); slices.ContainsFunc(m.Flags, func(f string) bool { return strings.EqualFold(f, `\deleted`) }) {
					marked = append(marked, strings.TrimSpace(body))
				}
			}
			if got := strings.Join(marked, " "); got != c.marked {
				t.Errorf("marked for deletion: %q", got)
			}
			if len(r.l.departing) != 0 {
				t.Errorf("still noted: %q", r.l.departing)
			}
			r.s.Deliver(mailFrom("mo@demo.test", "after"))
			r.sync(t, 1) // the main folder is still the one that is read
		})
	}
}

// TestInboxForgetsInTime: handled mail is deleted once its time is over, and what we did not handle never.
func TestInboxForgetsInTime(t *testing.T) {
	for _, c := range []struct {
		name         string
		o            mailtest.Options
		ic           InboxConfig
		inbox, moved string
	}{
		{"moved, without keywords", mailtest.Options{NoKeywords: true}, InboxConfig{Processed: "Processed", Keep: 30 * 24 * time.Hour}, "foreign", ""},
		{"where it is, without keywords", mailtest.Options{NoKeywords: true}, InboxConfig{Keep: 30 * 24 * time.Hour}, "foreign one", "none"},
		{"of many, without keywords", mailtest.Options{NoKeywords: true}, InboxConfig{Processed: "Processed", Shared: true, Keep: 30 * 24 * time.Hour}, "foreign", "one"},
		{"moved", mailtest.Options{}, InboxConfig{Processed: "Processed", Keep: 30 * 24 * time.Hour}, "foreign", ""},
		{"where it is", mailtest.Options{}, InboxConfig{Keep: 30 * 24 * time.Hour}, "foreign", "none"},
		{"never", mailtest.Options{}, InboxConfig{Processed: "Processed"}, "foreign", "one"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newInRig(t, c.o, c.ic)
			now := time.Now() // the server's
			r.i.now = func() time.Time { return now }
			r.sync(t, 0)
			r.s.Deliver(mailFrom("sam@demo.test", "one"))
			r.s.Deliver(mailFrom("sam@demo.test", "foreign"))
			r.sync(t, 2)
			all := lying(t, r, "INBOX") + lying(t, r, "Processed")
			now = now.AddDate(0, 0, 29)
			r.sync(t, 0)
			if got := lying(t, r, "INBOX") + lying(t, r, "Processed"); got != all {
				t.Errorf("after 29 days: %q, before %q", got, all)
			}
			now = now.AddDate(0, 0, 3)
			r.sync(t, 0)
			if got := lying(t, r, "INBOX"); got != c.inbox {
				t.Errorf("INBOX holds %q", got)
			}
			if got := lying(t, r, "Processed"); got != c.moved {
				t.Errorf("Processed holds %q", got)
			}
		})
	}
}

// TestInboxForgetsAfterAFault: whatever the server does meanwhile, in the end it is gone, and the mailbox is read on.
func TestInboxForgetsAfterAFault(t *testing.T) {
	for _, step := range []string{"SELECT", "UID SEARCH", "UID FETCH", "UID STORE", "UID EXPUNGE"} {
		for name, f := range map[string]mailtest.Fault{"no": {Reply: "NO later"}, "close": {Close: true}, "stall": {Stall: true}} {
			t.Run(step+"/"+name, func(t *testing.T) {
				t.Parallel()
				r := newInRig(t, mailtest.Options{}, InboxConfig{})
				r.sync(t, 0)
				r.s.Deliver(mailFrom("sam@demo.test", "one"))
				r.sync(t, 1)
				r.l.departing = []string{"sam@demo.test"}
				faults := 1
				r.s.HookIMAP(func(s mailtest.Step) mailtest.Fault {
					if s.Name == step && faults > 0 {
						faults--
						return f
					}
					return mailtest.Fault{}
				})
				for range 3 {
					_, _ = r.i.Sync(context10(t)) // it may fail: what counts is the end
				}
				if got := lying(t, r, "INBOX"); got != "" || faults != 0 {
					t.Errorf("INBOX holds %q, %d faults left", got, faults)
				}
			})
		}
	}
}

// TestInboxForgetsNoNews: a mail that comes while old ones are deleted is looked for at once, not at the next poll, also
// where the server refuses the search. Nothing new, and nothing rings.
func TestInboxForgetsNoNews(t *testing.T) {
	for _, c := range []struct {
		name           string
		comes, refused bool
	}{{"comes", true, false}, {"comes, refused", true, true}, {"nothing", false, false}, {"nothing, refused", false, true}} {
		t.Run(c.name, func(t *testing.T) {
			r := newInRig(t, mailtest.Options{}, InboxConfig{Keep: time.Hour})
			r.s.HookIMAP(func(s mailtest.Step) mailtest.Fault {
				if s.Name != "UID SEARCH" || !strings.Contains(s.Line, "BEFORE") {
					return mailtest.Fault{}
				}
				if c.comes {
					r.s.Deliver(mailFrom("sam@demo.test", "meanwhile"))
				}
				if c.refused {
					return mailtest.Fault{Reply: "NO not now"}
				}
				return mailtest.Fault{}
			})
			r.sync(t, 0)
			r.s.HookIMAP(nil)
			select {
			case <-r.i.open.changed:
				if !c.comes {
					t.Error("it looks again for nothing")
				}
			default:
				if c.comes {
					t.Error("the mail waits for the poll")
				}
			}
			want := 0
			if c.comes {
				want = 1
			}
			r.sync(t, want)
		})
	}
}
